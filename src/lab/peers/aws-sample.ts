import type { NumberType } from '../../engine/facts.js'
import { DAY } from '../../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from '../contender.js'
import { createEventLog } from './sliding.js'
import { subscriberOf } from './subscriber.js'

const OUTSIDE = 1.25
const DATACENTER = 1.4
const VELOCITY = 2
/** Score from which the sample's threat level is HIGH, which is what blocks. */
const BLOCKED_FROM = 2
const SUFFIX_DIGITS = 3
/** The sample's LANDLINE, VOIP, INVALID and OTHER, in the types of libphonenumber. */
const SENDABLE: ReadonlySet<NumberType> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE'])

export interface AwsSampleOptions {
  /** ISO 3166 alpha-2: where most codes are supposed to come from and go to */
  coreCountries: readonly string[]
  /** factor on the three velocity thresholds @default 1 */
  scale?: number
}

/**
 * The public sample for AWS (WAF, Lambda@Edge, DynamoDB), https://github.com/achrafsouk/sms-pumping,
 * lambda/edge/index.mjs: over 24 hours more than 5 requests of an IP address, more than 5 for a number, more than 10 for
 * a number without its last three digits; each such velocity multiplies a score of 1 by 2 x count / threshold, a number
 * and an address outside the core countries by 1.25 each, a data centre by 1.4; 2 or more is blocked, and so are
 * number types that take no text. Requests count whether they were blocked or not. Left out, since only AWS WAF sees
 * them: its bot, VPN and session signals. The sample ships with blocking turned off; here it is on.
 */
export function createAwsSample({ coreCountries, scale = 1 }: AwsSampleOptions): Contender {
  const core = new Set(coreCountries)
  const threshold = (n: number): number => Math.max(1, Math.round(n * scale))
  // one more than the threshold tells that it is passed, and every velocity passed blocks by itself
  const velocity = (name: string, most: number) => ({
    name,
    most,
    log: createEventLog(DAY, most + 1),
  })
  const ip = velocity('IP_VELOCITY', threshold(5))
  const phone = velocity('PHONE_VELOCITY', threshold(5))
  const prefix = velocity('PHONE_PREFIX_VELOCITY', threshold(10))

  return {
    name: 'aws-sample',
    decide(row, facts): ContenderVerdict {
      const { number, source } = facts
      const reasons: string[] = []
      const subscriber = subscriberOf(row.to, number)
      let score = 1
      const weigh = (name: string, factor: number): void => {
        score *= factor
        reasons.push(name)
      }
      if (source.country === null || !core.has(source.country))
        weigh('IP_NON_CORE_COUNTRY', OUTSIDE)
      if (!core.has(number.country)) weigh('PHONE_NON_CORE_COUNTRY', OUTSIDE)
      if (source.hosting) weigh('DATACENTER_IP', DATACENTER)
      for (const [check, key] of [
        [ip, source.ip],
        [phone, subscriber],
        [prefix, subscriber.slice(0, -SUFFIX_DIGITS)],
      ] as const) {
        if (key === null) continue
        const count = check.log.count(key, row.at)
        if (count > check.most) weigh(check.name, (VELOCITY * count) / check.most)
        check.log.add(key, row.at)
      }
      if (number.problem !== null || !SENDABLE.has(number.type))
        return { verdict: 'deny', reasons: [...reasons, 'BANNED_PHONE_TYPE'] }
      return score >= BLOCKED_FROM ? { verdict: 'deny', reasons } : ALLOWED
    },
    outcome() {
      // the sample never hears what became of a message
    },
  }
}
