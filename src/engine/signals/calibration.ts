import { DAY, HOUR } from '../units.js'

/** Bins of raw log-odds, each half a unit wide, from -8 to 8. */
const BINS = 32
const WIDTH = 0.5
const LOWEST = -8
const HALF_LIFE_MS = 14 * DAY
/** Expected verifications that the start of each bin, the log-odds taken at their word, is worth. */
const PSEUDO = 20
/** Part by which the baseline conversion may be wrong without that counting as pumped (its own wobble, twice). */
const TOLERANCE = 0.03

export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))
export const logOddsOf = (p: number): number => Math.log(p / (1 - p))

export interface CalibrationSample {
  /** raw log-odds of the decision (`Weighed.raw`) */
  raw: number
  /** baseline conversion of the country at the decision */
  p: number
  verified: boolean
  /** counted as lost before, and verified after all */
  late: boolean
  at: number
}

export interface CalibrationSnapshot {
  hour: number | null
  expected: number[]
  verified: number[]
  fitted: number[]
}

const centre = (bin: number): number => LOWEST + WIDTH * (bin + 0.5)

/**
 * From raw log-odds to the probability that a send is pumped, learned from outcomes. Nobody says which sends were
 * pumped, but pumped ones do not verify: where sends of a bin should have verified E times (the sum of their baseline
 * conversions) and did V times, a share `1 - V/E` was pumped. Made monotone by pooling adjacent violators, linear
 * between the bins.
 */
export function createCalibration() {
  const expected = new Float64Array(BINS)
  const verified = new Float64Array(BINS)
  const fitted = Float64Array.from({ length: BINS }, (_, i) => logistic(centre(i)))
  let hour: number | null = null

  const binOf = (raw: number): number =>
    Math.max(0, Math.min(BINS - 1, Math.floor((raw - LOWEST) / WIDTH)))

  function refit(): void {
    // stack of pools: sum of weight, sum of weighted share, bins in it
    const weight: number[] = []
    const total: number[] = []
    const length: number[] = []
    for (let i = 0; i < BINS; i++) {
      const w = (expected[i] as number) * (1 - TOLERANCE) + PSEUDO
      const v = (verified[i] as number) + PSEUDO * (1 - logistic(centre(i)))
      weight.push(w)
      total.push(w - v)
      length.push(1)
      for (let k = weight.length - 1; k > 0; k--) {
        const share = (total[k] as number) / (weight[k] as number)
        if (share >= (total[k - 1] as number) / (weight[k - 1] as number)) break
        weight[k - 1] = (weight[k - 1] as number) + (weight.pop() as number)
        total[k - 1] = (total[k - 1] as number) + (total.pop() as number)
        length[k - 1] = (length[k - 1] as number) + (length.pop() as number)
      }
    }
    let bin = 0
    for (let k = 0; k < weight.length; k++) {
      const share = Math.max(0, Math.min(1, (total[k] as number) / (weight[k] as number)))
      for (let n = 0; n < (length[k] as number); n++) fitted[bin++] = share
    }
  }

  function advance(at: number): void {
    const now = Math.floor(at / HOUR)
    hour ??= now
    if (now <= hour) return
    refit()
    const by = 0.5 ** (((now - hour) * HOUR) / HALF_LIFE_MS)
    for (let i = 0; i < BINS; i++) {
      expected[i] = (expected[i] as number) * by
      verified[i] = (verified[i] as number) * by
    }
    hour = now
  }

  return {
    /** A send matured. The map moves once an hour. */
    observe({ raw, p, verified: is, late, at }: CalibrationSample): void {
      advance(at)
      const bin = binOf(raw)
      if (!late) expected[bin] = (expected[bin] as number) + p
      if (is) verified[bin] = (verified[bin] as number) + 1
    },

    /** Probability, 0 to 1, that a send with these log-odds is pumped. */
    probability(raw: number): number {
      const at = Math.max(0, Math.min(BINS - 1, (raw - LOWEST) / WIDTH - 0.5))
      const low = Math.floor(at)
      const a = fitted[low] as number
      const b = fitted[Math.min(BINS - 1, low + 1)] as number
      return a + (b - a) * (at - low)
    },

    snapshot: (): CalibrationSnapshot => ({
      hour,
      expected: [...expected],
      verified: [...verified],
      fitted: [...fitted],
    }),
    restore(snapshot: CalibrationSnapshot): void {
      hour = snapshot.hour
      expected.set(snapshot.expected)
      verified.set(snapshot.verified)
      fitted.set(snapshot.fitted)
    },
  }
}

export type Calibration = ReturnType<typeof createCalibration>
