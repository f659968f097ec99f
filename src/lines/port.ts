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
   * `gather`, and in the same step reserves what the request costs when it is allowed, so that a decision needs one
   * round trip. The state is without that. What follows with the same query object says what becomes of it: `charge`
   * keeps it (and gives back what the demand leaves out), `count` and `release` give it back. A store may choose not to
   * reserve; then `charge` does.
   */
  gatherAndReserve?(query: Query, priceMicroUsd: number, now: number): Maybe<Gathered>
  /** The request is not sent: what `gatherAndReserve` reserved for it is given back, behind the caller's back. */
  release?(query: Query): void
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
  /**
   * A settlement that another gateway has made on the shared lines. It matters only to a store that decides on its own
   * lines while the shared ones are lost: what it charged there may be settled anywhere.
   */
  followed?(settlement: Settlement, now: number): void
  close(): Maybe<void>
}

/**
 * A store outside this process, which gateways share and which may come back without what was in it (flushed, restarted
 * without its file, failed over to a replica that had nothing). A mark on every shard tells: whoever finds it missing
 * has the lines rebuilt from the ledger, for an empty store would give every range its opening credit again.
 */
export interface SharedLineStore extends LineStore {
  /** False when it does not answer; for readiness. */
  healthy(): Promise<boolean>
  /** Whether every shard has the mark of `found`. Rejects when a shard does not answer. */
  intact(): Promise<boolean>
  /** Forgets all lines and counters of this installation, the mark with them: what is rebuilt is not counted twice. */
  forget(): Promise<void>
  /** Leaves the mark on every shard: from here on the store counts as whole. */
  found(): Promise<void>
}
