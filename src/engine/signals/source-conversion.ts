import { LONG_MS } from './decayed.js'
import { conversionFell, pumpedShare } from './pumped-share.js'
import { ramp } from './ramp.js'
import type { Signal } from './signal.js'

type Source = 'ip' | 'subnet' | 'device' | 'account' | 'network'

const conversion = (of: Source, name: string, start: number): Signal => ({
  code: `${of}.conversion`,
  group: 'source',
  start,
  why:
    of === 'network'
      ? 'A network is shared by many: the share of its sends that must have been pumped.'
      : 'A source whose codes nobody enters is a bot, or one person in trouble: three losses begin to speak, eight are certain.',
  says: `of the sends asked for from ${name} verified`,
  unit: 'share',
  read({ counters, p, unreported }, seen) {
    const source = counters[of]
    if (source === null || unreported === true || source.lostLong <= 0) return 0
    const { verifiedLong, lostLong } = source
    const strength =
      of === 'network'
        ? ramp(pumpedShare(verifiedLong, lostLong, p), 0.15, 0.7)
        : ramp(conversionFell(verifiedLong, lostLong, p), 2, 8)
    if (strength === 0) return 0
    seen.observed = verifiedLong / (verifiedLong + lostLong)
    seen.expected = p
    seen.windowMs = LONG_MS
    return strength
  },
})

/** Codes asked for by this source that nobody entered. */
export const sourceConversions: readonly Signal[] = [
  conversion('ip', 'this IP address', 2.5),
  conversion('subnet', 'this subnet (/24, /48)', 2),
  conversion('network', 'this network (AS)', 1.5),
  conversion('device', 'this device', 3),
  conversion('account', 'this account', 3),
]
