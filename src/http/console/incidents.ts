import type { ConsoleRoutes } from './routes.js'

export const incidents: ConsoleRoutes = (_app, _wiring) => undefined
