import { HOUR } from '../../../engine/units.js'
import type { Random } from '../../random.js'

/**
 * How the attempts of a phase lie in its time. `bursts` are on for `forMs` at the start of every `everyMs`; `diurnal`
 * copies the day of people whose clock is `utcOffsetHours` ahead of UTC.
 */
export type Shape =
  | { kind: 'flat' }
  | { kind: 'ramp' }
  | { kind: 'bursts'; everyMs: number; forMs: number }
  | { kind: 'diurnal'; utcOffsetHours: number }

/** Gaps between attempts: as independent people leave them, all alike, or alike up to a share of themselves (0 to 1). */
export type Timing = 'poisson' | 'regular' | { jitter: number }

/** One stretch of an attack. */
export interface Pace {
  /** after the start of the attack day; negative: before it, ms */
  startMs: number
  durationMs: number
  /** attempts he means to make; fewer when his time runs out */
  attempts: number
  /** @default flat */
  shape?: Shape
  /** @default poisson */
  timing?: Timing
}

/** Hours of the quietest and the busiest time of a day of sign-ups, local. */
const TROUGH = 4
const PEAK = 20
/** Busiest hour over the mean. */
const PEAK_OVER_MEAN = 1.6

/** People asking for codes at a local hour (0 to 24) over the day's mean: up for sixteen hours, down for eight. */
export function rhythmAt(localHour: number): number {
  const sinceTrough = (localHour - TROUGH + 24) % 24
  const rise = PEAK - TROUGH
  const phase = sinceTrough <= rise ? sinceTrough / rise : 1 - (sinceTrough - rise) / (24 - rise)
  return 1 - (PEAK_OVER_MEAN - 1) * Math.cos(Math.PI * phase)
}

function intensityOf(shape: Shape, pace: Pace, dayStart: number): (sinceMs: number) => number {
  switch (shape.kind) {
    case 'flat':
      return () => 1
    case 'ramp':
      return (since) => since / pace.durationMs
    case 'bursts':
      return (since) => (since % shape.everyMs < shape.forMs ? 1 : 0)
    case 'diurnal':
      return (since) => {
        const hours = (dayStart + pace.startMs + since) / HOUR + shape.utcOffsetHours
        return rhythmAt(((hours % 24) + 24) % 24)
      }
  }
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Whole ms within which the rate counts as constant; the edges of bursts are edges of steps. */
function stepMsOf(shape: Shape, durationMs: number): number {
  if (shape.kind === 'bursts') return divisor(shape.everyMs, shape.forMs)
  return Math.min(60_000, Math.ceil(durationMs / 1_000))
}

/**
 * Times of the attempts of one phase, Unix ms, by running through the integral of its rate. `speed` multiplies the rate from
 * here on: 1 is as planned. `Infinity` when the phase is over.
 */
export function createPace(pace: Pace, dayStart: number, random: Random) {
  const { durationMs, attempts, shape = { kind: 'flat' }, timing = 'poisson' } = pace
  const begin = dayStart + pace.startMs
  const stepMs = stepMsOf(shape, durationMs)
  const intensity = intensityOf(shape, pace, dayStart)
  const middle = (step: number): number => intensity((step + 0.5) * stepMs)
  const steps = Math.ceil(durationMs / stepMs)
  let area = 0
  for (let step = 0; step < steps; step++) area += middle(step) * stepMs
  const perUnit = area === 0 ? 0 : attempts / area
  let since = 0
  let made = 0

  const gap = (): number => {
    if (timing === 'poisson') return random.exponential(1)
    return timing === 'regular' ? 1 : 1 + timing.jitter * (2 * random.next() - 1)
  }

  return {
    /** Unix ms at which the phase begins. */
    begin,
    next(speed: number): number {
      if (made >= attempts) return Number.POSITIVE_INFINITY
      let left = gap()
      while (since < durationMs) {
        const step = Math.floor(since / stepMs)
        const end = Math.min(durationMs, (step + 1) * stepMs)
        const rate = middle(step) * perUnit * speed
        if (rate * (end - since) >= left) {
          since += left / rate
          made++
          return begin + since
        }
        left -= rate * (end - since)
        since = end
      }
      return Number.POSITIVE_INFINITY
    },
    /** Lies low until then. */
    skipTo(at: number): void {
      since = Math.max(since, at - begin)
    },
  }
}
