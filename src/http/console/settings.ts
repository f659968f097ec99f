import type { ConsoleRoutes } from './routes.js'

export const settings: ConsoleRoutes = (_app, _wiring) => undefined
