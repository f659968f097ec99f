import { DAY, HOUR, MINUTE } from '../units.js'
import type { Sums } from './counters.js'

/** Half-lives of the counters, ms. */
export const SHORT_MS = 15 * MINUTE
export const HOUR_MS = HOUR
export const BLOCK_LONG_MS = 7 * DAY
export const LONG_MS = DAY

/** A steady rate r leaves r * half-life / ln 2 in a decayed sum: this many ms of traffic. */
export const spanOf = (halfLifeMs: number): number => halfLifeMs / Math.LN2

/** Events an hour that would leave this decayed sum behind. */
export const hourlyRate = (sum: number, halfLifeMs: number): number =>
  (sum * HOUR) / spanOf(halfLifeMs)

/** Coefficient of variation (standard deviation over mean); `null` where there is nothing to vary. */
export function variation({ n, sum, squares }: Sums): number | null {
  if (n <= 0 || sum <= 0) return null
  const mean = sum / n
  return Math.sqrt(Math.max(0, squares / n - mean * mean)) / mean
}
