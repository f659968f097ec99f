import { DAY, HOUR } from '../units.js'
import type { SourceCounters } from './counters.js'
import { hourlyRate, LONG_MS } from './decayed.js'
import { ramp } from './ramp.js'
import type { Signal, SignalContext } from './signal.js'

type Source = 'ip' | 'subnet' | 'network' | 'device' | 'account'

/** Peak over mean of a day, for services that report no outcome: single-peak rhythm 1.6, and noise. */
const PEAK = 3
/** Times the expected at which the strength is full. */
const TIMES_TO = 8

/**
 * Numbers a source may ask for in an hour: so many of its own, and one for each `p` it verified. Without outcomes: what
 * it asked for on other days.
 */
function expectedNumbers(free: number, source: SourceCounters, context: SignalContext): number {
  return context.unreported === true
    ? free + PEAK * hourlyRate(source.lostLong + source.verifiedLong, LONG_MS)
    : free + source.verifiedLong / context.p
}

const numbers = (of: Source, name: string, free: number, start: number, why: string): Signal => ({
  code: `${of}.numbers`,
  group: 'source',
  start,
  why,
  says: `numbers from ${name}`,
  unit: 'numbers',
  read(context, seen) {
    const source = context.counters[of]
    if (source === null || source.numbers1h <= free) return 0
    const expected = expectedNumbers(free, source, context)
    const strength = ramp(Math.log(source.numbers1h / expected), 0, Math.log(TIMES_TO))
    if (strength === 0) return 0
    seen.observed = source.numbers1h
    seen.expected = expected
    seen.windowMs = HOUR
    return strength
  },
})

/** Different numbers from one source, against what that source verified. */
export const numbersPerSource: readonly Signal[] = [
  numbers(
    'ip',
    'this IP address',
    3,
    2.5,
    'Carrier-grade NAT puts hundreds of people behind an address (Cloudflare 2025), but they verify; what does not verify is a bot without proxies.',
  ),
  numbers(
    'subnet',
    'this subnet (/24, /48)',
    8,
    2,
    'Rented addresses come in subnets; a /24 of homes is wider than an address, so a little less.',
  ),
  numbers(
    'network',
    'this network (AS)',
    40,
    1,
    'Whole networks are shared by many; only far over what the network verified.',
  ),
  numbers(
    'device',
    'this device',
    2,
    3,
    'Two or three SIMs in a phone are common (66 % of phones in Nigeria have two); ten numbers in an hour are not.',
  ),
  numbers('account', 'this account', 2, 3, 'An account has one number, sometimes a second.'),
]

/** Different countries from one address in a day. */
export const countriesPerIp: Signal = {
  code: 'ip.countries',
  group: 'source',
  start: 1.5,
  why: 'Authgear warns at more than three countries of an address in a day; gateways of companies and VPN exits do that too.',
  says: 'countries from this IP address',
  unit: 'countries',
  read({ counters: { ip } }, seen) {
    if (ip === null) return 0
    const strength = ramp(ip.countries1d, 2, 6)
    if (strength === 0) return 0
    seen.observed = ip.countries1d
    seen.expected = 1
    seen.windowMs = DAY
    return strength
  },
}
