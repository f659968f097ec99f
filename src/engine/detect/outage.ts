/** The health switch of every route: what an outage undoes, and its incident. */
import { MINUTE } from '../units.js'
import { freeQuarantine } from './confine.js'
import { verifiedBy } from './delays.js'
import { judge } from './health.js'
import { close } from './incidents.js'
import type { Memory } from './memory.js'
import { quarantineChange } from './quarantine.js'
import { type Route, volumeOf } from './routes.js'
import { drop } from './run.js'

/** What an outage looked like before the switch saw it. */
const BEFORE_MS = 10 * MINUTE

function begin(m: Memory, route: Route, now: number): void {
  const { service, country } = route
  const since = route.health.since - BEFORE_MS
  for (const o of [...m.incidents.all()]) {
    const { incident } = o
    const here = incident.service === service && incident.countries.every((c) => c === country)
    if (!here || incident.kind !== 'attack' || incident.firstSendAt < since) continue
    close(o, 'outage', now)
    m.forgetIncident(o)
    m.tell('closed', incident)
  }
  for (const [node, candidate] of m.candidates) {
    if (candidate.service !== service || candidate.country !== country || m.named.has(node))
      continue
    if ((m.nodes.columns.onset[node] as number) >= since) drop(m.nodes, node)
  }
  for (const [node, held] of m.quarantines.held) {
    if (held.service !== service || held.country !== country || held.begunAt < since) continue
    freeQuarantine(m, node)
    if (held.state === 'held')
      m.changes.push({ type: 'quarantine', event: 'ended', quarantine: quarantineChange(held) })
  }
  const what = { service, countries: [country], firstSendAt: route.health.since }
  m.changes.push({ type: 'outage', event: 'begun', service, country, since: route.health.since })
  m.tell('opened', m.incidents.begin({ kind: 'outage', ...what }, now).incident)
}

function end(m: Memory, route: Route, since: number, now: number): void {
  const { service, country } = route
  m.changes.push({ type: 'outage', event: 'ended', service, country, since })
  for (const o of [...m.incidents.all()]) {
    const { kind, service: of, countries } = o.incident
    if (kind !== 'outage' || of !== service || !countries.includes(country)) continue
    close(o, 'quiet', now)
    m.incidents.remove(o)
    m.tell('closed', o.incident)
  }
}

/** Looks at the routes that had outcomes since the last pass, and at those in an outage. */
export function judgeHealth(m: Memory, now: number): void {
  for (const route of [...m.heard]) {
    const { service, country, health, delays } = route
    const matured = verifiedBy(delays, m.maturityOf(service, country))
    const since = health.since
    if (judge(health, m.conversionOf(service, country) * matured, volumeOf(route, now), now)) {
      if (health.since > 0) begin(m, route, now)
      else end(m, route, since, now)
    }
    if (health.since === 0) m.heard.delete(route)
  }
}
