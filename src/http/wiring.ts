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
import type { Gate } from '../verify/types.js'
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
  clock: () => number
  random: (bytes: number) => Buffer
  publicUrl: string | undefined
  /** lets in keys with a scope */
  guard: (scope: Scope) => onRequestHookHandler
}

/** The routes of one resource. */
export type Routes = (app: App, wiring: Wiring) => void
