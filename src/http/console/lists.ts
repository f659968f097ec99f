import type { ConsoleRoutes } from './routes.js'

export const lists: ConsoleRoutes = (_app, _wiring) => undefined
