import { ramp } from './ramp.js'
import type { Signal, SignalContext } from './signal.js'
import { findSurge, worstSurge } from './surge.js'

/** A z of 4 is met once in 30,000 hours of normal noise; real traffic is rougher, 12 is no noise. */
const Z_FROM = 4
const Z_TO = 12
/** And it must be so many times the usual: large countries reach any z with a good evening. */
const TIMES_FROM = 1.5
const TIMES_TO = 4

const burst = (level: 'operator' | 'country', start: number): Signal => ({
  code: `${level}.burst`,
  group: 'rhythm',
  start,
  why: 'Attacks bring hundreds a minute (240,000 in four hours against 50,000 a month at one retailer). A launch or a flash crowd looks alike, so volume alone stays under the weight of failed conversion.',
  says: `messages an hour to this ${level}`,
  unit: 'messages_hourly',
  read({ counters }: SignalContext, seen) {
    const range = counters[level]
    if (!findSurge(range)) return 0
    const usual = range.usualHourly ?? 0
    const times = worstSurge.hourly / Math.max(1, usual)
    const strength = Math.min(ramp(worstSurge.z, Z_FROM, Z_TO), ramp(times, TIMES_FROM, TIMES_TO))
    if (strength === 0) return 0
    seen.observed = worstSurge.hourly
    seen.expected = usual
    seen.windowMs = worstSurge.halfLifeMs
    return strength
  },
})

/** Far more than usual in an hour like this one, at the operator and at the country. */
export const bursts: readonly Signal[] = [burst('operator', 2), burst('country', 1.5)]
