/** From flagged ranges to incidents: the narrowest set, joined to what already runs. */
import { ABROAD, type NamedRange } from './change.js'
import {
  type createIncidents,
  type Figures,
  lostOf,
  type OpenIncident,
  spend,
  usualLoss,
} from './incidents.js'
import { narrowest, type Suspect } from './narrowest.js'
import { MARK, NODE, type Nodes } from './nodes.js'
import { isNarrow } from './ranges.js'
import type { Refusal } from './refusals.js'
import { insideOf, type RangeKey, type Remembered, sourcesOf } from './requests.js'
import { inherit } from './run.js'
import { type Shared, sharedWith } from './shared.js'

export type Incidents = ReturnType<typeof createIncidents>

/** A range named in an incident, and whose node it is. */
export interface Named extends RangeKey {
  node: number
  service: string
  country: string
  operatorRange: string
  block: string
  abroad: boolean
  /** what wider ranges have heard of it */
  shared?: Shared
}

/** Marks nodes and counts what the range has cost until now. */
export interface NamingContext {
  nodes: Nodes
  incidents: Incidents
  requests: readonly Remembered[]
  refusal: (service: string, numberHash: string) => Refusal | undefined
  /** adopts a node into an incident */
  adopt: (node: number, range: Named, incidentId: string) => void
  release: (node: number) => Named | undefined
  now: number
}

/** An incident holds the range already: by itself, or by a range above it. */
export function isHeld(
  nodes: Nodes,
  node: number,
  range: Pick<Suspect, 'service' | 'country' | 'operatorRange' | 'block' | 'level' | 'abroad'>,
): boolean {
  const marked = (at: number): boolean =>
    at >= 0 && ((nodes.columns.marks[at] as number) & MARK.incident) !== 0
  const { service, country, operatorRange, block, level, abroad } = range
  return (
    marked(node) ||
    (abroad && marked(nodes.find(service, NODE.abroad, ABROAD))) ||
    (level === 'subBlock' && marked(nodes.find(service, NODE.block, block))) ||
    marked(nodes.find(service, NODE.operator, operatorRange)) ||
    marked(nodes.find(service, NODE.country, country))
  )
}

/** Narrower ranges of the incident that a new one contains. */
const contained = (range: Named, within: readonly [number, Named][]): number[] =>
  within
    .filter(
      ([node, r]) =>
        node !== range.node &&
        r.service === range.service &&
        ((range.level === 'abroad' && r.abroad) ||
          (range.level === 'country' && r.country === range.key) ||
          (range.level === 'operator' && r.operatorRange === range.key) ||
          (range.level === 'block' && r.level === 'subBlock' && r.block === range.key)),
    )
    .map(([node]) => node)

/**
 * Opens or extends incidents by what the flagged ranges say.
 * @param flaggedOnes ranges that the test flagged
 * @param suspects ranges with evidence of their own
 * @returns the incidents that opened
 */
export function nameRanges(
  flaggedOnes: readonly Suspect[],
  suspects: readonly Suspect[],
  named: ReadonlyMap<number, Named>,
  context: NamingContext,
): OpenIncident[] {
  const { nodes, incidents, requests, now } = context
  const opened: OpenIncident[] = []
  const seen = new Set<number>()
  for (const flag of flaggedOnes) {
    for (const suspect of narrowest(flag, suspects)) {
      if (suspect.level === 'crowd' || seen.has(suspect.node)) continue
      seen.add(suspect.node)
      if (isHeld(nodes, suspect.node, suspect)) continue
      const { service, country, operatorRange, block, abroad, node, level, key } = suspect
      const range: Named = { service, country, operatorRange, block, abroad, node, level, key }
      // counted only where country and time do not join it already
      const sources = () => sourcesOf(requests, service, [range], suspect.onset)
      let incident = incidents.joinable({ service, country, onset: suspect.onset, sources })
      if (incident === undefined) {
        const what = { service, countries: [country], firstSendAt: suspect.onset }
        incident = incidents.begin({ kind: 'attack', ...what }, now)
        opened.push(incident)
      }
      add(incident, range, suspect.onset, context, contained(range, [...named]))
    }
  }
  return opened
}

function add(
  o: OpenIncident,
  range: Named,
  onset: number,
  context: NamingContext,
  replaced: readonly number[],
): void {
  const { incident } = o
  const { requests, nodes, now } = context
  for (const node of replaced) {
    if (!o.nodes.includes(node)) continue
    o.nodes = o.nodes.filter((n) => n !== node)
    const { shared } = context.release(node) ?? {}
    // a block hears all of its sub-blocks
    if (!isNarrow(nodes.levelOf(range.node)))
      inherit(nodes, node, range.node, sharedWith(nodes, range.node, shared))
  }
  o.nodes.push(range.node)
  context.adopt(range.node, range, incident.id)
  if (!incident.countries.includes(range.country)) incident.countries.push(range.country)
  incident.firstSendAt = Math.min(incident.firstSendAt, onset)
  o.changed = true
  o.hostile.last = Math.max(
    o.hostile.last,
    Math.min(now, (nodes.columns.touched[range.node] as number) * 1000),
  )
  const isInside = insideOf([range])
  let unit = 0
  for (const request of requests) {
    if (request.service !== range.service || request.at < onset || !isInside(request)) continue
    unit = Math.max(unit, request.priceMicroUsd)
    if (!request.refused) {
      spend(o, request.priceMicroUsd, request.at)
      continue
    }
    const refusal = context.refusal(request.service, request.numberHash)
    if (refusal === undefined || refusal.incidentId !== null) continue
    refusal.incidentId = incident.id
    incident.savedMicroUsd += request.priceMicroUsd
    incident.refusedNumbers++
  }
  o.rate.unit = Math.max(o.rate.unit, unit)
}

export function refreshSources(
  o: OpenIncident,
  requests: readonly Remembered[],
  named: ReadonlyMap<number, Named>,
): void {
  const ranges = o.nodes.flatMap((node) => named.get(node) ?? [])
  o.incident.sources = sourcesOf(requests, o.incident.service, ranges, o.incident.firstSendAt)
}

/**
 * What an incident's ranges have done since their onset.
 * @param pOf usual conversion of a node by maturity
 */
export function figuresOf(
  o: OpenIncident,
  nodes: Nodes,
  named: ReadonlyMap<number, Named>,
  pOf: (node: number) => number,
  now: number,
): Figures {
  const c = nodes.columns
  let lostMicroUsd = 0
  let usualMicroUsd = 0
  const ranges: NamedRange[] = []
  for (const node of o.nodes) {
    const range = named.get(node)
    if (range === undefined) continue
    const p = pOf(node)
    const sent = c.sessions[node] as number
    const earned = c.earned[node] as number
    lostMicroUsd += lostOf(c.lost[node] as number, earned, p)
    usualMicroUsd += usualLoss(earned, p, now - (c.onset[node] as number))
    ranges.push({
      level: range.level,
      key: range.key,
      country: range.country,
      operatorRange: range.operatorRange,
      sent,
      verified: c.verified[node] as number,
      expected: sent * p,
      evidence: c.llr[node] as number,
    })
  }
  return { ranges, lostMicroUsd, usualMicroUsd }
}
