/**
 * Count surprise: how much better a hundredfold rate explains the requests of a range than its usual one. Needs no
 * feedback, so it is the first to speak. Both laws are negative binomial: rates of blocks differ, and a range whose
 * rate is hardly known has a small shape and surprises slowly.
 */
import { decay } from '../line.js'
import { DAY, MINUTE } from '../units.js'

/** An attack brings a range to this many times its usual rate. */
const TIMES_USUAL = 100
/** Shape of the rates between blocks nobody has counted yet. */
const SHAPE = 0.5
/** Half-life of the recent count; a decayed count stands for `RECENT_WINDOW_MS` of arrivals. */
export const RECENT_HALF_LIFE_MS = 10 * MINUTE
export const RECENT_WINDOW_MS = RECENT_HALF_LIFE_MS / Math.LN2
/** Half-life of the long count. */
export const LONG_HALF_LIFE_MS = 7 * DAY
const LONG_WINDOW_MS = LONG_HALF_LIFE_MS / Math.LN2
/** Days of observation that the route's mean rate per block is worth as a prior of a block's own. */
const PRIOR_MS = 5 * DAY

/**
 * @param recent requests of the window, without the one that asks
 * @param long decayed count of the last weeks, those of the window included
 * @param priorPerMs usual rate of a block of its route, per ms
 * @param observedMs how long the route has been watched
 * @param surge times its usual breadth at which the route runs now, at least 1: a flash crowd surprises nobody
 * @param windowMs that `recent` counts; by default what a decayed count stands for
 * @returns log-likelihood ratio, at least 0, natural log
 */
export function surpriseOf(
  recent: number,
  long: number,
  priorPerMs: number,
  observedMs: number,
  surge: number,
  windowMs: number = RECENT_WINDOW_MS,
): number {
  if (recent < 0.5) return 0
  const before = Math.max(0, long - recent)
  const watched = LONG_WINDOW_MS * (1 - decay(observedMs, LONG_HALF_LIFE_MS))
  const perMs = (priorPerMs * PRIOR_MS + before) / (PRIOR_MS + watched)
  const shape = SHAPE + before
  const usual = Math.max(1e-9, perMs * windowMs * surge)
  const attacked = TIMES_USUAL * usual
  const ratio =
    recent * Math.log((attacked * (shape + usual)) / (usual * (shape + attacked))) -
    shape * Math.log((shape + attacked) / (shape + usual))
  return Math.max(0, ratio)
}
