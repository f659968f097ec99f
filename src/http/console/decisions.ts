import type { ConsoleRoutes } from './routes.js'

export const decisions: ConsoleRoutes = (_app, _wiring) => undefined
