import { HOUR } from '../../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from '../contender.js'
import { createEventLog } from './sliding.js'
import { subscriberOf } from './subscriber.js'

export interface VendorLimitsOptions {
  /** ISO 3166 alpha-2; nothing goes anywhere else. Absent: everywhere */
  allowed?: readonly string[]
  /** factor on every limit @default 1 */
  scale?: number
}

/**
 * Fixed hourly limits, as vendors' guides recommend them: 5 codes for a number, 10 for an IP address, 5 for a device,
 * with or without the countries where the users are. Source: Telnyx, "Verify: security best practices", table of
 * recommended limits (5 for "account/session": here the device, which is what sign-ups have instead) and "restrict
 * destination countries", https://developers.telnyx.com/docs/identity/verify/security-best-practices. What is refused
 * counts for nothing, as in the sliding window of that vendor's rate-limiting guide.
 */
export function createVendorLimits({ allowed, scale = 1 }: VendorLimitsOptions = {}): Contender {
  const countries = allowed === undefined ? null : new Set(allowed)
  const limit = (n: number): number => Math.max(1, Math.round(n * scale))
  const [perNumber, perIp, perDevice] = [limit(5), limit(10), limit(5)]
  const numbers = createEventLog(HOUR, perNumber)
  const ips = createEventLog(HOUR, perIp)
  const devices = createEventLog(HOUR, perDevice)
  return {
    name: countries === null ? 'vendor-limits' : 'vendor-limits+allow-list',
    decide({ at, to, deviceId }, { number, source }): ContenderVerdict {
      const reasons: string[] = []
      const subscriber = subscriberOf(to, number)
      if (countries !== null && !countries.has(number.country)) reasons.push('country not allowed')
      if (numbers.count(subscriber, at) >= perNumber) reasons.push('per number, 1 hour')
      if (source.ip !== null && ips.count(source.ip, at) >= perIp) reasons.push('per IP, 1 hour')
      if (deviceId !== null && devices.count(deviceId, at) >= perDevice)
        reasons.push('per device, 1 hour')
      if (reasons.length > 0) return { verdict: 'deny', reasons }
      numbers.add(subscriber, at)
      if (source.ip !== null) ips.add(source.ip, at)
      if (deviceId !== null) devices.add(deviceId, at)
      return ALLOWED
    },
    outcome() {
      // fixed limits learn nothing from what became of a message
    },
  }
}
