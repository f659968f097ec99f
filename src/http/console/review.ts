import type { ConsoleRoutes } from './routes.js'

export const review: ConsoleRoutes = (_app, _wiring) => undefined
