/** The censored reading of every node with sends under way: comes within seconds, tightens, never decides. */
import { isSlow, verifiedBy } from './delays.js'
import type { Memory } from './memory.js'
import { overdueRatio } from './pending.js'
import { PUMPED } from './predictive.js'
import type { Route } from './routes.js'

/** Nodes that the last pass read, so that the next one begins with none. */
export function nodesRead(m: Memory): number[] {
  const read: number[] = []
  const { tightened } = m.nodes.columns
  for (let node = 0; node < m.nodes.size; node++) if (tightened[node] !== 0) read.push(node)
  return read
}

/** @param before nodes of the last reading. @returns those of this one */
export function readOverdue(m: Memory, before: readonly number[], now: number): number[] {
  const { tightened } = m.nodes.columns
  for (const node of before) tightened[node] = 0
  const read: number[] = []
  const routes = new Map<string, { route: Route; p: number } | null>()
  for (const send of m.pending.sends.values()) {
    if (send.matured) continue
    const key = `${send.service}|${send.country}`
    let known = routes.get(key)
    if (known === undefined) {
      const route = m.routeAt(send.service, send.country)
      const off = route === undefined || route.health.since > 0 || isSlow(route.delays)
      known = off ? null : { route, p: m.conversionOf(send.service, send.country) }
      routes.set(key, known)
    }
    if (known === null) continue
    const ratio = overdueRatio(
      PUMPED.mean,
      known.p,
      verifiedBy(known.route.delays, now - send.sentAt),
    )
    for (const node of send.nodes) {
      const sum = tightened[node] as number
      if (sum === 0) read.push(node)
      tightened[node] = sum + ratio
    }
  }
  return read
}
