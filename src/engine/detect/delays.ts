/**
 * Time to verify of a route: what is usual, and what it is now. Log-spaced bins, 5 s to 1,280 s, as in the baseline;
 * forgetting goes by verifications, so that a quiet night forgets nothing.
 */
const BINS = 17
const FIRST_MS = 5_000
/** Verifications remembered as usual, and as recent. */
const USUAL_MEMORY = 5_000
const RECENT_MEMORY = 40
/** Recent ones needed before a route can be called slow. */
const ENOUGH_RECENT = 15
/** Over 1.5 times the usual median the censored reading misfires: 7 % false alarms at three times slower. */
const SLOW = 1.5
/** Published delays of SMS codes, lognormal: median 20.7 s, sigma 0.79; the prior is worth 50 verifications. */
const PRIOR_MEDIAN_MS = 20_700
const PRIOR_SIGMA = 0.79
const PRIOR_WEIGHT = 50

export interface Delays {
  usual: Float64Array
  recent: Float64Array
}

/** Normal distribution function (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
  return z > 0 ? 1 - tail : tail
}

/** Upper edge of a bin, ms. */
const edge = (bin: number): number => FIRST_MS * 2 ** (bin / 2)

export function createDelays(): Delays {
  const usual = new Float64Array(BINS)
  let below = 0
  for (let bin = 0; bin < BINS; bin++) {
    const at = bin === BINS - 1 ? 1 : normalCdf(Math.log(edge(bin) / PRIOR_MEDIAN_MS) / PRIOR_SIGMA)
    usual[bin] = PRIOR_WEIGHT * (at - below)
    below = at
  }
  return { usual, recent: new Float64Array(BINS) }
}

const binOf = (delayMs: number): number =>
  Math.min(BINS - 1, Math.max(0, Math.ceil(2 * Math.log2(Math.max(1, delayMs) / FIRST_MS))))

function add(bins: Float64Array, bin: number, memory: number): void {
  for (let i = 0; i < BINS; i++) bins[i] = (bins[i] as number) * (1 - 1 / memory)
  bins[bin] = (bins[bin] as number) + 1
}

/** @param learn false while the route is frozen: an outage is not what is usual */
export function addDelay(delays: Delays, delayMs: number, learn: boolean): void {
  const bin = binOf(delayMs)
  add(delays.recent, bin, RECENT_MEMORY)
  if (learn) add(delays.usual, bin, USUAL_MEMORY)
}

const total = (bins: Float64Array): number => bins.reduce((sum, n) => sum + n, 0)

/** F(a): share of those who will verify that have by that age, linear in the logarithm within a bin. */
export function verifiedBy(delays: Delays, ageMs: number): number {
  if (ageMs <= 0) return 0
  const all = total(delays.usual)
  if (ageMs < FIRST_MS) return (((delays.usual[0] as number) / all) * ageMs) / FIRST_MS
  const place = 2 * Math.log2(ageMs / FIRST_MS) + 1
  const whole = Math.min(BINS, Math.floor(place))
  let sum = 0
  for (let bin = 0; bin < whole; bin++) sum += delays.usual[bin] as number
  if (whole < BINS) sum += (place - whole) * (delays.usual[whole] as number)
  return Math.min(1, sum / all)
}

function medianOf(bins: Float64Array): number {
  const half = total(bins) / 2
  let sum = 0
  for (let bin = 0; bin < BINS; bin++) {
    const n = bins[bin] as number
    if (sum + n >= half) return edge(bin - 1 + (n === 0 ? 0 : (half - sum) / n))
    sum += n
  }
  return edge(BINS - 1)
}

/** Deliveries are slower than usual now. */
export const isSlow = (delays: Delays): boolean =>
  total(delays.recent) >= ENOUGH_RECENT && medianOf(delays.recent) > SLOW * medianOf(delays.usual)
