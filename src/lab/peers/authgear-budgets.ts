import { DAY, HOUR } from '../../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from '../contender.js'
import { createVerified } from './authgear-verified.js'
import { createLeakyBuckets } from './leaky-bucket.js'
import { Fading } from './sliding.js'
import { subscriberOf } from './subscriber.js'

const DAILY_SHARE = 0.3
const HOURLY_SHARE = 0.2
/** A day's budget comes to an hour in a sixth of it. */
const HOURS_OF_BUDGET = 6
const COUNTRIES_PER_IP = 3
/** How long a number that was verified keeps passing. */
const KNOWN_FOR_MS = 365 * DAY

/** Times at which an address asked for a country and verified in it, Unix ms. */
interface Visits {
  asked: Map<string, number>
  verified: Map<string, number>
}

/**
 * Authgear's adaptive budgets of unverified codes, with `deny_if_any_warning` (its default only records). Sources:
 * https://github.com/authgear/authgear-server docs/specs/fraud-protection.md and pkg/lib/fraudprotection (2026); where
 * they differ, the service. Every request fills four leaky buckets before the send, refused ones too, and a bucket
 * over its budget is a warning; a verification drains one unit. A country may have unverified in a day
 * max(20, 0.3 x best day of 14, 0.3 x verified in 24 h), in an hour max(3, 0.2 x best day / 6, 0.2 x verified in the
 * hour); an IP address in a day max(10, 0.3 x verified in 24 h), in an hour max(5, 0.2 x verified in 24 h / 6), and
 * 3 countries a day in which it verified nothing. Numbers that were verified before pass (pull request 5803).
 * @param options.scale factor on the budgets @default 1
 */
export function createAuthgearBudgets({ scale = 1 }: { scale?: number } = {}): Contender {
  const verified = createVerified()
  const known = new Fading<true>(KNOWN_FOR_MS)
  const countryDay = createLeakyBuckets(DAY)
  const countryHour = createLeakyBuckets(HOUR)
  const ipDay = createLeakyBuckets(DAY)
  const ipHour = createLeakyBuckets(HOUR)
  const visits = new Fading<Visits>(DAY)

  /** @returns warnings of the buckets that ran over */
  function pour(country: string, ip: string | null, amount: number, now: number): string[] {
    const best = verified.bestDay(country, now)
    const over: string[] = []
    const budget = (name: string, isOver: boolean): void => {
      if (isOver) over.push(`SMS__UNVERIFIED_OTPS__BY_${name}_THRESHOLD_EXCEEDED`)
    }
    const daily = Math.max(20, DAILY_SHARE * best, DAILY_SHARE * verified.inDay(country, now))
    budget('PHONE_COUNTRY__DAILY', countryDay.pour(country, amount, scale * daily, now))
    const hourly = Math.max(
      3,
      (HOURLY_SHARE * best) / HOURS_OF_BUDGET,
      HOURLY_SHARE * verified.inHour(country, now),
    )
    budget('PHONE_COUNTRY__HOURLY', countryHour.pour(country, amount, scale * hourly, now))
    if (ip === null) return over
    const mine = verified.ofIp(ip, now)
    budget('IP__DAILY', ipDay.pour(ip, amount, scale * Math.max(10, DAILY_SHARE * mine), now))
    budget(
      'IP__HOURLY',
      ipHour.pour(ip, amount, scale * Math.max(5, (HOURLY_SHARE * mine) / HOURS_OF_BUDGET), now),
    )
    return over
  }

  function visitsOf(ip: string, now: number): Visits {
    let found = visits.get(ip, now)
    if (found === undefined) {
      found = { asked: new Map(), verified: new Map() }
      visits.set(ip, found, now)
    }
    return found
  }

  /** Countries that an address asked for in the last day without verifying in them. */
  function strangeCountries(ip: string, country: string, now: number): number {
    const { asked, verified: proven } = visitsOf(ip, now)
    asked.set(country, now)
    let strange = 0
    for (const [name, at] of asked) {
      if (at <= now - DAY) asked.delete(name)
      else if ((proven.get(name) ?? Number.NEGATIVE_INFINITY) <= now - DAY) strange++
    }
    return strange
  }

  return {
    name: 'authgear-budgets',
    decide({ at, to }, { number, source }): ContenderVerdict {
      // what cannot be parsed is not looked at
      if (number.e164 === '' || number.country === '') return ALLOWED
      const reasons = pour(number.country, source.ip, 1, at)
      if (
        source.ip !== null &&
        strangeCountries(source.ip, number.country, at) > scale * COUNTRIES_PER_IP
      )
        reasons.push('SMS__PHONE_COUNTRIES__BY_IP__DAILY_THRESHOLD_EXCEEDED')
      if (reasons.length === 0 || known.get(subscriberOf(to, number), at)) return ALLOWED
      return { verdict: 'deny', reasons }
    },
    outcome({ to }, { number, source }, what, at) {
      if (what !== 'verified' || number.country === '') return
      known.set(subscriberOf(to, number), true, at)
      verified.add(number.country, source.ip, at)
      if (source.ip !== null) visitsOf(source.ip, at).verified.set(number.country, at)
      pour(number.country, source.ip, -1, at)
    },
  }
}
