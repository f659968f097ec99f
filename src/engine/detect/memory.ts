/** All that the detector remembers, and the few moves on it that its parts share. */
import { type AdvisedSnapshot, createAdvised } from './advised.js'
import type { Change, Incident } from './change.js'
import type { RangeKeys } from './events.js'
import { createIncidents, type IncidentsSnapshot, type OpenIncident } from './incidents.js'
import type { Named } from './naming.js'
import { createNodes, MARK, NODE, type NodeLevel, type NodesSnapshot } from './nodes.js'
import { createPending, type PendingSnapshot } from './pending.js'
import { createQuarantines, type QuarantinesSnapshot } from './quarantine.js'
import { type Candidate, candidateOf, findNode, levelsOf } from './ranges.js'
import { createRefusals, type RefusalsSnapshot } from './refusals.js'
import { createRequests, type RequestsSnapshot } from './requests.js'
import { createRoute, plainRoute, type Route, type RouteSnapshot, routeFrom } from './routes.js'
import { drop } from './run.js'

export interface DetectorOptions {
  /** baseline conversion of a route, 0.40 to 0.90 (`norms.p`) */
  conversionOf: (service: string, country: string) => number
  /** age at which an unverified send counts as lost, ms (`baseline.maturity`) */
  maturityOf: (service: string, country: string) => number
  /** ranges remembered at most, over all levels; the idle ones are forgotten. @default 1000000 */
  capacity?: number
  /** sends without an outcome, and refused numbers, remembered at most, each. @default 100000 */
  pendingCapacity?: number
  /** latest requests remembered for naming sources. @default 16384 */
  requestCapacity?: number
  /** false discovery rate of incidents. @default 0.01 */
  falseDiscoveryRate?: number
  /** false alarm probability of an automatic quarantine. @default 1e-6 */
  quarantineAlpha?: number
}

const MIN_CAPACITY = 1_024
const MAX_ROUTES = 20_000
const MAX_CANDIDATES = 100_000

export interface DetectorSnapshot {
  nodes: NodesSnapshot
  routes: [string, RouteSnapshot][]
  heard: string[]
  pending: PendingSnapshot
  /** also of messages sent again; absent in snapshots of earlier releases */
  advised?: AdvisedSnapshot
  requests: RequestsSnapshot
  refusals: RefusalsSnapshot
  quarantines: QuarantinesSnapshot
  incidents: IncidentsSnapshot
  candidates: [number, Candidate][]
  named: [number, Named & { incidentId: string }][]
  changes: Change[]
  naming: { flags: string; at: number }
  weighing: { stirred: boolean; at: number }
}

/** A range lies in another (or is it). A crowd is no range. */
const isWithin = (inner: Candidate, outer: Named): boolean =>
  inner.service === outer.service &&
  (inner.key === outer.key ||
    (outer.level === 'block' && inner.block === outer.key) ||
    (outer.level === 'operator' && inner.operatorRange === outer.key) ||
    (outer.level === 'country' && inner.country === outer.key) ||
    (outer.level === 'abroad' && inner.abroad))

export function createMemory({
  conversionOf,
  maturityOf,
  capacity = 1_000_000,
  pendingCapacity = 100_000,
  requestCapacity = 16_384,
}: DetectorOptions) {
  const candidates = new Map<number, Candidate>()
  const named = new Map<number, Named & { incidentId: string }>()
  const quarantines = createQuarantines()
  const nodes = createNodes(Math.max(MIN_CAPACITY, capacity), (node) => {
    candidates.delete(node)
    named.delete(node)
    quarantines.held.delete(node)
  })
  const routes = new Map<string, Route>()
  /** routes with outcomes since the last pass, or in an outage */
  const heard = new Set<Route>()
  const pending = createPending(pendingCapacity)
  const advised = createAdvised(pendingCapacity)
  const requests = createRequests(requestCapacity)
  const refusals = createRefusals(pendingCapacity)
  const incidents = createIncidents()
  const changes: Change[] = []
  const naming = { flags: '', at: 0 }
  const weighing = { stirred: true, at: 0 }

  const mark = (node: number, bit: number, on: boolean): void => {
    const marks = nodes.columns.marks[node] as number
    nodes.columns.marks[node] = on ? marks | bit : marks & ~bit
  }
  const routeAt = (service: string, country: string): Route | undefined =>
    routes.get(`${service}|${country}`)

  return {
    conversionOf,
    maturityOf,
    nodes,
    candidates,
    named,
    quarantines,
    heard,
    pending,
    advised,
    requests,
    /** ranges flagged at the last naming, and when it was */
    naming,
    /** whether anything happened since the candidates were last weighed, and when that was, Unix ms */
    weighing,
    refusals,
    incidents,
    changes,
    mark,
    routeAt,

    isOut: (service: string, country: string): boolean =>
      (routeAt(service, country)?.health.since ?? 0) > 0,

    routeOf(service: string, country: string, at: number): Route {
      const known = routeAt(service, country)
      if (known !== undefined) return known
      if (routes.size >= MAX_ROUTES) {
        const idlest = [...routes].reduce((a, b) => (b[1].at < a[1].at ? b : a))
        heard.delete(idlest[1])
        routes.delete(idlest[0])
      }
      const route = createRoute(service, country, at)
      routes.set(`${service}|${country}`, route)
      return route
    },

    tell(event: 'opened' | 'updated' | 'contained' | 'closed', incident: Incident): void {
      changes.push({ type: 'incident', event, incident: structuredClone(incident) })
    },

    /** The incident whose ranges hold a number; of one known by its block alone also that of a sub-block (`insideOf`). */
    incidentOf(keys: RangeKeys): OpenIncident | undefined {
      if (named.size === 0) return undefined
      for (const level of levelsOf(keys)) {
        const node = findNode(nodes, level, keys)
        const range = node < 0 ? undefined : named.get(node)
        if (range !== undefined) return incidents.byId(range.incidentId)
      }
      const { service, block, subBlock } = keys
      if (subBlock !== '') return undefined
      for (let digit = 0; digit < 10; digit++) {
        const range = named.get(nodes.find(service, NODE.subBlock, `${block}${digit}`))
        if (range !== undefined) return incidents.byId(range.incidentId)
      }
      return undefined
    },

    /** The node is worth looking at in every pass. */
    watch(node: number, level: NodeLevel, keys: RangeKeys, p: number): void {
      const known = candidates.get(node)
      if (known !== undefined) known.p = p
      else if (candidates.size < MAX_CANDIDATES) {
        candidates.set(node, candidateOf(level, keys, p))
        mark(node, MARK.candidate, true)
      }
    },

    adopt(node: number, range: Named, incidentId: string): void {
      named.set(node, { ...range, incidentId })
      mark(node, MARK.incident, true)
    },

    /** @returns what it was named as */
    disown(node: number): Named | undefined {
      const range = named.get(node)
      named.delete(node)
      mark(node, MARK.incident, false)
      return range
    },

    rename(from: string, to: string): boolean {
      const o = incidents.byId(from)
      if (o === undefined || incidents.byId(to) !== undefined) return false
      o.incident.id = to
      for (const range of named.values()) if (range.incidentId === from) range.incidentId = to
      refusals.rename(from, to)
      return true
    },

    /** Its ranges start anew: what happened in the attack is not their history. */
    forgetIncident(o: OpenIncident): void {
      const ranges = o.nodes.flatMap((node) => named.get(node) ?? [])
      for (const [node, candidate] of candidates)
        if (ranges.some((range) => isWithin(candidate, range))) drop(nodes, node)
      for (const node of o.nodes) {
        named.delete(node)
        mark(node, MARK.incident, false)
        drop(nodes, node)
      }
      incidents.remove(o)
    },

    snapshot(): DetectorSnapshot {
      return {
        nodes: nodes.snapshot(),
        routes: [...routes].map(([key, route]) => [key, plainRoute(route)]),
        heard: [...heard].map(({ service, country }) => `${service}|${country}`),
        pending: pending.snapshot(),
        advised: advised.snapshot(),
        requests: requests.snapshot(),
        refusals: refusals.snapshot(),
        quarantines: quarantines.snapshot(),
        incidents: incidents.snapshot(),
        candidates: structuredClone([...candidates]),
        named: structuredClone([...named]),
        changes: structuredClone(changes),
        naming: { ...naming },
        weighing: { ...weighing },
      }
    },

    restore(snapshot: DetectorSnapshot): void {
      nodes.restore(snapshot.nodes)
      routes.clear()
      heard.clear()
      for (const [key, route] of snapshot.routes) routes.set(key, routeFrom(route))
      for (const key of snapshot.heard) {
        const route = routes.get(key)
        if (route !== undefined) heard.add(route)
      }
      pending.restore(snapshot.pending)
      advised.restore(snapshot.advised)
      requests.restore(snapshot.requests)
      refusals.restore(snapshot.refusals)
      quarantines.restore(snapshot.quarantines)
      incidents.restore(snapshot.incidents)
      candidates.clear()
      for (const [node, candidate] of structuredClone(snapshot.candidates))
        candidates.set(node, candidate)
      named.clear()
      for (const [node, range] of structuredClone(snapshot.named)) named.set(node, range)
      changes.splice(0, changes.length, ...structuredClone(snapshot.changes))
      Object.assign(naming, snapshot.naming)
      Object.assign(weighing, snapshot.weighing)
    },
  }
}

export type Memory = ReturnType<typeof createMemory>
