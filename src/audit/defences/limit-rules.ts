import { HOUR } from '../../engine/units.js'
import { createEventLog } from '../../lab/peers/sliding.js'
import type { MessageLog } from '../message-log.js'
import type { Asked, Rule } from './rule.js'

/** The limits of vendors' guides: messages an hour. */
const PER_NUMBER = 5
const PER_IP = 10
const SOURCE = 'https://developers.telnyx.com/docs/identity/verify/security-best-practices'

const SIEVE_BITS = 22

/** Which keys have more than a limit in the whole log, or share a slot with one: most never need a window. */
function createSieve(most: number) {
  const counts = new Uint8Array(2 ** SIEVE_BITS)
  const slotOf = (key: number): number =>
    Math.imul((key | 0) ^ Math.floor(key / 2 ** 32), 0x9e3779b1) >>> (32 - SIEVE_BITS)
  return {
    add(key: number): void {
      const slot = slotOf(key)
      const count = counts[slot] as number
      if (count <= most) counts[slot] = count + 1
    },
    mayExceed: (key: number): boolean => (counts[slotOf(key)] as number) > most,
  }
}

/** A sliding hour in which what was refused counts for nothing. */
function hourly(limit: number, keyOf: (asked: Asked) => number, keys: Iterable<number>) {
  const sieve = createSieve(limit)
  for (const key of keys) sieve.add(key)
  const sent = createEventLog(HOUR, limit)
  return (asked: Asked): boolean => {
    const key = keyOf(asked)
    if (key === 0 || !sieve.mayExceed(key)) return false
    const name = String(key)
    if (sent.count(name, asked.at) >= limit) return true
    sent.add(name, asked.at)
    return false
  }
}

/** Rate limits per number and per address; the latter only where the log has addresses. */
export function limitRules({ columns, size, ips }: MessageLog): Rule[] {
  // whose last digits are masked cannot be told from their neighbours
  const numberOf = ({ number, masked }: Asked): number => (masked > 0 ? 0 : number)
  const rules: Rule[] = [
    {
      defence: 'limit-per-number',
      title: `Rate limit: ${PER_NUMBER} an hour for a number`,
      source: SOURCE,
      assumption: 'numbers with masked digits are not counted',
      stops: hourly(PER_NUMBER, numberOf, columns.number.subarray(0, size)),
    },
  ]
  if (ips.length > 1)
    rules.push({
      defence: 'limit-per-ip',
      title: `Rate limit: ${PER_IP} an hour for an IP address`,
      source: SOURCE,
      assumption: 'messages without an address in the log are not counted',
      stops: hourly(PER_IP, ({ ip }) => ip, columns.ip.subarray(0, size)),
    })
  return rules
}
