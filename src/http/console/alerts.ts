import type { ConsoleRoutes } from './routes.js'

export const alerts: ConsoleRoutes = (_app, _wiring) => undefined
