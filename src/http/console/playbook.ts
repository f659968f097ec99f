import type { ConsoleRoutes } from './routes.js'

export const playbook: ConsoleRoutes = (_app, _wiring) => undefined
