import type { ConsoleRoutes } from './routes.js'

export const sources: ConsoleRoutes = (_app, _wiring) => undefined
