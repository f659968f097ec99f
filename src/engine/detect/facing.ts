import { ABROAD } from './change.js'
import type { RangeKeys } from './events.js'
import type { Memory } from './memory.js'
import { MARK, NODE } from './nodes.js'
import { CROWDED, CROWDS, findNode, surpriseTo } from './ranges.js'

/** What a decision may know about the ranges of its number. One object, reused: read it before the next call. */
export interface Facing {
  /** the block or sub-block takes no message before this time, Unix ms; 0: not quarantined */
  quarantinedUntil: number
  /** log-odds of an attack from the matured sends of its block or sub-block alone, 0 and up */
  evidence: number
  /** log-odds of an attack from sends that are overdue, 0 to 4: asks for a challenge, never denies */
  tightened: number
  /** log-odds of an attack from the count of requests in the block alone, 0 to 6: asks for a challenge, never denies */
  surprise: number
  /** the route fails or is slow as a whole: learning, quarantine and losses are frozen */
  outage: boolean
  /** open incident whose ranges hold this number */
  incidentId: string | null
  /** an attack is open in this country and service */
  elevated: boolean
}

/** Two failures in a row are life: the censored reading speaks beyond this, up to its limit. */
const TIGHTENS_FROM = 3
const TIGHTENS_MAX = 4
const SURPRISE_MAX = 6

export const createFacing = (): Facing => ({
  quarantinedUntil: 0,
  evidence: 0,
  tightened: 0,
  surprise: 0,
  outage: false,
  incidentId: null,
  elevated: false,
})

const matured = (m: Memory, node: number): number =>
  node < 0 ? 0 : (m.nodes.columns.llr[node] as number)

/** Evidence on a node, what matured and what is overdue together. */
const overdue = (m: Memory, node: number): number =>
  node < 0 ? 0 : (m.nodes.columns.llr[node] as number) + (m.nodes.columns.tightened[node] as number)

function closedUntil(m: Memory, node: number, now: number): number {
  if (node < 0 || ((m.nodes.columns.marks[node] as number) & MARK.quarantine) === 0) return 0
  const until = m.quarantines.held.get(node)?.closedUntil ?? 0
  return until > now ? until : 0
}

function isElevated(m: Memory, { service, country, abroad }: RangeKeys): boolean {
  for (const { incident } of m.incidents.all())
    if (
      incident.kind === 'attack' &&
      incident.service === service &&
      (incident.countries.includes(country) ||
        (abroad === true && incident.countries.includes(ABROAD)))
    )
      return true
  return false
}

/** Until when a block or sub-block takes no message, Unix ms; 0: not quarantined. */
export const quarantinedUntil = (m: Memory, keys: RangeKeys, now: number): number =>
  m.quarantines.held.size === 0
    ? 0
    : Math.max(
        closedUntil(m, findNode(m.nodes, NODE.block, keys), now),
        closedUntil(m, findNode(m.nodes, NODE.subBlock, keys), now),
      )

export function face(
  m: Memory,
  facing: Facing,
  keys: RangeKeys & { numberHash: string },
  now: number,
): Facing {
  const route = m.routeAt(keys.service, keys.country)
  const block = findNode(m.nodes, NODE.block, keys)
  const subBlock = findNode(m.nodes, NODE.subBlock, keys)
  const surprise =
    route === undefined || block < 0 ? 0 : surpriseTo(m.nodes, block, route, keys.numberHash, now)
  facing.evidence = Math.max(matured(m, block), matured(m, subBlock))
  let log = Math.max(overdue(m, block), overdue(m, subBlock))
  if (surprise >= CROWDED)
    for (const level of CROWDS) log = Math.max(log, overdue(m, findNode(m.nodes, level, keys)))
  facing.outage = route !== undefined && route.health.since > 0
  facing.quarantinedUntil = facing.outage ? 0 : quarantinedUntil(m, keys, now)
  facing.tightened = facing.outage ? 0 : Math.max(0, Math.min(TIGHTENS_MAX, log - TIGHTENS_FROM))
  facing.surprise = Math.min(SURPRISE_MAX, surprise)
  facing.incidentId = m.incidentOf(keys)?.incident.id ?? null
  facing.elevated = isElevated(m, keys)
  return facing
}
