import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { Dimension, RollupPeriod } from './console-port.js'

export const PERIOD_MS: Record<RollupPeriod, number> = { minute: MINUTE, hour: HOUR, day: DAY }

/** How long buckets are kept. Days of what is coarse outlive the requests they were counted from. */
export const KEPT_MS: Record<RollupPeriod, number> = {
  minute: 2 * DAY,
  hour: 14 * DAY,
  day: 800 * DAY,
}

/** There can be as many keys of these as requests: buckets with few of them are dropped when they are over. */
export const FINE: readonly Dimension[] = [
  'block',
  'subBlock',
  'network',
  'subnet',
  'ip',
  'device',
  'account',
]
export const COARSE: readonly Dimension[] = ['all', 'country', 'operator', 'provider', 'reason']

const BY_MINUTE: readonly Dimension[] = ['all', 'country']

/** A key seen less often in a bucket says nothing of itself: two attempts are one person who tried again. */
export const FEW_REQUESTS = 3
/** A bucket is sealed when it is over by this much: what few requests it has by then are all. */
const SEAL_MS = HOUR

export const bucketOf = (period: RollupPeriod, at: number): number =>
  Math.floor(at / PERIOD_MS[period]) * PERIOD_MS[period]

/** Buckets that begin before this are sealed at `time`. */
export const sealedBefore = (period: RollupPeriod, time: number): number =>
  bucketOf(period, time - SEAL_MS)

/** Buckets that begin before these times are sealed, as the last step left it. */
export type Sealed = Record<'hour' | 'day', number>

export const sealedAt = (time: number): Sealed => ({
  hour: sealedBefore('hour', time),
  day: sealedBefore('day', time),
})

/** Whether a row may be added to and not made: what was seldom seen is dropped already. */
export const isSealed = (
  { period, dimension, at }: { period: RollupPeriod; dimension: Dimension; at: number },
  sealed: Sealed,
): boolean => period !== 'minute' && isFine(dimension) && at < sealed[period]

export const periodsOf = (dimension: Dimension): readonly RollupPeriod[] =>
  BY_MINUTE.includes(dimension) ? ['minute', 'hour', 'day'] : ['hour', 'day']

export const isFine = (dimension: Dimension): boolean => FINE.includes(dimension)
