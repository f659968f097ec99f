import type { Facts } from '../engine/facts.js'
import type { TrafficRow } from './traffic.js'

/** A rule set on trial: Tollgate, or the published rules of somebody else, on the same requests and outcomes. */
export interface Contender {
  /** as it stands in tables, e.g. `aws-sample` */
  name: string
  /** Decides on a request at its own time and books it as sent where it goes out. `solved`: its challenge was passed. */
  decide(row: TrafficRow, facts: Facts, solved: boolean): ContenderVerdict
  /** What became of a message it sent. `matured`: not verified within two minutes. In time order with `decide`. */
  outcome(row: TrafficRow, facts: Facts, what: 'verified' | 'failed' | 'matured', at: number): void
}

export interface ContenderVerdict {
  verdict: 'allow' | 'challenge' | 'deny'
  /** rules that spoke against it, in the words of their source */
  reasons: readonly string[]
}
