import { HOUR } from '../units.js'
import type { RangeCounters } from './counters.js'
import { HOUR_MS, hourlyRate, SHORT_MS } from './decayed.js'

/** Standard deviations of a normal distribution in one median absolute deviation. */
const MAD_TO_SIGMA = 1.4826

/**
 * How far traffic is over what is usual in an hour like this one: z = (x - m) / (1.4826 MAD + sqrt(m)), where sqrt(m)
 * is the Poisson noise of a count of m. `null` before one day of history.
 */
export function surge(sends: number, halfLifeMs: number, range: RangeCounters): number | null {
  if (range.usualHourly === null) return null
  // the count is over half-life / ln 2, the usual one over an hour
  const part = halfLifeMs / Math.LN2 / HOUR
  const usual = range.usualHourly * part
  const spread = (range.usualSpread ?? 0) * part
  // a range that is usually silent still has single sends: its noise is that of one
  return (sends - usual) / (MAD_TO_SIGMA * spread + Math.sqrt(Math.max(1, usual)))
}

/** The stronger surge of the last quarter and the last hour, and the rate behind it. */
export const worstSurge = { z: 0, hourly: 0, halfLifeMs: HOUR_MS }

/** Fills `worstSurge`, valid until the next call; `false` before one day of history. */
export function findSurge(range: RangeCounters): boolean {
  const long = surge(range.sends1h, HOUR_MS, range)
  const short = surge(range.sends15m, SHORT_MS, range)
  if (long === null || short === null) return false
  const quick = short > long
  worstSurge.z = quick ? short : long
  worstSurge.halfLifeMs = quick ? SHORT_MS : HOUR_MS
  worstSurge.hourly = hourlyRate(quick ? range.sends15m : range.sends1h, worstSurge.halfLifeMs)
  return true
}
