import type { App, Wiring } from '../wiring.js'
import type { Directory } from './directory.js'

/** What the routes of the compatible API work with. */
export type TwilioWiring = Wiring & { directory: Directory }
export type TwilioRoutes = (app: App, wiring: TwilioWiring) => void
