/** The part of the pass that names attacks: evidence of the candidates, e-BH, incidents and their life. */
import { HOUR, MINUTE, SECOND } from '../units.js'
import { flagged } from './e-bh.js'
import { type Figures, live, type OpenIncident, setFigures } from './incidents.js'
import type { Memory } from './memory.js'
import { figuresOf, isHeld, nameRanges, refreshSources } from './naming.js'
import type { Suspect } from './narrowest.js'
import { MARK } from './nodes.js'
import {
  type Candidate,
  dropAbove,
  evidenceOf,
  isPressed,
  mostEvidence,
  suspectOf,
} from './ranges.js'
import { drop } from './run.js'

/** Evidence under which an idle node is no longer worth looking at, nats. */
const NO_CANDIDATE = 0.5
const CROWD_MS = 30 * MINUTE
/** The same flags are looked into again after so long. */
const RENAMED_MS = MINUTE
/** The sources of a running incident are counted anew when it has lasted twice as long, within these. */
const RECOUNTED_MS = { least: MINUTE, most: HOUR }

const figures = (m: Memory, o: OpenIncident, now: number): Figures =>
  figuresOf(o, m.nodes, m.named, (node) => m.candidates.get(node)?.p ?? 0.5, now)

/** Candidates with evidence, strongest first; the idle ones without are dismissed. */
function weigh(m: Memory, rate: number, now: number): [number, Candidate, number][] {
  const evidence: [number, Candidate, number][] = []
  // what not even all candidates together would flag
  const lowest = Math.max(Number.EPSILON, Math.log(m.nodes.active / (rate * m.candidates.size)))
  for (const [node, candidate] of m.candidates) {
    const idle = now - (m.nodes.columns.touched[node] as number) * SECOND
    // a crowd is of the hour: chance brings it a block now and then, which an attack long over must not claim
    if (candidate.level === 'crowd' && idle > CROWD_MS) drop(m.nodes, node)
    if ((m.nodes.columns.llr[node] as number) < NO_CANDIDATE && idle > HOUR && !m.named.has(node)) {
      m.candidates.delete(node)
      m.mark(node, MARK.candidate, false)
      continue
    }
    const exhausted = m.quarantines.held.get(node)?.because === 'exhausted'
    const pressed = isPressed(m.nodes, node, exhausted)
    if (mostEvidence(m.nodes.columns.llr[node] as number, pressed) < lowest) continue
    const route = m.routeAt(candidate.service, candidate.country)
    if (route !== undefined && route.health.since > 0) continue
    const log = evidenceOf(m.nodes, node, route, pressed, candidate.p, now)
    // what an incident holds needs no naming, and must not lower the bar for ranges that have nothing to do with it
    if (log >= lowest && !isHeld(m.nodes, node, candidate)) evidence.push([node, candidate, log])
  }
  return evidence.sort((a, b) => b[2] - a[2])
}

export function nameAttacks(m: Memory, falseDiscoveryRate: number, now: number): void {
  const evidence = weigh(m, falseDiscoveryRate, now)
  const logs = evidence.map(([, , log]) => log)
  const flags = evidence.slice(0, flagged(logs, m.nodes.active, falseDiscoveryRate))
  if (flags.length === 0) return
  // a wide range stays flagged while narrower ones stand for it: the same flags are not named again at once
  const what = flags
    .map(([node]) => node)
    .sort((a, b) => a - b)
    .join(' ')
  if (what === m.naming.flags && now - m.naming.at < RENAMED_MS) return
  m.naming.flags = what
  m.naming.at = now
  const suspect = ([node, candidate]: [number, Candidate]): Suspect =>
    suspectOf(m.nodes, node, candidate, m.routeAt(candidate.service, candidate.country), now)
  const services = new Set(flags.map(([, { service }]) => service))
  const suspects = [...m.candidates].filter(([, { service }]) => services.has(service)).map(suspect)
  const opened = nameRanges(
    flags.map(([node, candidate]) => suspect([node, candidate])),
    suspects,
    m.named,
    {
      nodes: m.nodes,
      incidents: m.incidents,
      requests: m.requests.all(),
      refusal: m.refusals.get,
      now,
      adopt(node, range, incidentId) {
        m.adopt(node, range, incidentId)
        dropAbove(m.nodes, { ...range, subBlock: '' })
      },
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

function areSourcesOld({ sourcesAt, incident }: OpenIncident, now: number): boolean {
  const lasted = sourcesAt - incident.openedAt
  return now - sourcesAt >= Math.min(RECOUNTED_MS.most, Math.max(RECOUNTED_MS.least, lasted))
}

export function liveOn(m: Memory, now: number): void {
  for (const o of [...m.incidents.all()]) {
    if (o.incident.kind === 'outage') continue
    const current = figures(m, o, now)
    setFigures(o, current)
    const event = live(o, current.usualMicroUsd, now)
    if (event === null) continue
    if (event !== 'updated' || areSourcesOld(o, now)) {
      o.sourcesAt = now
      refreshSources(o, m.requests.all(), m.named)
    }
    o.changed = false
    o.toldAt = now
    if (event === 'closed') m.forgetIncident(o)
    m.tell(event, o.incident)
  }
}
