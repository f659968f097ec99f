import type { ConsoleRoutes } from './routes.js'

export const checklist: ConsoleRoutes = (_app, _wiring) => undefined
