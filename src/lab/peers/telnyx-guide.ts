import { MINUTE } from '../../engine/units.js'
import { ALLOWED, type Contender, type ContenderVerdict } from '../contender.js'
import { createEventLog, createTally } from './sliding.js'
import { subscriberOf } from './subscriber.js'

const WINDOW_MS = 10 * MINUTE
const RATIO_WINDOW_MS = 15 * MINUTE
const RATIO = 0.3
/** Slots of the ratio's window: 15 s each. */
const RATIO_SLOTS = 60
const EVERYBODY = 'all'

/**
 * Telnyx, "Rate limiting and fraud prevention for Verify",
 * https://developers.telnyx.com/docs/identity/verify/rate-limiting-fraud-prevention: sliding windows of 3 codes for a
 * number and 20 for an IP address in 10 minutes, 100 a minute over all, and a circuit breaker that pauses a country
 * when under 30 % of more than 20 codes of the last 15 minutes were verified. The guide does not say when a pause
 * ends: here when the window it was seen in has passed.
 * @param options.scale factor on every count, the breaker's too @default 1
 */
export function createTelnyxGuide({ scale = 1 }: { scale?: number } = {}): Contender {
  const limit = (n: number): number => Math.max(1, Math.round(n * scale))
  const [perNumber, perIp, overall, enough] = [limit(3), limit(20), limit(100), limit(20)]
  const numbers = createEventLog(WINDOW_MS, perNumber)
  const ips = createEventLog(WINDOW_MS, perIp)
  const all = createEventLog(MINUTE, overall)
  const sent = createTally(RATIO_WINDOW_MS, RATIO_SLOTS)
  const verified = createTally(RATIO_WINDOW_MS, RATIO_SLOTS)
  const pausedUntil = new Map<string, number>()

  /** The breaker looks at every request, before anything is sent. */
  function isPaused(country: string, at: number): boolean {
    if ((pausedUntil.get(country) ?? 0) > at) return true
    const sends = sent.count(country, at)
    if (sends <= enough || verified.count(country, at) >= RATIO * sends) return false
    pausedUntil.set(country, at + RATIO_WINDOW_MS)
    return true
  }

  return {
    name: 'telnyx-guide',
    decide({ at, to }, { number, source }): ContenderVerdict {
      const reasons: string[] = []
      const subscriber = subscriberOf(to, number)
      if (numbers.count(subscriber, at) >= perNumber) reasons.push('per number, 10 minutes')
      if (source.ip !== null && ips.count(source.ip, at) >= perIp)
        reasons.push('per IP, 10 minutes')
      if (all.count(EVERYBODY, at) >= overall) reasons.push('global, 1 minute')
      if (isPaused(number.country, at)) reasons.push('country paused: verify ratio')
      if (reasons.length > 0) return { verdict: 'deny', reasons }
      numbers.add(subscriber, at)
      if (source.ip !== null) ips.add(source.ip, at)
      all.add(EVERYBODY, at)
      sent.add(number.country, at)
      return ALLOWED
    },
    outcome(_, { number }, what, at) {
      if (what === 'verified') verified.add(number.country, at)
    },
  }
}
