import type { ConsoleRoutes } from './routes.js'

export const users: ConsoleRoutes = (_app, _wiring) => undefined
