import type { Facts } from '../engine/facts.js'
import type { Maybe } from '../lines/port.js'
import type { Potential, TrafficRow } from './traffic.js'

/** A rule set on trial: Tollgate, or the published rules of somebody else, on the same requests and outcomes. */
export interface Contender {
  /** as it stands in tables, e.g. `aws-sample` */
  name: string
  /** Decides on a request at its own time and books it as sent where it goes out. `solved`: its challenge was passed. */
  decide(row: TrafficRow, facts: Facts, solved: boolean): Maybe<ContenderVerdict>
  /**
   * What became of a message it sent. `matured`: not verified when it had come of age. In time order with `decide`;
   * a message that failed or matured can still be verified later.
   */
  outcome(row: TrafficRow, facts: Facts, what: Outcome, at: number): Maybe<void>
  /** When it first called what it sees an attack, Unix ms; absent where the rules name none. */
  incidentAt?(): number | null
}

export type Outcome = 'verified' | 'failed' | 'matured'

export interface ContenderVerdict {
  verdict: 'allow' | 'challenge' | 'deny'
  /** rules that spoke against it, in the words of their source */
  reasons: readonly string[]
  /** 0 to 100: how likely it holds the request to be pumped; absent where the rules give no such figure */
  score?: number
  /** what a challenge asks for @default 'pow' */
  proof?: keyof Potential['solves']
  /** age at which the message counts as matured if it is not verified, ms @default two minutes */
  maturityMs?: number
}

/** Nothing spoke against it. Shared: a verdict is never changed. */
export const ALLOWED: ContenderVerdict = Object.freeze({ verdict: 'allow', reasons: [] })
