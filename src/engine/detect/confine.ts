/** Quarantines: who begins one, who ends it, and the one message that tries a reopened range. */
import type { OutcomeSeen, RangeKeys } from './events.js'
import type { Memory } from './memory.js'
import { MARK, NODE, type NodeLevel } from './nodes.js'
import { type Quarantine, quarantineChange } from './quarantine.js'
import { type Candidate, candidateOf, findNode, isNarrow } from './ranges.js'
import { drop } from './run.js'

const NARROW: readonly NodeLevel[] = [NODE.block, NODE.subBlock]

export function beginQuarantine(
  m: Memory,
  node: number,
  range: Candidate,
  because: Quarantine['because'],
  now: number,
): boolean {
  const { service, level, key, country, operatorRange } = range
  if (level !== 'block' && level !== 'subBlock') return false
  const start = { service, level, key, country, operatorRange, because, now }
  const quarantine = m.quarantines.begin(node, start)
  if (quarantine === null) return false
  m.mark(node, MARK.quarantine, true)
  m.changes.push({ type: 'quarantine', event: 'begun', quarantine: quarantineChange(quarantine) })
  return true
}

/** Frees a range. The evidence it was closed for is spent: else it would be closed again at once, for the same. */
export function freeQuarantine(m: Memory, node: number): void {
  m.quarantines.held.delete(node)
  m.mark(node, MARK.quarantine, false)
  if (m.named.has(node)) m.nodes.columns.llr[node] = 0
  else drop(m.nodes, node)
}

/** A message goes out: where a range was reopened, it is the one that tries it. */
export function tryReopened(m: Memory, keys: RangeKeys, at: number): void {
  if (m.quarantines.held.size === 0) return
  const maturityMs = m.maturityOf(keys.service, keys.country)
  for (const level of NARROW) m.quarantines.tried(findNode(m.nodes, level, keys), at, maturityMs)
}

/** The one message into a reopened range: verified it frees the range, unverified it closes it for longer. */
export function judgeTrial(m: Memory, o: OutcomeSeen, success: boolean): void {
  if (m.quarantines.held.size === 0) return
  for (const level of NARROW) {
    const node = findNode(m.nodes, level, o)
    const held = node < 0 ? undefined : m.quarantines.held.get(node)
    if (held === undefined || held.state === 'held' || o.sentAt < held.until) continue
    if (success) freeQuarantine(m, node)
    else if (held.state === 'trying')
      beginQuarantine(m, node, candidateOf(level, o, 0), held.because, o.at)
  }
}

/** The maturity test alone, at its fixed alpha. What a range was closed for once is no evidence when it is reopened. */
export function quarantineByTest(m: Memory, alpha: number, now: number): void {
  const bar = Math.log(1 / alpha)
  for (const [node, candidate] of m.candidates) {
    if ((m.nodes.columns.llr[node] as number) < bar || !isNarrow(m.nodes.levelOf(node))) continue
    if (m.isOut(candidate.service, candidate.country) || m.quarantines.held.has(node)) continue
    const above = m.nodes.find(candidate.service, NODE.block, candidate.block)
    if (m.quarantines.held.get(above)?.state === 'held') continue
    beginQuarantine(m, node, candidate, 'conversion', now)
  }
}

export function endQuarantines(m: Memory, now: number): void {
  const { ended, forgotten } = m.quarantines.expire(now)
  for (const quarantine of ended)
    m.changes.push({ type: 'quarantine', event: 'ended', quarantine: quarantineChange(quarantine) })
  for (const node of forgotten) freeQuarantine(m, node)
}
