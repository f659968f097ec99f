import type { Random } from '../../src/lab/random.js'
import type { Potential, TrafficRow } from '../../src/lab/traffic.js'
import { type Actor, durationMs, type Outage } from './scenario.js'

/** Monday 16 November 2026, midnight UTC: every scenario starts here. */
export const START = Date.UTC(2026, 10, 16)
const DAY = 86_400_000
const HOUR = 3_600_000

/** Nobody comes back before so many have verified: else the first ones would come back all day. */
const FEW_KNOWN = 300

/** Share of a day's asks by hour, West African time: night, morning, noon, evening. Sums to 24. */
const DAYTIME = [
  0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.8, 1.1, 1.4, 1.5, 1.5, 1.5, 1.4, 1.3, 1.3, 1.3, 1.4, 1.4, 1.4,
  1.4, 1.2, 1.0, 0.8, 0.6,
]

export interface Asked extends TrafficRow {
  actor: string
}

interface Person {
  to: string
  device: string | null
}

const fill = (pattern: string, digit: () => string): string => pattern.replace(/x/g, digit)

/** All rows of one actor, in time order. */
export function rowsOf(actor: Actor, outages: readonly Outage[], random: Random): Asked[] {
  const rows: Asked[] = []
  const known: Person[] = []
  const pools = new Map<string, string[]>()
  const addresses: string[] = []
  const hex = actor.addresses[0]?.includes(':') ?? false
  const freshAddress = (): string =>
    fill(random.pick(actor.addresses), () => (hex ? random.below(16).toString(16) : 'x'))
      .split('.')
      .map((part) => (part === 'x' ? String(1 + random.below(254)) : part))
      .join('.')
  for (let i = 0; i < (actor.fewAddresses ?? 0); i++) addresses.push(freshAddress())

  let asks = 0
  function numberOf(): string {
    const { ranges, order = 'random', numbers = 'random' } = actor
    const range =
      order === 'rotate' ? (ranges[asks % ranges.length] as string) : random.pick(ranges)
    if (numbers === 'random') return fill(range, () => String(random.below(10)))
    const free = range.split('x').length - 1
    if (numbers === 'sequential') {
      const next = Math.floor(asks / (order === 'rotate' ? ranges.length : 1)) % 10 ** free
      return range.replace(/x+/, String(next).padStart(free, '0'))
    }
    let pool = pools.get(range)
    if (pool === undefined) {
      pool = Array.from({ length: numbers.pool }, () => fill(range, () => String(random.below(10))))
      pools.set(range, pool)
    }
    return random.pick(pool)
  }

  function deviceOf(): string | null {
    const { devices = 'number' } = actor
    if (devices === 'none') return null
    if (typeof devices === 'object') return `${actor.name}-${random.below(devices.few)}`
    return `${actor.name}-${asks}`
  }

  function ask(at: number): void {
    const back =
      known.length >= FEW_KNOWN && random.chance(actor.returning ?? 0) ? random.pick(known) : null
    const person: Person = back ?? { to: numberOf(), device: deviceOf() }
    asks++
    const ip = addresses.length > 0 ? random.pick(addresses) : freshAddress()
    const verifies = random.chance(actor.verifies)
    const { median, sigma, tail } = actor.delay ?? { median: '21s', sigma: 0.6, tail: 0.02 }
    const slow = random.chance(tail) ? 10 : 1
    const needed = Math.max(4_000, Math.round(slow * random.lognormal(durationMs(median), sigma)))
    const solves = random.chance(actor.solves)
    const again = actor.again ?? { after: '45s', times: 0, chance: 0 }
    let sentAt = at
    let first: string | null = null
    for (let n = 0; n <= again.times; n++) {
      if (n > 0) {
        if (!random.chance(again.chance)) break
        sentAt += Math.round(durationMs(again.after) * (0.7 + 0.6 * random.next()))
      }
      const out = outages.find(
        (o) => sentAt >= START + durationMs(o.from) && sentAt < START + durationMs(o.to),
      )
      const id = `${actor.name}-${rows.length}`
      rows.push({
        id,
        actor: actor.name,
        at: sentAt,
        service: 'signup',
        to: person.to,
        ip,
        deviceId: actor.devices === 'ask' ? `${id}-d` : person.device,
        accountId: null,
        sessionId: null,
        userAgent: null,
        sessionAgeMs: null,
        precedingEvents: null,
        priceMicroUsd: null,
        retryOf: first,
        // the code of a later message is entered as fast as that of the first
        potential: potentialOf(out, verifies ? needed : null, solves),
      })
      first = id
    }
    if (verifies && back === null && (actor.returning ?? 0) > 0) known.push(person)
  }

  for (const at of times(actor, random)) ask(at)
  return rows.sort((a, b) => a.at - b.at)
}

const potentialOf = (
  outage: Outage | undefined,
  verifiedMs: number | null,
  solves: boolean,
): Potential => ({
  deliveredMs: outage === undefined ? 2_000 : outage.receipts === 'failed' ? 5_000 : null,
  deliveryError: outage?.receipts === 'failed' ? 'undelivered' : null,
  verifiedMs: outage === undefined ? verifiedMs : null,
  solves: { pow: solves, captcha: solves, channel: solves },
  activates: verifiedMs !== null,
})

/** Times of the asks: evenly spread where their count is given, at random through the day where a rate is. */
function times(actor: Actor, random: Random): number[] {
  const from = START + durationMs(actor.from)
  const to = START + durationMs(actor.to)
  if (actor.asks !== undefined) {
    const step = (to - from) / actor.asks
    return Array.from({ length: actor.asks }, (_, i) => Math.round(from + i * step))
  }
  const perDay = actor.perDay ?? 0
  const at: number[] = []
  for (let t = from; ; ) {
    const rate = (perDay * (DAYTIME[Math.floor((t % DAY) / HOUR)] ?? 1)) / DAY
    t += random.exponential(1 / rate)
    if (t >= to) return at
    at.push(Math.round(t))
  }
}
