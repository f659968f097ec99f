import { HOUR } from '../engine/units.js'
import {
  type ConsoleStore,
  type RollupFilter,
  type RollupPoint,
  type ServiceSum,
  TALLIES,
  type TallyName,
} from '../ledger/console-port.js'
import { bucketOf, isFine, sealedBefore } from '../ledger/tally-time.js'

type Store = Pick<ConsoleStore, 'series' | 'top'>
type Key = Pick<ServiceSum, 'key' | 'parent' | 'service'>

/** Counting may be so far behind the clock. */
const LATE_MS = HOUR

/**
 * Roll-ups whose days go up to now. The ledger makes days of ranges and sources from the hours that are over: what is
 * attacked now is in none. Days that are not made yet are read by the hour instead; no time is read twice.
 * @param clock Unix ms
 */
export function upToNow(ledger: Store, clock: () => number): Store {
  /** Days that are made, and the hours since; `null` where one kind of bucket has it all. */
  function divided(filter: RollupFilter): { days: RollupFilter; hours: RollupFilter } | null {
    const made = bucketOf('day', sealedBefore(clock() - LATE_MS))
    if (filter.period !== 'day' || !isFine(filter.dimension) || filter.to <= made) return null
    return {
      days: { ...filter, to: Math.max(filter.from, made) },
      hours: { ...filter, period: 'hour', from: Math.max(filter.from, made) },
    }
  }

  return {
    async series(filter) {
      const parts = divided(filter)
      if (parts === null) return ledger.series(filter)
      const days = await ledger.series(parts.days)
      const hours = await ledger.series(parts.hours)
      const today = hours.map((point) => ({ ...point, at: bucketOf('day', point.at) }))
      return [...days, ...added<RollupPoint>(today, (point) => `${point.at}\n${nameOf(point)}`)]
    },
    async top(filter, by, limit) {
      const parts = divided(filter)
      if (parts === null) return ledger.top(filter, by, limit)
      const both = async (more: Partial<RollupFilter>, most: number) => [
        ...(await ledger.top({ ...parts.days, ...more }, by, most)),
        ...(await ledger.top({ ...parts.hours, ...more }, by, most)),
      ]
      const first = await both({}, limit)
      // of each key that is large in one of the times, what the other has of it
      const keys = [...new Set(first.map(({ key }) => key))]
      const whole =
        filter.keys === undefined ? await both({ keys }, Number.MAX_SAFE_INTEGER) : first
      return added(whole, nameOf)
        .sort((a, b) => largest(a, b, by))
        .slice(0, limit)
    },
  }
}

const nameOf = ({ key, parent, service }: Key): string => `${key}\n${parent}\n${service}`

/** Rows of one name added up. */
function added<Row extends ServiceSum>(rows: readonly Row[], nameOf: (row: Row) => string): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const name = nameOf(row)
    const sum = sums.get(name)
    if (sum === undefined) sums.set(name, { ...row })
    else for (const tally of TALLIES) (sum as ServiceSum)[tally] += row[tally]
  }
  return [...sums.values()]
}

const text = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
const inOrder = (a: Key, b: Key): number =>
  text(a.key, b.key) || text(a.parent, b.parent) || text(a.service, b.service)
const largest = (a: ServiceSum, b: ServiceSum, by: TallyName): number =>
  b[by] - a[by] || inOrder(a, b)
