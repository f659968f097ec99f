import type { Sums } from './counters.js'
import { HOUR_MS, variation } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal, SignalContext } from './signal.js'

/** Fewer gaps say nothing of their spread. */
const MIN_GAPS = 8
/** People arrive as a Poisson process: exponential gaps, coefficient of variation 1; timers of bots are under 0.3. */
const EXPONENTIAL = 1
const HIGHEST = 0.6
/** (1 - cv) sqrt(n) is about normal for exponential gaps: two sigma begin, four are full. */
const SIGMA_FROM = 2
const SIGMA_TO = 4

const regular = (
  code: string,
  from: string,
  gapsOf: (context: SignalContext) => Sums | undefined,
): Signal => ({
  code,
  group: 'rhythm',
  start: 1,
  why: 'Gaps of one machine vary by less than 0.3 of their mean where those of people vary by 1; trivial to evade with jitter, so the weight is low.',
  says: `as the coefficient of variation of the gaps between requests ${from}`,
  unit: 'ratio',
  read(context, seen) {
    const gaps = gapsOf(context)
    if (gaps === undefined || gaps.n < MIN_GAPS) return 0
    const cv = variation(gaps)
    if (cv === null || cv > HIGHEST) return 0
    const strength = ramp((EXPONENTIAL - cv) * Math.sqrt(gaps.n), SIGMA_FROM, SIGMA_TO)
    if (strength === 0) return 0
    seen.observed = cv
    seen.expected = EXPONENTIAL
    seen.windowMs = HOUR_MS
    return strength
  },
})

/** Requests that come like clockwork. */
export const regulars: readonly Signal[] = [
  regular('block.regular', 'to this block', ({ counters }) => counters.block.gaps),
  regular('ip.regular', 'from this IP address', ({ counters }) => counters.ip?.gaps),
  regular('device.regular', 'from this device', ({ counters }) => counters.device?.gaps),
  regular('network.regular', 'from this network', ({ counters }) => counters.network?.gaps),
]
