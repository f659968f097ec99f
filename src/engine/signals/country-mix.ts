import { HOUR_MS } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** From the threshold of chance to three times it. */
const TIMES_TO = 3

/** The mix of countries drifts from the usual, and this country is what it drifts towards. */
export const countryMix: Signal = {
  code: 'country.mix_drift',
  group: 'country',
  start: 1.5,
  why: 'In simulation a new country taking 5 % of 1,000 sends was always over the chi-square threshold, which chance passes in under one look of a thousand; campaigns drift too.',
  says: 'of all sends went to this country',
  unit: 'share',
  read({ mix }, seen) {
    if (mix === undefined || mix === null || mix.part <= 0 || mix.psi <= mix.threshold) return 0
    const strength = (0.5 + 0.5 * ramp(mix.psi / mix.threshold, 1, TIMES_TO)) * mix.part
    seen.observed = mix.share
    seen.expected = mix.usual
    seen.windowMs = HOUR_MS
    return strength
  },
}
