import { HOUR_MS } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** One to five percent of messages fail on healthy routes. */
const USUAL = 0.05
/** Messages of prior evidence. */
const PRIOR_MESSAGES = 5

const failed = (level: 'block' | 'operator', start: number): Signal => ({
  code: `${level}.first_failed`,
  group: 'conversion',
  start,
  why: 'Numbers made up at random are mostly not in service: first messages fail at many times the usual 1 to 5 %. Receipts are unreliable and outages fail too, so below conversion.',
  says: `of the first messages to this ${level} failed`,
  unit: 'share',
  read({ counters }, seen) {
    const { failed1h, sends1h } = counters[level]
    if (failed1h <= 0) return 0
    const sends = Math.max(sends1h, failed1h)
    const rate = (failed1h + USUAL * PRIOR_MESSAGES) / (sends + PRIOR_MESSAGES)
    const strength = ramp(rate, 3 * USUAL, 12 * USUAL)
    if (strength === 0) return 0
    seen.observed = failed1h / sends
    seen.expected = USUAL
    seen.windowMs = HOUR_MS
    return strength
  },
})

/** First messages of sessions that could not be delivered. */
export const firstFailed: readonly Signal[] = [failed('block', 2.5), failed('operator', 1.5)]
