import type { ConsoleRoutes } from './routes.js'

export const overview: ConsoleRoutes = (_app, _wiring) => undefined
