import type { ConsoleRoutes } from './routes.js'

export const reports: ConsoleRoutes = (_app, _wiring) => undefined
