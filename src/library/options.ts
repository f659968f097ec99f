import type { Mode } from '../engine/decision.js'
import type { Policy } from '../engine/policy.js'
import type { MemoryOptions } from '../lines/memory/memory.js'
import type { NetworkOptions } from '../network/source.js'
import type { PriceTable } from '../phone/prices.js'
import type { Provider } from '../send/port.js'
import type { UpkeepOptions } from '../verify/keep-up.js'
import { checked } from './check-arguments.js'
import type { SendFunction } from './function-provider.js'

/** The embedded store of lines of credit, made by {@link memory}. */
export interface MemoryStore extends MemoryOptions {
  readonly store: 'memory'
}

/**
 * Lines of credit in this process: for one process that decides alone.
 * @example
 * const gate = await createGate({ lines: memory({ capacity: 1_000_000 }) })
 */
export const memory = checked(
  'memory',
  { options: { is: 'object', optional: true } },
  (options: MemoryOptions = {}): MemoryStore => ({ ...options, store: 'memory' }),
)

/** A policy as its file says it: `{ version: 1, mode: 'enforce', services: { signup: { markets: ['NG'] } } }`. */
export interface PolicyObject {
  version: 1
  mode?: Mode
  [setting: string]: unknown
}

export interface CreateGateOptions {
  /**
   * The policy: YAML text, a YAML file, an object in the file's words, or the engine's own complete {@link Policy}.
   * @default monitor: everything is recorded, nothing is refused but numbers no message can go to, any service name is
   * accepted
   */
  policy?: string | { file: string } | PolicyObject | Policy
  /** who decides with whom. @default memory() */
  lines?: MemoryStore
  /**
   * Directory for ledger, snapshot of the lines and server key: then a restart, and a kill -9, hand nobody fresh
   * credit. For one process alone; needs the optional package better-sqlite3.
   */
  data?: string
  /** @default SQLite in `data`; without it in memory, bounded, and gone with the process */
  ledger?: 'memory' | { sqlite: string }
  /** phone numbers at rest: in clear, as keyed hashes, or encrypted under keys that can be changed. @default 'clear' */
  numbers?: 'clear' | 'hashed' | 'encrypted'
  /** file of the keys of encrypted numbers. @default number.keys in `data`, made on first use */
  numberKeys?: string
  /**
   * Who sends: providers in order of preference, or a function of your own.
   * @default the console: for development, prints the code and sends nothing
   */
  send?: Provider | readonly Provider[] | SendFunction
  /** where providers should post their receipts, by name of the provider */
  receiptUrl?: (provider: string) => string | undefined
  /** your provider's prices, or the path of its file. @default example prices, which are no provider's */
  prices?: PriceTable | string
  network?: NetworkOptions
  /** country that national spellings are read in, ISO 3166 alpha-2 */
  defaultCountry?: string
  /**
   * Server key, at least 32 random bytes: codes, challenges and hashed numbers hang on it. @default the one in `data`,
   * made on first use; without `data` one for this process
   */
  secret?: Buffer
  /** Unix ms. @default Date.now */
  clock?: () => number
  /** cryptographically secure random bytes. @default node:crypto */
  random?: (bytes: number) => Buffer
  /** work by the clock (maturity, expiry, snapshot, retention); `false`: you call `tick()` and `save()` */
  upkeep?: UpkeepOptions | false
  /** `true`: spans by whatever OpenTelemetry SDK your process has registered. @default false */
  tracing?: boolean
  /** failures of upkeep and of late records, which no caller waits for. @default process.emitWarning */
  onError?: (error: Error) => void
}
