import { BLOCK_LONG_MS } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

/** One in five people who get no code asks again; the country's own share takes over as it is seen. */
const USUAL = 0.2
const PRIOR_SESSIONS = 20
/** What bots do. */
const BOTS = 0.02
const LLR_FROM = 1.5
const LLR_TO = 5

/** Nobody in this block ever asks for a code again. */
export const neverResent: Signal = {
  code: 'block.never_resent',
  group: 'session',
  start: 1,
  why: 'About 20 % of people whose code does not come ask again (37 % after a failed delivery at one vendor), bots rarely do. Easy to imitate, so the weight is low.',
  says: 'of the unverified sessions of this block asked again',
  unit: 'share',
  read({ counters: { block, country }, unreported }, seen) {
    if (unreported === true || block.lostLong < 2) return 0
    const lost = block.lostLong
    const resent = Math.min(block.resentLong, lost)
    const usual =
      (Math.min(country.resentLong, country.lostLong) + USUAL * PRIOR_SESSIONS) /
      (country.lostLong + PRIOR_SESSIONS)
    if (usual <= BOTS) return 0
    const llr =
      resent * Math.log(BOTS / usual) + (lost - resent) * Math.log((1 - BOTS) / (1 - usual))
    const strength = ramp(llr, LLR_FROM, LLR_TO)
    if (strength === 0) return 0
    seen.observed = resent / lost
    seen.expected = usual
    seen.windowMs = BLOCK_LONG_MS
    return strength
  },
}
