import { ramp } from './ramp.js'
import type { Signal } from './signal.js'
import { findSurge, worstSurge } from './surge.js'

/** An hour with half of the mean is off-peak, one with a tenth is dead of night. */
const QUIET_FROM = 0.5
const QUIET_TO = 0.1
/** Below a burst: what would pass for a good hour by day speaks at night. */
const Z_FROM = 1.5
const Z_TO = 6

/** More than usual in an hour in which people sleep. */
export const offPeak: Signal = {
  code: 'country.off_peak',
  group: 'rhythm',
  start: 1.2,
  why: 'Reported attacks start at night (after midnight, 05:00 UTC). Paydays and night shifts move the rhythm as well, so the weight is low.',
  says: 'messages an hour to this country, in an hour that is usually quiet',
  unit: 'messages_hourly',
  read({ counters: { country } }, seen) {
    const { usualHourly, usualFlat } = country
    if (usualHourly === null || usualFlat === null || usualFlat <= 0) return 0
    const quiet = ramp(-usualHourly / usualFlat, -QUIET_FROM, -QUIET_TO)
    if (quiet === 0 || !findSurge(country)) return 0
    const strength = quiet * ramp(worstSurge.z, Z_FROM, Z_TO)
    if (strength === 0) return 0
    seen.observed = worstSurge.hourly
    seen.expected = usualHourly
    seen.windowMs = worstSurge.halfLifeMs
    return strength
  },
}
