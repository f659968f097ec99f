import type { ConsoleRoutes } from './routes.js'

export const signIn: ConsoleRoutes = (_app, _wiring) => undefined
