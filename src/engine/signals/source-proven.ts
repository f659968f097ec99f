import { LONG_MS } from './decayed.js'
import { pumpedShare } from './pumped-share.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

type Source = 'ip' | 'subnet' | 'device' | 'account'

const proven = (of: Source, name: string, start: number, full: number, why: string): Signal => ({
  code: `${of}.proven`,
  group: 'proof',
  start,
  why,
  says: `codes entered lately from ${name}`,
  unit: 'messages',
  read({ counters, p, unreported }, seen) {
    const source = counters[of]
    if (source === null || unreported === true || source.verifiedLong <= 0) return 0
    const { verifiedLong, lostLong } = source
    // what others proved says nothing once the source loses more than people do
    const strength =
      ramp(verifiedLong, 0, full) * (1 - ramp(pumpedShare(verifiedLong, lostLong, p), 0, 0.3))
    if (strength === 0) return 0
    seen.observed = verifiedLong
    seen.expected = 0
    seen.windowMs = LONG_MS
    return strength
  },
})

/** Where people verify, people ask: a stranger's line at home, rented by the request, has no history here. */
export const sourcesProven: readonly Signal[] = [
  proven(
    'ip',
    'this IP address',
    -1.5,
    2,
    "A carrier's shared address verifies all day; a residential proxy is new nearly every time. Judged: a person is some five times as likely to come from an address that verified.",
  ),
  proven(
    'subnet',
    'this subnet (/24, /48)',
    -0.7,
    4,
    'As the address, but a subnet is shared with more strangers. Judged at half of it.',
  ),
  proven(
    'device',
    'this device',
    -2,
    1,
    'The device of a customer. Attackers who verify on few devices meet the earning caps. Judged.',
  ),
  proven('account', 'this account', -2, 1, 'As the device. Judged.'),
]
