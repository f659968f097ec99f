import { DAY, HOUR, MINUTE } from '../units.js'
import { HOUR_MS } from './decayed.js'

/** Drift of the country mix, seen from one country. */
export interface Drift {
  /** population stability index of the last hour against the usual mix of these hours */
  psi: number
  /** above it the mix has drifted */
  threshold: number
  /** this country's share now and usually, 0 to 1 */
  share: number
  usual: number
  /** part of the index that this country's surplus brings, 0 to 1; 0 where it has none */
  part: number
}

/** Standard normal quantile of 99.9 %. */
const Z_999 = 3.0902
/** Over the chi-square quantile by this much (measured: keeps the nominal rate of false alarms at small samples). */
const OVER = 1.05
/** At millions of sends any shift is significant; below this none matters (by convention 0.1 is a small one). */
const SMALLEST = 0.05
/** Added to each cell, so that a country without history has a finite logarithm. */
const CELL = 0.5
/** Sends of the usual mix that must be known, and of the last hour. */
const MIN_USUAL = 100
const MIN_RECENT = 30
/** The usual mix halves in so many days. */
const USUAL_DAYS = 14
/** Of a surplus that drifted, this share is learned: a launch becomes usual within weeks, a flood does not. */
const LEARNED_SURPLUS = 0.2
/** The index is computed anew after so many sends or so long. */
const EVERY_SENDS = 16
const EVERY_MS = MINUTE

/** Quantile 99.9 % of chi-square with `df` degrees of freedom (Wilson and Hilferty 1931; 3 % high at df 1). */
export function chiSquare999(df: number): number {
  const v = 2 / (9 * df)
  return df * (1 - v + Z_999 * Math.sqrt(v)) ** 3
}

interface CountryShare {
  /** weight of recent sends, on the growing scale of `weight` */
  recent: number
  /** sends in the running hour */
  pending: number
  /** usual sends per hour of the day, UTC */
  hours: Float64Array
}

export interface MixOptions {
  /** countries told apart; further ones are not counted. @default 256, more than there are */
  capacity?: number
}

/** The mix of countries of one service: the last hour (half-life) against the same hours of other days. */
export function createMix({ capacity = 256 }: MixOptions = {}) {
  const countries = new Map<string, CountryShare>()
  let firstAt: number | null = null
  let hour = 0
  // weights of sends grow with time instead of all sums decaying at each send
  let epoch = 0
  let sum = 0
  let squares = 0
  let usualTotal = 0
  let psi = 0
  let threshold = Number.POSITIVE_INFINITY
  let computedAt = 0
  let since = 0
  let driftedThisHour = false
  const answer: Drift = { psi: 0, threshold: 0, share: 0, usual: 0, part: 0 }

  const usualSends = (c: CountryShare): number =>
    (c.hours[hour % 24] as number) + (c.hours[(hour + 23) % 24] as number)
  const usualShare = (c: CountryShare | undefined): number =>
    ((c === undefined ? 0 : usualSends(c)) + CELL) / (usualTotal + CELL * countries.size)
  /** effective number of sends in the window: (sum w)^2 / sum w^2 */
  const recentSends = (): number => (squares > 0 ? (sum * sum) / squares : 0)
  const recentShare = (c: CountryShare | undefined, n: number): number =>
    ((c === undefined || sum === 0 ? 0 : (n * c.recent) / sum) + CELL) / (n + CELL * countries.size)

  function advance(at: number): void {
    const now = Math.floor(at / HOUR)
    if (firstAt === null) {
      firstAt = at
      epoch = at
      hour = now
    }
    if (now <= hour) return
    fold()
    hour = now
    driftedThisHour = false
    usualTotal = 0
    for (const c of countries.values()) usualTotal += usualSends(c)
    rescale(at)
  }

  /** The hour that ended becomes part of what is usual; of what drifted, only a part of the surplus. */
  function fold(): void {
    const slot = hour % 24
    const keep = 0.5 ** (1 / USUAL_DAYS)
    let total = 0
    for (const c of countries.values()) total += c.pending
    for (const c of countries.values()) {
      const surplus = driftedThisHour ? Math.max(0, c.pending - usualShare(c) * total) : 0
      // nor may a flood outweigh the rest of the hour
      const learned = c.pending - surplus + LEARNED_SURPLUS * Math.min(surplus, total - surplus)
      c.hours[slot] = (c.hours[slot] as number) * keep + learned
      c.pending = 0
    }
  }

  function rescale(at: number): void {
    const scale = 0.5 ** (Math.max(0, at - epoch) / HOUR_MS)
    for (const c of countries.values()) c.recent *= scale
    sum *= scale
    squares *= scale * scale
    epoch = at
  }

  /** PSI = sum (q - b) ln(q / b); under no drift about chi-square with B - 1 degrees over the sample sizes. */
  function compute(at: number): void {
    computedAt = at
    since = 0
    const n = recentSends()
    psi = 0
    threshold = Number.POSITIVE_INFINITY
    if (firstAt === null || at - firstAt < DAY || n < MIN_RECENT || usualTotal < MIN_USUAL) return
    for (const c of countries.values()) {
      const q = recentShare(c, n)
      const b = usualShare(c)
      psi += (q - b) * Math.log(q / b)
    }
    const df = Math.max(1, countries.size - 1)
    threshold = Math.max(SMALLEST, OVER * chiSquare999(df) * (1 / n + 1 / usualTotal))
    if (psi > threshold) driftedThisHour = true
  }

  return {
    /** The first send of a session, to this country. */
    count(country: string, at: number): void {
      advance(at)
      let c = countries.get(country)
      if (c === undefined) {
        if (countries.size >= capacity) return
        c = { recent: 0, pending: 0, hours: new Float64Array(24) }
        countries.set(country, c)
      }
      const weight = 2 ** (Math.max(0, at - epoch) / HOUR_MS)
      c.recent += weight
      c.pending++
      sum += weight
      squares += weight * weight
      if (++since >= EVERY_SENDS || at - computedAt >= EVERY_MS) compute(at)
    },

    /** Drift seen from a country; valid until the next call. `null` before one day, or with too little to say. */
    drift(country: string): Readonly<Drift> | null {
      if (threshold === Number.POSITIVE_INFINITY) return null
      const c = countries.get(country)
      const q = recentShare(c, recentSends())
      const b = usualShare(c)
      answer.psi = psi
      answer.threshold = threshold
      answer.share = q
      answer.usual = b
      answer.part = q > b && psi > 0 ? Math.min(1, ((q - b) * Math.log(q / b)) / psi) : 0
      return answer
    },

    snapshot: () => ({
      firstAt,
      hour,
      epoch,
      sum,
      squares,
      countries: [...countries].map(
        ([country, c]) => [country, c.recent, c.pending, [...c.hours]] as const,
      ),
      driftedThisHour,
      psi,
      // JSON has no infinity
      threshold: threshold === Number.POSITIVE_INFINITY ? null : threshold,
      computedAt,
      since,
    }),

    restore(s: MixSnapshot): void {
      countries.clear()
      for (const [country, recent, pending, hours] of s.countries)
        countries.set(country, { recent, pending, hours: Float64Array.from(hours) })
      firstAt = s.firstAt
      hour = s.hour
      epoch = s.epoch
      sum = s.sum
      squares = s.squares
      driftedThisHour = s.driftedThisHour
      psi = s.psi
      threshold = s.threshold ?? Number.POSITIVE_INFINITY
      computedAt = s.computedAt
      since = s.since
      usualTotal = 0
      for (const c of countries.values()) usualTotal += usualSends(c)
    },
  }
}

export interface MixSnapshot {
  firstAt: number | null
  hour: number
  epoch: number
  sum: number
  squares: number
  countries: readonly (readonly [string, number, number, readonly number[]])[]
  driftedThisHour: boolean
  psi: number
  threshold: number | null
  computedAt: number
  since: number
}
