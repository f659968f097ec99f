import { LINES } from '../../engine/policy.js'
import { type Demand, LINE_WIDTH, type Query, type Settlement } from '../../engine/state.js'
import { type MemoryOptions, memoryLines } from '../memory/memory.js'
import type { LineStore, Maybe } from '../port.js'
import { type Entry, Journal, landed, metDemand, released } from './journal.js'
import { limited } from './limited.js'
import { LinesError } from './lines-error.js'
import { Outage, type SharedLines } from './outage.js'
import { OwnCharges } from './own-charges.js'
import { ownShare } from './own-share.js'

/** What happens while the shared store of lines is lost. */
export const LINES_POLICIES = ['degraded', 'closed', 'open'] as const
export type LinesPolicy = (typeof LINES_POLICIES)[number]

export interface FailSafeOptions {
  store: SharedLines
  /**
   * `degraded`: decide on lines of this gateway alone, with its share of the usual credit; `closed`: decide nothing;
   * `open`: decide without lines, on limits and caps alone. @default 'degraded'
   */
  policy?: LinesPolicy
  /** part of the credit that this gateway gives by itself, over 0 to 1: one over the number of gateways */
  share: number
  /** the embedded store that it keeps meanwhile. @default 1,000,000 records */
  own?: MemoryOptions
  /** time limit of one call; a decision makes two. @default 250 */
  timeoutMs?: number
  /** failed calls in a row that open the circuit. @default 3 */
  failures?: number
  /** between two probes of a store that is lost, ms. @default 500 */
  probeMs?: number
  /** between two looks at a store that is not known to be lost, ms: nobody may be asking it. @default 500 */
  lookMs?: number
  /** charges and settlements kept for the store's return; what comes beyond is not carried over. @default 50,000 */
  journal?: number
  /** Unix ms */
  clock: () => number
  /**
   * Asked when the store answers again, before anything is carried over: until when the ledger had all that happened when
   * the store, which had come back empty, was rebuilt from it, Unix ms; `null`: it was not. @default null
   */
  rebuilt?: () => Promise<number | null>
  /** told when the store is lost, returns and is back */
  onChange?: (now: LinesCondition) => void
  /** told of the failure that opened the circuit. @default process.emitWarning */
  onError?: (error: Error) => void
}

export interface LinesCondition {
  policy: LinesPolicy
  state: 'ok' | 'lost' | 'returning'
  /** when it left `ok`, Unix ms */
  since: number | null
  /** charges and settlements that wait for the store */
  waiting: number
  /** of those that found no room, since the start */
  dropped: number
  /** gathered on own lines, since the start */
  decided: number
}

export interface FailSafeLines extends LineStore {
  followed(settlement: Settlement, now: number): void
  condition(): LinesCondition
}

/** Requests whose own lines are brought to rest in one turn of the event loop. */
const AT_REST = 500

/** The shared store behind a time limit and a circuit breaker, with what the failure policy puts in its place. */
export function failSafeLines(options: FailSafeOptions): FailSafeLines {
  const { store, policy = 'degraded', share, timeoutMs = 250, clock } = options
  const { onChange = () => undefined, onError = (error) => process.emitWarning(error) } = options
  const memory = memoryLines({ capacity: 1_000_000, ...options.own })
  const own = ownShare(memory, share, policy === 'open' ? 'open' : 'degraded')
  const journal = new Journal(options.journal ?? 50_000)
  /** requests that were gathered on own lines: they are charged there too, whatever has happened since */
  const apart = new WeakSet<Query>()
  const charges = new OwnCharges(journal.capacity)
  let since: number | null = null
  let decided = 0

  const condition = (): LinesCondition => ({
    ...{ policy, state: outage.at, since, decided },
    waiting: journal.size,
    dropped: journal.dropped,
  })
  const outage = new Outage({
    ...{ store, journal, timeoutMs, onError },
    failures: options.failures ?? 3,
    probeMs: options.probeMs ?? 500,
    lookMs: options.lookMs ?? 500,
    rebuilt: options.rebuilt ?? (async () => null),
    changed() {
      if (outage.at === 'ok') since = null
      else since ??= clock()
      if (outage.at === 'ok') void bringToRest().catch(onError)
      onChange(condition())
    },
  })

  /** What is in flight here is settled in the shared store from now on: here it counts as lost and decays. */
  async function bringToRest(): Promise<void> {
    const now = clock()
    for (const [i, query] of charges.take().entries()) {
      const { lines } = memory.gather(query, now)
      const inFlight = LINES.map((_, line) => lines[line * LINE_WIDTH + 4] as number)
      memory.settle(landed(query, inFlight, now), now)
      if (i % AT_REST === AT_REST - 1) await new Promise(setImmediate)
    }
  }

  const lost = (cause?: unknown): LinesError =>
    new LinesError(
      'the shared store does not answer, and failure.lines is closed; see that it runs and can be reached',
      { cause },
    )

  function gatherApart(query: Query, now: number) {
    if (policy === 'closed') throw lost()
    apart.add(query)
    decided++
    return own.gather(query, now)
  }

  function chargeApart(query: Query, demand: Demand, now: number): boolean {
    const met = metDemand(demand)
    if (!own.charge(query, demand, now)) return false
    note({ what: 'charge', query, demand: met, at: now })
    charges.add(query, now)
    return true
  }

  function note(entry: Entry): void {
    journal.add(entry)
    outage.owes()
  }

  function followed(settlement: Settlement, now: number): void {
    if (charges.settles(settlement, now)) own.settle(settlement, now)
  }

  function settleApart(settlement: Settlement, now: number): Entry {
    followed(settlement, now)
    return { what: 'settle', settlement, at: now }
  }

  /** Asks the store; an embedded one answers at once and cannot be slow. */
  function ask<T>(
    call: () => Maybe<T>,
    failed: (error: unknown) => Maybe<T>,
    late?: (v: T) => void,
  ) {
    try {
      const asked = call()
      if (!(asked instanceof Promise)) return asked
      return limited(asked, timeoutMs, late).then(
        (answer) => {
          outage.succeeded()
          return answer
        },
        (error: unknown) => {
          outage.failed(error)
          return failed(error)
        },
      )
    } catch (error) {
      outage.failed(error)
      return failed(error)
    }
  }

  return {
    condition,

    gather(query, now) {
      if (outage.at !== 'ok') return gatherApart(query, now)
      return ask(
        () => store.gather(query, now),
        () => gatherApart(query, now),
      )
    },

    ...(store.gatherAndReserve !== undefined && {
      gatherAndReserve(query: Query, priceMicroUsd: number, now: number) {
        if (outage.at !== 'ok') return gatherApart(query, now)
        return ask(
          () => store.gatherAndReserve?.(query, priceMicroUsd, now) ?? store.gather(query, now),
          () => gatherApart(query, now),
          // it came too late to be decided on
          () => store.release?.(query),
        )
      },
      release: (query: Query) => store.release?.(query),
    }),

    charge(query, demand, now) {
      if (apart.has(query)) return chargeApart(query, demand, now)
      const again = (cause?: unknown): false => {
        if (policy === 'closed') throw lost(cause)
        return false
      }
      // read from the store, which is lost since: the request is decided again
      if (outage.at !== 'ok') return again()
      const met = metDemand(demand)
      return ask(
        () => store.charge(query, demand, now),
        again,
        // it was charged after all, by a store that slept: nothing came of it
        (done) => {
          if (done) note({ what: 'settle', settlement: released(query, met, now), at: now })
        },
      )
    },

    count(query, now) {
      if (policy === 'closed' && outage.at !== 'ok') return
      if (apart.has(query) || outage.at !== 'ok') return own.count(query, now)
      return ask(
        () => store.count(query, now),
        () => undefined,
      )
    },

    settle(settlement, now) {
      if (outage.at !== 'ok') return note(settleApart(settlement, now))
      let kept: Entry | null = null
      return ask(
        () => store.settle(settlement, now),
        () => {
          const entry = settleApart(settlement, now)
          // it may have been made: what adds debt is rather made twice than never, what repays rather never than twice
          if (!settlement.moves.some(({ lost }) => lost > 0)) return
          kept = entry
          note(entry)
        },
        () => {
          if (kept !== null) journal.withdraw(kept)
        },
      )
    },

    followed,

    async close() {
      outage.close()
      memory.close()
      await store.close()
    },
  }
}
