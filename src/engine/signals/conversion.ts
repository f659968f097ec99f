import type { RangeCounters } from './counters.js'
import { HOUR_MS, SHORT_MS } from './decayed.js'
import { conversionFell, pumpedShare } from './pumped-share.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** A narrow range is attacked or not: log-likelihood ratio 2 (three losses) to 8 (eight). */
const LLR_FROM = 2
const LLR_TO = 8
/** Of a wide range a part is attacked: the share of its sends that must have been pumped. */
const SHARE_FROM = 0.15
const SHARE_TO = 0.7

const windows = { '15m': SHORT_MS, '1h': HOUR_MS } as const
type Window = keyof typeof windows
type Level = 'block' | 'operator' | 'country'

const verifiedOf = (range: RangeCounters, window: Window): number =>
  window === '15m' ? range.verified15m : range.verified1h
const lostOf = (range: RangeCounters, window: Window): number =>
  window === '15m' ? range.lost15m : range.lost1h

const conversion = (level: Level, window: Window, start: number, why: string): Signal => ({
  code: `${level}.conversion_${window}`,
  group: 'conversion',
  start,
  why,
  says: `of the sends to this ${level} verified`,
  unit: 'share',
  read({ counters, p, unreported }, seen) {
    if (unreported === true) return 0
    const range = counters[level]
    const verified = verifiedOf(range, window)
    const lost = lostOf(range, window)
    if (lost <= 0) return 0
    const strength =
      level === 'block'
        ? ramp(conversionFell(verified, lost, p), LLR_FROM, LLR_TO)
        : ramp(pumpedShare(verified, lost, p), SHARE_FROM, SHARE_TO)
    if (strength === 0) return 0
    seen.observed = verified / (verified + lost)
    seen.expected = p
    seen.windowMs = windows[window]
    return strength
  },
})

const BLOCK =
  'Healthy conversion is 60 to 80 %, attackers of reported cases never verified: eight losses in a row are worth e^8 at a baseline of 70 %.'
const OPERATOR =
  'The share of sends that must have been pumped for the operator to convert as it does; the rest are its users.'
const COUNTRY = 'As the operator, diluted by all its users: outages of a route look alike.'

/** Verify-to-send ratio of the range at 15 min and at 1 h, against the baseline of its country. */
export const conversions: readonly Signal[] = [
  conversion('block', '15m', 3.5, BLOCK),
  conversion('block', '1h', 3.5, BLOCK),
  conversion('operator', '15m', 2.5, OPERATOR),
  conversion('operator', '1h', 2.5, OPERATOR),
  conversion('country', '15m', 2, COUNTRY),
  conversion('country', '1h', 2, COUNTRY),
]
