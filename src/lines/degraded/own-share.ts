import type {
  RangeCounters,
  SignalCounters,
  SourceCounters,
} from '../../engine/signals/counters.js'
import type { Demand, Gathered, Query, Settlement, StandIn } from '../../engine/state.js'
import type { MemoryLines } from '../memory/memory.js'

/**
 * The lines of one gateway among several that cannot ask each other: an embedded store read as if every other gateway
 * had seen the same as this one. With a share of 1/3 one unit of debt here counts as three, and so do messages in
 * windows, numbers at a source, spend and what codes earned. All gateways together then give what one store would
 * have given, and a last message each (`Apart` in engine/bound.ts). A line never opens with less than one message.
 */
export interface OwnShare {
  gather(query: Query, now: number): Gathered
  charge(query: Query, demand: Demand, now: number): boolean
  count(query: Query, now: number): void
  settle(settlement: Settlement, now: number): void
}

/**
 * @param share part of the credit that this gateway gives, over 0 to 1
 * @param as `open`: lines are kept and not read
 */
export function ownShare(store: MemoryLines, share: number, as: StandIn): OwnShare {
  /** Half a message of a limit of three would be none. */
  const narrowed = (query: Query): Query =>
    query.throttles.length === 0
      ? query
      : {
          ...query,
          throttles: query.throttles.map(({ key, limit }) => ({
            key,
            limit: Math.ceil(limit * share),
          })),
        }

  return {
    gather(query, now) {
      const own = store.gather(narrowed(query), now)
      const lines = own.lines.map((amount) => amount / share)
      if (as === 'open') lines.fill(0)
      return {
        ...own,
        lines,
        windows: own.windows.map((seen) => Math.ceil(seen / share)),
        // this request's own value is in it, and no other gateway has that
        distinct: own.distinct.map((seen) => Math.max(0, seen - 1) / share + Math.min(seen, 1)),
        spend: own.spend.map((amount) => amount / share),
        throttled: own.throttled.map((seen) => seen / share),
        counters: countersOf(own.counters),
        standIn: as,
      }
    },
    charge(query, demand, now) {
      const ceilings = demand.ceilings.map((ceiling, i) =>
        as === 'open'
          ? Number.POSITIVE_INFINITY
          : share * ceiling + (1 - share) * (demand.costs[i] as number),
      )
      const spendCeilings = demand.spendCeilings.map(
        (ceiling) => share * ceiling + (1 - share) * demand.priceMicroUsd,
      )
      return store.charge(narrowed(query), { ...demand, ceilings, spendCeilings }, now)
    },
    count: (query, now) => store.count(query, now),
    settle(settlement, now) {
      const moves = settlement.moves.map((move) =>
        move.caps.length === 0
          ? move
          : { ...move, caps: move.caps.map(({ key, max }) => ({ key, max: max * share })) },
      )
      store.settle({ ...settlement, moves }, now)
    },
  }
}

/** The embedded store answers with arrays and counters that its next call fills anew; this answer outlives an await. */
function countersOf(own: SignalCounters): SignalCounters {
  const range = (of: RangeCounters): RangeCounters => ({
    ...of,
    gaps: { ...of.gaps },
    delays: { ...of.delays },
  })
  const source = (of: SourceCounters | null): SourceCounters | null =>
    of === null ? null : { ...of, gaps: { ...of.gaps }, delays: { ...of.delays } }
  return {
    block: range(own.block),
    operator: range(own.operator),
    country: range(own.country),
    ip: source(own.ip),
    subnet: source(own.subnet),
    network: source(own.network),
    device: source(own.device),
    account: source(own.account),
    sessionSends: own.sessionSends,
  }
}
