import type { Demand, Gathered, Query, Settlement } from '../engine/state.js'

/** A value that an embedded store has at once and a remote store has later. */
export type Maybe<T> = T | Promise<T>

/**
 * The store of the engine's state: lines of credit, window counters, distinct counts, spend and numbers verified
 * before. Few verbs, no check-then-act. Time is always passed in; it never comes from the store's host, and a step
 * backwards decays nothing. Every adapter passes `test/conformance/lines.ts`.
 */
export interface LineStore {
  /** All state of one request in one batched read, decayed to `now` (Unix ms). */
  gather(query: Query, now: number): Maybe<Gathered>
  /**
   * Adds the demand to every line, window and count in one atomic step, unless a line's reserved amount would pass
   * its ceiling (somebody else took the headroom since it was read): then nothing is charged and `false` is returned.
   */
  charge(query: Query, demand: Demand, now: number): Maybe<boolean>
  /**
   * Counts a request that was refused, for the signals: what a range and a source are asked for says more than what
   * they got. Lines, rate limits and spend are not touched.
   */
  count(query: Query, now: number): Maybe<void>
  /** Moves what one charge reserved to earned or lost, or gives it back. Idempotence is the caller's (the ledger's). */
  settle(settlement: Settlement, now: number): Maybe<void>
  close(): Maybe<void>
}
