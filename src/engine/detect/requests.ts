/** The latest requests, sent and refused: who stands behind an incident, and since when. */
import { ABROAD, type NamedSource, type RangeLevel } from './change.js'
import type { RequestSeen } from './events.js'

export interface Remembered {
  service: string
  country: string
  operatorRange: string
  block: string
  subBlock: string
  /** `ABROAD`, or '' inside the markets */
  outside: string
  subnetKey: string | null
  asn: number | null
  deviceId: string | null
  numberHash: string
  priceMicroUsd: number
  at: number
  refused: boolean
}

export interface RequestsSnapshot {
  ring: Remembered[]
  next: number
}

/** @param capacity requests remembered */
export function createRequests(capacity: number) {
  let ring: Remembered[] = []
  let next = 0
  return {
    add(request: RequestSeen, at: number, refused: boolean): void {
      const { service, country, operatorRange, block, subBlock } = request
      const { subnetKey, asn, deviceId, numberHash, priceMicroUsd } = request
      ring[next] = {
        service,
        country,
        operatorRange,
        block,
        subBlock,
        outside: request.abroad === true ? ABROAD : '',
        subnetKey,
        asn,
        deviceId,
        numberHash,
        priceMicroUsd,
        at,
        refused,
      }
      next = (next + 1) % capacity
    },
    all: (): readonly Remembered[] => ring,
    snapshot: (): RequestsSnapshot => ({ ring: structuredClone(ring), next }),
    restore(snapshot: RequestsSnapshot): void {
      ring = structuredClone(snapshot.ring)
      next = snapshot.next
    },
  }
}

export interface RangeKey {
  level: RangeLevel
  key: string
}

const FIELD = {
  subBlock: 'subBlock',
  block: 'block',
  operator: 'operatorRange',
  country: 'country',
  abroad: 'outside',
} as const

/**
 * Whether a request falls into one of the ranges. One of whose number no more than the block is known (the log of refused
 * requests, where numbers are hashed) falls into a sub-block of it: nearly all of its block's requests do.
 */
export function insideOf(ranges: Iterable<RangeKey>): (request: Remembered) => boolean {
  const levels = new Map<RangeLevel, Set<string>>()
  for (const { level, key } of ranges) {
    const keys = levels.get(level) ?? new Set<string>()
    keys.add(key)
    levels.set(level, keys)
  }
  const around = new Set([...(levels.get('subBlock') ?? [])].map((key) => key.slice(0, -1)))
  return (request) => {
    if (request.subBlock === '' && around.has(request.block)) return true
    for (const [level, keys] of levels) if (keys.has(request[FIELD[level]])) return true
    return false
  }
}

interface Source {
  kind: NamedSource['kind']
  field: 'subnetKey' | 'asn' | 'deviceId'
}
const SOURCES: readonly Source[] = [
  { kind: 'subnet', field: 'subnetKey' },
  { kind: 'network', field: 'asn' },
  { kind: 'device', field: 'deviceId' },
]
const MIN_SHARE = 0.05
const MIN_REQUESTS = 3
const MIN_LIFT = 3
/** Log-likelihood of that many against what is usual (Poisson), nats: 1 in 1,000 sources by chance. */
const MIN_EVIDENCE = 7
const MAX_SOURCES = 10

/**
 * Sources of an incident by lift: their share among its requests over their share among all others (before it began,
 * or beside it). A network that carries half of everybody's requests has no lift.
 */
export function sourcesOf(
  requests: readonly Remembered[],
  service: string,
  ranges: Iterable<RangeKey>,
  since: number,
): NamedSource[] {
  const isInside = insideOf(ranges)
  const found: NamedSource[] = []
  const counts = SOURCES.map(() => new Map<string | number, { inside: number; outside: number }>())
  let inside = 0
  let outside = 0
  for (const request of requests) {
    if (request.service !== service) continue
    const hostile = request.at >= since && isInside(request)
    if (hostile) inside++
    else outside++
    for (let i = 0; i < SOURCES.length; i++) {
      const key = request[(SOURCES[i] as Source).field]
      if (key === null) continue
      const known = counts[i]?.get(key)
      if (known === undefined)
        counts[i]?.set(key, { inside: hostile ? 1 : 0, outside: hostile ? 0 : 1 })
      else if (hostile) known.inside++
      else known.outside++
    }
  }
  SOURCES.forEach(({ kind }, i) => {
    for (const [key, count] of counts[i] ?? []) {
      if (count.inside < MIN_REQUESTS) continue
      const share = count.inside / inside
      // one more outside than was seen: nobody is infinitely suspicious
      const lift = share / ((count.outside + 1) / (outside + 1))
      const usual = count.inside / lift
      const evidence = count.inside * Math.log(lift) - count.inside + usual
      if (share >= MIN_SHARE && lift >= MIN_LIFT && evidence >= MIN_EVIDENCE)
        found.push({ kind, key: kind === 'network' ? `AS${key}` : String(key), share, lift })
    }
  })
  return found
    .sort(
      (a, b) => b.share * Math.log(b.lift) - a.share * Math.log(a.lift) || (a.key < b.key ? -1 : 1),
    )
    .slice(0, MAX_SOURCES)
}
