import { HOUR } from '../../engine/units.js'
import {
  type ConsoleStore,
  type Dimension,
  type RollupFilter,
  type RollupPeriod,
  type RollupPoint,
  type ServiceSum,
  TALLIES,
} from '../console-port.js'
import type { RefusalClaim } from '../roll-up.js'
import { type Amounts, asTally } from '../tally.js'
import type { Change } from '../tally-book.js'
import {
  bucketOf,
  COARSE,
  FEW_REQUESTS,
  FINE,
  isFine,
  KEPT_MS,
  sealedBefore,
} from '../tally-time.js'

type Row = Change
/** Rows of one bucket of one dimension, by key, parent and service. */
type Bucket = Map<string, Row>

const REQUESTS = TALLIES.indexOf('requests')

/** Roll-ups in memory: buckets by period, dimension and time. */
export class Tallies implements Pick<ConsoleStore, 'series' | 'top'> {
  readonly #buckets = new Map<RollupPeriod, Map<Dimension, Map<number, Bucket>>>()
  readonly #claims = new Map<number, Set<string>>()
  #sealed = 0

  #of(period: RollupPeriod, dimension: Dimension): Map<number, Bucket> {
    const dimensions = this.#buckets.get(period) ?? new Map<Dimension, Map<number, Bucket>>()
    this.#buckets.set(period, dimensions)
    const buckets = dimensions.get(dimension) ?? new Map<number, Bucket>()
    dimensions.set(dimension, buckets)
    return buckets
  }

  /** Rows of sealed hours are added to where they were kept, with their days, and not made anew. */
  add(changes: readonly Change[]): void {
    for (const change of changes) {
      const { period, dimension, at } = change
      if (!(period === 'hour' && at < this.#sealed && isFine(dimension))) this.#put(change)
      else if (this.#buckets.get(period)?.get(dimension)?.get(at)?.has(nameOf(change))) {
        this.#put(change)
        this.#put({ ...change, period: 'day', at: bucketOf('day', at) })
      }
    }
  }

  #put(change: Change): void {
    const { period, dimension, at, amounts } = change
    const buckets = this.#of(period, dimension)
    const bucket = buckets.get(at) ?? new Map<string, Row>()
    buckets.set(at, bucket)
    const row = bucket.get(nameOf(change))
    if (row === undefined) bucket.set(nameOf(change), { ...change, amounts: [...amounts] })
    else
      for (const [i, amount] of amounts.entries()) row.amounts[i] = (row.amounts[i] ?? 0) + amount
  }

  claim(claim: RefusalClaim): boolean {
    const hour = this.#claims.get(claim.hour) ?? new Set<string>()
    this.#claims.set(claim.hour, hour)
    const name = `${claim.kind}\n${claim.service}\n${claim.number}`
    if (hour.has(name)) return false
    hour.add(name)
    return true
  }

  /** Forgets that refusals of a number were counted. */
  forget(number: string): void {
    for (const claims of this.#claims.values())
      for (const name of claims) if (name.endsWith(`\n${number}`)) claims.delete(name)
  }

  /** Seals the hours that are over at `time`, and forgets claims of hours that nothing can be counted in. */
  dropOver(time: number): void {
    const before = this.#sealed
    // also when the clock steps back: an hour goes into its day once
    this.#sealed = Math.max(before, sealedBefore(time))
    for (const dimension of FINE)
      for (const [at, bucket] of this.#of('hour', dimension)) {
        if (at < before || at >= this.#sealed) continue
        for (const [name, row] of bucket)
          if ((row.amounts[REQUESTS] ?? 0) < FEW_REQUESTS) bucket.delete(name)
          else this.#put({ ...row, period: 'day', at: bucketOf('day', at) })
      }
    for (const at of this.#claims.keys()) if (at < this.#sealed - HOUR) this.#claims.delete(at)
  }

  /** @returns rows that went */
  expire(now: number, requestsMs: number): number {
    let gone = 0
    for (const period of ['minute', 'hour', 'day'] as const)
      for (const dimension of [...COARSE, ...FINE]) {
        const kept =
          period === 'day' && isFine(dimension)
            ? Math.min(KEPT_MS.day, requestsMs)
            : KEPT_MS[period]
        const buckets = this.#of(period, dimension)
        for (const [at, bucket] of buckets) {
          if (at >= now - kept) continue
          buckets.delete(at)
          gone += bucket.size
        }
      }
    return gone
  }

  *#rows(filter: RollupFilter): Generator<Row> {
    const { period, dimension, from, to, service, parent, keys, prefix } = filter
    const named = filter.byService === true ? {} : { service: service ?? '' }
    for (const [at, bucket] of this.#of(period, dimension)) {
      if (at < from || at >= to) continue
      for (const row of bucket.values())
        if (
          (service === undefined || row.service === service) &&
          (parent === undefined || row.parent === parent) &&
          (keys === undefined || keys.includes(row.key)) &&
          (prefix === undefined || row.key.startsWith(prefix))
        )
          yield { ...row, ...named }
    }
  }

  series: ConsoleStore['series'] = async (filter) => {
    return summed(this.#rows(filter), ({ at }) => String(at))
      .sort((a, b) => a.at - b.at || inOrder(a, b))
      .map(
        ({ at, service, key, parent, amounts }): RollupPoint => ({
          ...{ at, service, parent, key },
          ...asTally(amounts),
        }),
      )
  }

  top: ConsoleStore['top'] = async (filter, by, limit) => {
    const index = TALLIES.indexOf(by)
    const amount = ({ amounts }: { amounts: Amounts }) => amounts[index] ?? 0
    return summed(this.#rows(filter), () => '')
      .sort((a, b) => amount(b) - amount(a) || inOrder(a, b))
      .slice(0, limit)
      .map(
        ({ service, key, parent, amounts }): ServiceSum => ({
          ...{ service, parent, key },
          ...asTally(amounts),
        }),
      )
  }
}

const nameOf = ({ key, parent, service }: Row): string => `${key}\n${parent}\n${service}`

function summed(rows: Iterable<Row>, group: (row: Row) => string): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const name = `${group(row)}\n${nameOf(row)}`
    const sum = sums.get(name)
    if (sum === undefined) sums.set(name, { ...row, amounts: [...row.amounts] })
    else
      for (const [i, amount] of row.amounts.entries())
        sum.amounts[i] = (sum.amounts[i] ?? 0) + amount
  }
  return [...sums.values()]
}

type Keyed = Pick<Row, 'key' | 'parent' | 'service'>
const text = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
const inOrder = (a: Keyed, b: Keyed): number =>
  text(a.key, b.key) || text(a.parent, b.parent) || text(a.service, b.service)
