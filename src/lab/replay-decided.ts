import type { NumberFacts } from '../engine/facts.js'
import type { ReplayedDecision, TrafficRow } from './traffic.js'

/** One line of the decisions file, by whichever rules. */
export interface RowDecision extends Omit<ReplayedDecision, 'score'> {
  /** 0 to 100; `null` where the rules give no such figure */
  score: number | null
}

/** What became of one row. */
export interface Decided {
  decision: RowDecision
  priceMicroUsd: number
  number: NumberFacts
}

/** Rules that a file of traffic is run through. */
export interface Decider {
  /** @returns `null` when the row was skipped: its first try had been verified */
  decide(row: TrafficRow): Promise<Decided | null>
  /** What is still in flight comes to its end. */
  finish(): Promise<void>
}

export const wasRepeated = (
  { retryOf }: TrafficRow,
  outcomes: { wasVerified(id: string): boolean },
): boolean => retryOf !== null && retryOf !== undefined && outcomes.wasVerified(retryOf)
