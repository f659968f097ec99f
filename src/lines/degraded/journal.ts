import { LINES } from '../../engine/policy.js'
import {
  type Demand,
  type Move,
  NO_SPEND_CEILINGS,
  type Query,
  type Settlement,
} from '../../engine/state.js'
import type { LineStore } from '../port.js'

/** What happened to lines while their store was lost, at its own time. */
export type Entry =
  | { what: 'charge'; query: Query; demand: Demand; at: number }
  | { what: 'settle'; settlement: Settlement; at: number }

/** Where entries are made again. */
type Target = Pick<LineStore, 'charge' | 'settle'>

/** Calls under way at once while entries are carried over: what a script's round trip hides. */
const AT_ONCE = 64

/** Entries in their order, at most `capacity`: what comes when it is full is not carried over. */
export class Journal {
  #entries: Entry[] = []
  /** turned out to have been made; skipped when its turn comes */
  readonly #withdrawn = new WeakSet<Entry>()
  #dropped = 0

  constructor(readonly capacity: number) {}

  get size(): number {
    return this.#entries.length
  }
  /** entries that found no room since the start */
  get dropped(): number {
    return this.#dropped
  }

  add(entry: Entry): void {
    if (this.#entries.length < this.capacity) this.#entries.push(entry)
    else this.#dropped++
  }

  /**
   * Makes every entry again on the store, in order: a settlement never before its charge. What fails stays, with all
   * that comes after it; it may be made twice then, which counts debt twice and never too little.
   */
  async carryOver(store: Target): Promise<void> {
    while (this.#entries.length > 0) {
      const first = this.#entries[0]?.what
      let n = 1
      while (n < AT_ONCE && this.#entries[n]?.what === first) n++
      const batch = this.#entries.slice(0, n)
      const made = await Promise.allSettled(
        batch.map(async (entry) => this.#withdrawn.has(entry) || apply(store, entry)),
      )
      const failed = made.findIndex(({ status }) => status === 'rejected')
      this.#entries.splice(0, failed < 0 ? n : failed)
      const result = made[failed]
      if (result?.status === 'rejected') throw result.reason
    }
  }

  /** An entry that turned out to have been made. */
  withdraw(entry: Entry): void {
    this.#withdrawn.add(entry)
  }

  /** Of the first `count` entries forgets those until a time, Unix ms: the store has them from somewhere else. */
  forget(count: number, until: number): void {
    this.#entries = this.#entries.filter(({ at }, i) => i >= count || at > until)
  }
}

function apply(store: Target, entry: Entry) {
  if (entry.what === 'settle') return store.settle(entry.settlement, entry.at)
  return store.charge(entry.query, entry.demand, entry.at)
}

/** A demand that was met elsewhere: nothing refuses it any more. Its arrays outlive the next decision. */
export const metDemand = (demand: Demand): Demand => ({
  ...demand,
  costs: demand.costs.slice(),
  ceilings: new Float64Array(LINES.length).fill(Number.POSITIVE_INFINITY),
  spendCeilings: NO_SPEND_CEILINGS,
  throttled: false,
})

/** Takes amounts per line of LINES out of flight; `lost` of each they become debt that decays. */
const movesOf = (query: Query, amounts: ArrayLike<number>, lost: 0 | 1, at: number): Move[] =>
  LINES.flatMap((line, i): Move[] => {
    const amount = amounts[i] ?? 0
    if (amount === 0) return []
    return [
      {
        line,
        key: query.keys[i] ?? '',
        reserved: -amount,
        earned: 0,
        lost: lost * amount,
        since: at,
        caps: [],
        surplusLost: false,
      },
    ]
  })

/** Gives a charge back that nothing came of. */
export const released = (
  query: Query,
  demand: Pick<Demand, 'priceMicroUsd' | 'opensSession'> & { costs: ArrayLike<number> },
  at: number,
): Settlement => ({
  service: query.service,
  layout: query.layout,
  moves: movesOf(query, demand.costs, 0, at),
  outcome: null,
  verified: null,
  refund: { country: query.country, priceMicroUsd: demand.priceMicroUsd, at },
  lostFirst: demand.opensSession
    ? { numberKey: query.keys[LINES.indexOf('number')] ?? '', at, ends: true, leaves: true }
    : null,
})

/**
 * What is in flight on the lines of a request will be settled elsewhere: here it counts as lost, so that the next time
 * on own lines begins neither with fresh credit nor with amounts in flight that never land.
 */
export const landed = (query: Query, inFlight: ArrayLike<number>, at: number): Settlement => ({
  service: query.service,
  layout: query.layout,
  moves: movesOf(query, inFlight, 1, at),
  outcome: null,
  verified: null,
  refund: null,
  lostFirst: null,
})
