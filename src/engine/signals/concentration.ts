import { DAY } from '../units.js'
import { BLOCK_LONG_MS, HOUR_MS, hourlyRate, spanOf } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'
import { softened } from './softened.js'

/** Sends of an active block in a day where the country's spread is not known yet: 1.14 at 20,000 sends a day. */
const UNKNOWN_SPREAD = 1.14
/** How many times its usual rate an attacked block is asked for: the alternative of the test. */
const SURGE = 100
/** Log-likelihood ratio of one send where none is usual (ln 100), which anybody may be, and of four, which is no chance. */
const SURPRISE_FROM = Math.log(SURGE)
const SURPRISE_TO = 4 * Math.log(SURGE)

/** Numbers in one block against the country's spread: ln P(N | 100 lambda) / P(N | lambda) = N ln 100 - 99 lambda. */
export const concentration: Signal = {
  code: 'block.concentration',
  group: 'range',
  start: 3,
  why: 'At 20,000 sends a day a block sees 1.14, and three in ten minutes have a chance of 5e-10 by its own rate. Needs no feedback, hence fast; blocks differ more than Poisson says, so not the full 4.',
  says: 'messages to this block of 10,000 numbers',
  unit: 'messages',
  read({ counters: { block, sessionSends }, meanPerBlock }, seen) {
    const sends = block.sends1h + (sessionSends === 0 ? 1 : 0)
    // a block that verified before is as busy as it was, not as its country's mean
    const daily =
      (meanPerBlock > 0 ? meanPerBlock : UNKNOWN_SPREAD) +
      24 * hourlyRate(block.verifiedLong, BLOCK_LONG_MS)
    const expected = (daily * spanOf(HOUR_MS)) / DAY
    const surprise = sends * Math.log(SURGE) - (SURGE - 1) * expected
    const strength = softened(ramp(surprise, SURPRISE_FROM, SURPRISE_TO), block)
    if (strength === 0) return 0
    seen.observed = sends
    seen.expected = expected
    seen.windowMs = HOUR_MS
    return strength
  },
}
