import type { ConsoleRoutes } from './routes.js'

export const money: ConsoleRoutes = (_app, _wiring) => undefined
