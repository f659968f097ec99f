import type { TrafficRow } from '../traffic.js'

/** A request with what nobody but the laboratory knows of it. */
export interface LabelledRow {
  row: TrafficRow
  label: 'legit' | 'attack'
  /** name of the attack; `null` for people */
  campaign: string | null
}

/** What the one who asked could see of the answer: a message went out, a challenge was asked for, nothing came. */
export type Seen = 'sent' | 'challenged' | 'refused'

/**
 * Somebody who asks for codes: people of a platform, or an attacker. Deterministic from its seed. Rows come in time
 * order; the laboratory merges the actors of a scenario.
 */
export interface Actor {
  /** Time of the next request, Unix ms; `Infinity` when there is none. */
  nextAt(): number
  /** The request that is due at `nextAt()`; moves on to the next one. */
  ask(): LabelledRow
  /** How the request was answered, told before the next one is made. Adaptive attackers move on what is refused. */
  told?(row: TrafficRow, seen: Seen): void
}
