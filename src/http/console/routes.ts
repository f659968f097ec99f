import type { Desk } from '../../desk/desk.js'
import type { App, Wiring } from '../wiring.js'

/** What the console's routes are made of. */
export interface ConsoleWiring extends Wiring {
  desk: Desk
}

/** The console's routes of one page. */
export type ConsoleRoutes = (app: App, wiring: ConsoleWiring) => void
