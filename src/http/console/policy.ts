import type { ConsoleRoutes } from './routes.js'

export const policy: ConsoleRoutes = (_app, _wiring) => undefined
