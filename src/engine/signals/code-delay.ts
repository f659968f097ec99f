import { SECOND } from '../units.js'
import { BLOCK_LONG_MS, LONG_MS, variation } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal, SignalCounters, SourceCounters, Sums } from './signal.js'

/** Send to verification: lognormal, median 20.7 s, sigma 0.79, so one person in fifty is under 4 s. */
const USUAL_MS = 20.7 * SECOND
const FAST_FROM = 8 * SECOND
const FAST_TO = 3 * SECOND
/** Coefficient of variation of that lognormal: sqrt(exp(sigma^2) - 1). */
const USUAL_VARIATION = 0.93
const SAME_FROM = 0.5
const SAME_TO = 0.15
/** Codes entered before their delays say anything. */
const MIN_FAST = 3
const MIN_SAME = 6

type Measure = 'fast' | 'same'

const strengthOf = (measure: Measure, delays: Sums): number => {
  if (measure === 'fast')
    return delays.n < MIN_FAST ? 0 : ramp(-delays.sum / delays.n, -FAST_FROM, -FAST_TO)
  if (delays.n < MIN_SAME) return 0
  const cv = variation(delays)
  return cv === null ? 0 : ramp(-cv, -SAME_FROM, -SAME_TO)
}

/** The sums that speak louder; the first where neither speaks. */
function louder(measure: Measure, a: Sums, b: SourceCounters | null): Sums {
  return b !== null && strengthOf(measure, b.delays) > strengthOf(measure, a) ? b.delays : a
}

/** Loudest over all that may enter the codes of many: the holder of the block, or one source. */
function loudest(measure: Measure, { block, ip, subnet, device, account }: SignalCounters): Sums {
  const narrow = louder(measure, louder(measure, block.delays, device), account)
  return louder(measure, louder(measure, narrow, ip), subnet)
}

/** Codes are entered as no hand does it: the holder of a range reads and enters its own codes. */
export const codeDelays: readonly Signal[] = [
  {
    code: 'code.entered_fast',
    group: 'session',
    start: 2,
    why: 'One person in fifty enters a code within 4 s of the send; autofill of the phone is the exception, hence the mean of several.',
    says: 'as the mean time from send to entry in this block or source',
    unit: 'ms',
    learns: 'labels',
    read({ counters }, seen) {
      const delays = loudest('fast', counters)
      const strength = strengthOf('fast', delays)
      if (strength === 0) return 0
      seen.observed = delays.sum / delays.n
      seen.expected = USUAL_MS
      seen.windowMs = delays === counters.block.delays ? BLOCK_LONG_MS : LONG_MS
      return strength
    },
  },
  {
    code: 'code.same_delay',
    group: 'session',
    start: 2,
    why: 'People vary by 0.93 of the mean from send to entry, a script by what its network varies.',
    says: 'as the coefficient of variation of the time from send to entry in this block or source',
    unit: 'ratio',
    learns: 'labels',
    read({ counters }, seen) {
      const delays = loudest('same', counters)
      const strength = strengthOf('same', delays)
      if (strength === 0) return 0
      seen.observed = variation(delays)
      seen.expected = USUAL_VARIATION
      seen.windowMs = delays === counters.block.delays ? BLOCK_LONG_MS : LONG_MS
      return strength
    },
  },
]
