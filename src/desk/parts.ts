import type { Leader } from '../cluster/leader.js'
import type { Roster } from '../cluster/roster.js'
import type { Ledger } from '../ledger/port.js'
import type { NetworkOptions } from '../network/source.js'
import type { PriceTable } from '../phone/prices.js'
import type { Sender } from '../send/port.js'
import type { Conditions } from '../verify/conditions.js'
import type { NumbersAtRest } from '../verify/number-keys.js'
import type { Gate } from '../verify/types.js'
import type { AccessOptions } from './access/options.js'
import type { Live } from './live.js'

/** What the operators' desk is made of. */
export interface DeskParts {
  gate: Gate
  ledger: Ledger
  sender: Sender
  live: Live
  /** whether this gateway does what is done once in its cluster. @default always */
  leader?: Leader
  /** Unix ms */
  clock: () => number
  /** cryptographically secure random bytes */
  random: (bytes: number) => Buffer
  prices: PriceTable
  /** how addresses are looked up; the installed databases when absent */
  network?: NetworkOptions
  /** 32 bytes out of the server key; derive one for each use (HKDF) */
  deskKey: Buffer
  deployment: Deployment
  /** how people sign in @default passkeys, sessions of 12 hours, 30 minutes unused */
  signIn?: AccessOptions
  /** how everything is that this gateway depends on. @default nothing is known */
  conditions?: Conditions
  /** failures that nobody waits for */
  warn: (error: Error) => void
}

/** How this gateway is run, as far as the console shows it or depends on it. No secrets. */
export interface Deployment {
  version: string
  /** origin under which people reach the console, without a slash at its end; `null`: that of the request */
  publicUrl: string | null
  /** the policy file, when there is one: it is the source, and publishing writes it */
  policyFile: string | null
  configFile: string | null
  data: string
  providers: { name: string; type: string; receipts: boolean }[]
  numbers: NumbersAtRest
  trustProxies: string[]
  retention: { requestsMs: number; verificationsMs: number }
  /** sinks of alerts may be in private networks and without TLS @default false */
  allowPrivateSinks?: boolean
  /** USD for one unit of a currency, for prices that vendors publish @default none */
  rates?: Readonly<Record<string, number>>
  /** the gateways that share its stores @default it is the only one */
  roster?: () => Roster & { configured: number }
  /** traffic is simulated and no message leaves */
  simulation: boolean
}
