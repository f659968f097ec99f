import type {
  FastifyBaseLogger,
  FastifyInstance,
  onRequestHookHandler,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Ledger } from '../ledger/port.js'
import type { Sender } from '../send/port.js'
import type { Conditions } from '../verify/conditions.js'
import type { Gate } from '../verify/types.js'
import type { Allow } from './access.js'
import type { Scope } from './keys.js'
import type { Metrics } from './metrics.js'
import type { TypeBoxProvider } from './schema.js'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxProvider
>

/** What the routes are made of. */
export interface Wiring {
  gate: Gate
  ledger: Ledger
  sender: Sender
  metrics: Metrics
  /** how everything is that this gateway depends on */
  conditions: Conditions
  clock: () => number
  random: (bytes: number) => Buffer
  publicUrl: string | undefined
  /** lets in keys with a scope */
  guard: (scope: Scope) => onRequestHookHandler
  /** lets in users of the console with a role, and keys with the scope admin */
  allow: Allow
  /** when a key was last used on this process, Unix ms */
  keyLastUse: (keyId: string) => number | null
}

/** The routes of one resource. */
export type Routes = (app: App, wiring: Wiring) => void
