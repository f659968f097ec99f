import type { ConsoleRoutes } from './routes.js'

export const ranges: ConsoleRoutes = (_app, _wiring) => undefined
