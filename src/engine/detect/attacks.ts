/** The part of the pass that names attacks: evidence of the candidates, e-BH, incidents and their life. */
import { HOUR, SECOND } from '../units.js'
import { flagged } from './e-bh.js'
import { type Figures, live, type OpenIncident, setFigures } from './incidents.js'
import type { Memory } from './memory.js'
import { figuresOf, nameRanges, refreshSources } from './naming.js'
import { MARK } from './nodes.js'
import { type Candidate, evidenceOf, suspectOf } from './ranges.js'

/** Evidence under which an idle node is no longer worth looking at, nats. */
const NO_CANDIDATE = 0.5

const figures = (m: Memory, o: OpenIncident, now: number): Figures =>
  figuresOf(o, m.nodes, m.named, (node) => m.candidates.get(node)?.p ?? 0.5, now)

/** Candidates with evidence, strongest first; the idle ones without are dismissed. */
function weigh(m: Memory, now: number): [number, Candidate, number][] {
  const evidence: [number, Candidate, number][] = []
  for (const [node, candidate] of m.candidates) {
    const idle = now - (m.nodes.columns.touched[node] as number) * SECOND
    if ((m.nodes.columns.llr[node] as number) < NO_CANDIDATE && idle > HOUR && !m.named.has(node)) {
      m.candidates.delete(node)
      m.mark(node, MARK.candidate, false)
      continue
    }
    const route = m.routeAt(candidate.service, candidate.country)
    if (route !== undefined && route.health.since > 0) continue
    const exhausted = m.quarantines.held.get(node)?.because === 'exhausted'
    const log = evidenceOf(m.nodes, node, route, exhausted, candidate.p, now)
    if (log > 0) evidence.push([node, candidate, log])
  }
  return evidence.sort((a, b) => b[2] - a[2])
}

export function nameAttacks(m: Memory, falseDiscoveryRate: number, now: number): void {
  const evidence = weigh(m, now)
  const logs = evidence.map(([, , log]) => log)
  const flags = evidence.slice(0, flagged(logs, m.nodes.active, falseDiscoveryRate))
  if (flags.length === 0) return
  const services = new Set(flags.map(([, { service }]) => service))
  const suspects = [...m.candidates]
    .filter(([, { service }]) => services.has(service))
    .map(([node, candidate]) => suspectOf(m.nodes, node, candidate))
  const opened = nameRanges(
    flags.map(([node, candidate]) => suspectOf(m.nodes, node, candidate)),
    suspects,
    m.named,
    {
      nodes: m.nodes,
      incidents: m.incidents,
      requests: m.requests.all(),
      refusal: m.refusals.get,
      now,
      adopt: m.adopt,
      release: m.disown,
    },
  )
  for (const o of opened) {
    refreshSources(o, m.requests.all(), m.named)
    setFigures(o, figures(m, o, now))
    o.changed = false
    m.tell('opened', o.incident)
  }
}

export function liveOn(m: Memory, now: number): void {
  for (const o of [...m.incidents.all()]) {
    if (o.incident.kind === 'outage') continue
    const current = figures(m, o, now)
    setFigures(o, current)
    const event = live(o, current.usualMicroUsd, now)
    if (event === null) continue
    refreshSources(o, m.requests.all(), m.named)
    o.changed = false
    o.toldAt = now
    if (event === 'closed') m.forgetIncident(o)
    m.tell(event, o.incident)
  }
}
