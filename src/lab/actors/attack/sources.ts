import type { Random } from '../../random.js'
import type { Access, World } from '../../world/world.js'
import { AUTOMATION, BROWSERS } from './user-agents.js'

/** Where an attacker's requests come from. */
export interface Sources {
  addresses: {
    access: Access
    /** addresses in use at one time; `null`: a new one for every request, as large proxy networks sell them */
    count: number | null
    /** countries of the addresses; `number`: that of the number asked for */
    from: 'number' | readonly string[]
  }
  /** device ids: none sent, a new one each time, or a farm of so many @default none */
  devices?: Supply
  /** accounts that ask @default none */
  accounts?: Supply
  /** requests whose user agent is a script's or a driven browser's, share @default 0 */
  automation?: number
  /**
   * What the application tells of the visit: nothing, a session made just now with nothing before it (`direct`: the endpoint
   * is called without the pages around it), or a made-up visit. @default direct
   */
  visit?: 'unknown' | 'direct' | 'faked'
}

export type Supply = 'none' | 'fresh' | { count: number }

/** Who a request says it is. */
export interface Identity {
  ip: string
  deviceId: string | null
  accountId: string | null
  sessionId: string
  userAgent: string
  sessionAgeMs: number | null
  precedingEvents: number | null
}

/** An id that says nothing of who made it. */
const token = (random: Random): string =>
  [0, 1]
    .map(() =>
      random
        .below(2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')

function supplyOf(supply: Supply, random: Random): () => string | null {
  if (supply === 'none') return () => null
  if (supply === 'fresh') return () => token(random)
  const all = Array.from({ length: supply.count }, () => token(random))
  return () => random.pick(all)
}

/** Median length and spread of a visit before the code is asked for, as an attacker makes it up. */
const VISIT_MEDIAN_MS = 25_000
const VISIT_SIGMA = 0.7

export function createSources(data: Sources, world: World, random: Random) {
  const { addresses, visit = 'direct', automation = 0 } = data
  const device = supplyOf(data.devices ?? 'none', random)
  const account = supplyOf(data.accounts ?? 'none', random)
  const pools = new Map<string, string[]>()
  const tied = new Map<string, string>()

  function address(country: string): string {
    const from = addresses.from === 'number' ? country : random.pick(addresses.from)
    if (addresses.count === null) return world.address(from, addresses.access, random)
    const key = addresses.from === 'number' ? country : ''
    const pool = pools.get(key) ?? []
    pools.set(key, pool)
    const slot = random.below(addresses.count)
    if (slot < pool.length) return pool[slot] ?? ''
    const made = world.address(from, addresses.access, random)
    pool.push(made)
    return made
  }

  /** A device keeps its browser. */
  function userAgent(deviceId: string | null): string {
    const kept = deviceId === null ? undefined : tied.get(deviceId)
    if (kept !== undefined) return kept
    const made = random.pick<string>(random.chance(automation) ? AUTOMATION : BROWSERS)
    if (deviceId !== null && data.devices !== 'fresh') tied.set(deviceId, made)
    return made
  }

  return {
    /** @param owner device to ask from instead of one of the data's supply */
    identity(country: string, owner?: string): Identity {
      const deviceId = owner ?? device()
      return {
        ip: address(country),
        deviceId,
        accountId: account(),
        sessionId: token(random),
        userAgent: userAgent(deviceId),
        sessionAgeMs:
          visit === 'unknown'
            ? null
            : visit === 'direct'
              ? random.below(400)
              : Math.round(random.lognormal(VISIT_MEDIAN_MS, VISIT_SIGMA)),
        precedingEvents: visit === 'unknown' ? null : visit === 'direct' ? 0 : 2 + random.below(6),
      }
    },
    /** The address is burnt: the next one is rented in its place. */
    abandon(ip: string): void {
      for (const pool of pools.values()) {
        const slot = pool.indexOf(ip)
        if (slot >= 0) pool.splice(slot, 1)
      }
    },
    /** So many devices of their own, for codes that are entered. */
    owners: (count: number): string[] => Array.from({ length: count }, () => token(random)),
  }
}
