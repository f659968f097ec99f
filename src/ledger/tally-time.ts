import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { Dimension, RollupPeriod } from './console-port.js'

export const PERIOD_MS: Record<RollupPeriod, number> = { minute: MINUTE, hour: HOUR, day: DAY }

/** How long buckets are kept. Days of what is coarse outlive the requests they were counted from. */
export const KEPT_MS: Record<RollupPeriod, number> = {
  minute: 2 * DAY,
  hour: 14 * DAY,
  day: 800 * DAY,
}

/**
 * There can be as many keys of these as requests. Hours in which one was seldom seen are dropped when they are over,
 * and its days are made of the hours that stay.
 */
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
/** An hour is sealed when it is over by this much: what few requests of a fine key it has by then are all. */
const SEAL_MS = HOUR

export const bucketOf = (period: RollupPeriod, at: number): number =>
  Math.floor(at / PERIOD_MS[period]) * PERIOD_MS[period]

/** Hours that begin before this are sealed at `time`. */
export const sealedBefore = (time: number): number => bucketOf('hour', time - SEAL_MS)

/** Where sealing stands. */
export interface Sealing {
  /** hours of fine keys that begin before this are sealed: they are added to, and no key is made anew */
  before: number
  /** the hour that is worked on: those before it are in the days, and rid of what was seldom seen */
  at: number
  /** the same within that hour: how many of {@link FINE} are done */
  fine: number
  /** the next one of them is in the days already */
  copied: boolean
}

/** Whether an hour of a fine key was added to its day. */
export const isInDay = (dimension: Dimension, at: number, sealing: Sealing): boolean => {
  if (at !== sealing.at) return at < sealing.at
  const done = sealing.fine + (sealing.copied ? 1 : 0)
  return FINE.indexOf(dimension) < done
}

const ALL: readonly RollupPeriod[] = ['minute', 'hour', 'day']
const LONG: readonly RollupPeriod[] = ['hour', 'day']
const HOURLY: readonly RollupPeriod[] = ['hour']

const fine: ReadonlySet<Dimension> = new Set(FINE)
export const isFine = (dimension: Dimension): boolean => fine.has(dimension)

/** Periods that are counted at once. Days of fine keys come from their hours when those are sealed. */
export const periodsOf = (dimension: Dimension): readonly RollupPeriod[] =>
  BY_MINUTE.includes(dimension) ? ALL : isFine(dimension) ? HOURLY : LONG
