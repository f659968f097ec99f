import type { ConsoleRoutes } from './routes.js'

export const live: ConsoleRoutes = (_app, _wiring) => undefined
