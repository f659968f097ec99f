/**
 * Names attacked ranges from what happened to their sends: a state machine without I/O or clock that the core feeds
 * and asks. Outcomes move only the nodes of their own ranges; the background pass looks only at nodes with evidence.
 */
import { HOUR, SECOND } from '../units.js'
import { liveOn, nameAttacks } from './attacks.js'
import type { Change, Incident } from './change.js'
import {
  beginQuarantine,
  endQuarantines,
  judgeTrial,
  quarantineByTest,
  tryReopened,
} from './confine.js'
import { addDelay, verifiedBy } from './delays.js'
import type { OutcomeSeen, RangeKeys, RefusedSeen, RequestSeen, SendSeen } from './events.js'
import { createFacing, type Facing, face } from './facing.js'
import { hear, PROVEN_BLOCK, PROVEN_OPERATOR } from './health.js'
import { beHostile, spend } from './incidents.js'
import { createMemory, type DetectorOptions, type DetectorSnapshot } from './memory.js'
import { NODE, type NodeLevel } from './nodes.js'
import { judgeHealth } from './outage.js'
import { nodesRead, readOverdue } from './overdue.js'
import { pendingKey } from './pending.js'
import {
  CROWDED,
  CROWDS,
  candidateOf,
  countOn,
  countSurprise,
  findNode,
  isNamed,
  makeNode,
  PLAIN,
  recentOf,
  testOutcome,
} from './ranges.js'
import { countRequest } from './routes.js'

export type { DetectorOptions, DetectorSnapshot, Facing }

/** Evidence from which a node is worth looking at in every pass, nats: two or three failures in a row. */
const CANDIDATE = 2
/** A block with less than this of recent requests is quiet. */
const QUIET = 0.25
const ALL: readonly NodeLevel[] = [...PLAIN, ...CROWDS]

export function createDetector(options: DetectorOptions) {
  const { falseDiscoveryRate = 0.01, quarantineAlpha = 1e-6 } = options
  const m = createMemory(options)
  const { nodes } = m
  const facing = createFacing()
  let read: number[] = []

  /** Counts a request on its ranges; returns the nodes on which it is evidence while it is overdue. */
  function count(keys: RequestSeen, at: number): { crowded: boolean; evidence: number[] } {
    const route = m.routeOf(keys.service, keys.country, at)
    const block = findNode(nodes, NODE.block, keys)
    const crowded = countSurprise(nodes, block, route, at) >= CROWDED
    const last = block < 0 ? 0 : (nodes.columns.counted[block] as number) * SECOND
    const gap = last === 0 ? Number.POSITIVE_INFINITY : at - last
    countRequest(route, at, gap, recentOf(nodes, block, at) < QUIET)
    const evidence: number[] = []
    for (const level of crowded ? ALL : PLAIN) {
      const node = makeNode(nodes, level, keys, at)
      countOn(nodes, node, at)
      if (level === NODE.operator || level === NODE.country) continue
      evidence.push(node)
      if (crowded && level === NODE.block)
        m.watch(node, level, keys, m.conversionOf(keys.service, keys.country))
    }
    return { crowded, evidence }
  }

  /** A challenge was passed after all: nothing was saved. */
  function unsave(send: SendSeen): void {
    const refusal = m.refusals.get(send.service, send.numberHash)
    if (refusal?.verdict !== 'challenged' || send.at - refusal.at >= HOUR) return
    m.refusals.delete(send.service, send.numberHash)
    const o = refusal.incidentId === null ? undefined : m.incidents.byId(refusal.incidentId)
    if (o === undefined) return
    o.incident.savedMicroUsd -= refusal.priceMicroUsd
    o.incident.refusedNumbers--
  }

  /** Somebody who was refused verified by another path: a person. */
  function countFalsePositive(o: OutcomeSeen): void {
    const refusal = m.refusals.get(o.service, o.numberHash)
    if (refusal === undefined) return
    m.refusals.delete(o.service, o.numberHash)
    const incident = refusal.incidentId === null ? undefined : m.incidents.byId(refusal.incidentId)
    if (incident !== undefined) incident.incident.falsePositives++
  }

  const past = (level: NodeLevel, keys: RangeKeys): number => {
    const node = findNode(nodes, level, keys)
    return node < 0 ? 0 : (nodes.columns.pastVerified[node] as number)
  }

  return {
    /** A message went out. */
    sent(send: SendSeen): void {
      m.requests.add(send, send.at, false)
      unsave(send)
      const incident = m.incidentOf(send)
      if (incident !== undefined) spend(incident, send.priceMicroUsd, send.at)
      if (send.resend) return
      const { crowded, evidence } = count(send, send.at)
      m.pending.add(send, crowded, evidence)
      tryReopened(m, send, send.at)
    },

    /** A request was denied, or challenged and has not passed. */
    refused(refusal: RefusedSeen): void {
      const o = m.incidentOf(refusal)
      if (!m.refusals.add(refusal, o?.incident.id ?? null)) return
      m.requests.add(refusal, refusal.at, true)
      count(refusal, refusal.at)
      if (o === undefined) return
      o.incident.savedMicroUsd += refusal.priceMicroUsd
      o.incident.refusedNumbers++
      o.changed = true
      beHostile(o, refusal.at)
    },

    /** The first send of a session verified, matured, failed, or verified late. */
    observe(o: OutcomeSeen): void {
      const route = m.routeOf(o.service, o.country, o.at)
      m.heard.add(route)
      const success = o.outcome === 'verified' || o.outcome === 'late'
      const crowded = m.pending.settle(pendingKey(o.service, o.numberHash, o.sentAt), success)
      const incident = m.incidentOf(o)
      if (incident !== undefined && success) spend(incident, -o.priceMicroUsd, o.sentAt)
      else if (incident !== undefined) beHostile(incident, o.at)
      if (success) {
        addDelay(route.delays, o.at - o.sentAt, route.health.since === 0)
        countFalsePositive(o)
      }
      const p = m.conversionOf(o.service, o.country)
      const maturityMs = m.maturityOf(o.service, o.country)
      const provenBlock = past(NODE.block, o) >= PROVEN_BLOCK
      hear(route.health, {
        operatorRange: o.operatorRange,
        block: o.block,
        success,
        late: o.outcome === 'late',
        sentAt: o.sentAt,
        at: o.at,
        p: p * verifiedBy(route.delays, maturityMs),
        established: past(NODE.operator, o) >= PROVEN_OPERATOR,
        crowded: crowded || isNamed(nodes, o),
        returning: o.knownGood,
        provenBlock,
      })
      if (route.health.since > 0) return
      testOutcome(nodes, route, o, { p, maturityMs, crowded }, (node, level, llr, mean) => {
        if (llr >= CANDIDATE || m.candidates.has(node)) m.watch(node, level, o, mean)
      })
      judgeTrial(m, o, success)
    },

    /** A narrow line reached `hard`. True when a quarantine begins: the caller may write its debt off. */
    exhausted(keys: RangeKeys, level: 'subBlock' | 'block', now: number): boolean {
      if (m.isFrozen(keys.service, keys.country)) return false
      const node = makeNode(nodes, NODE[level], keys, now)
      const p = m.conversionOf(keys.service, keys.country)
      m.watch(node, NODE[level], keys, p)
      return beginQuarantine(m, node, candidateOf(NODE[level], keys, p), 'exhausted', now)
    },

    /** Background pass, every few seconds: what has changed since the last one. */
    pass(now: number): Change[] {
      m.pending.forget(now)
      judgeHealth(m, now)
      read = readOverdue(m, read, now)
      endQuarantines(m, now)
      quarantineByTest(m, quarantineAlpha, now)
      nameAttacks(m, falseDiscoveryRate, now)
      liveOn(m, now)
      return m.changes.splice(0)
    },

    /** O(1). The object is reused. */
    facing: (keys: RangeKeys, now: number): Facing => face(m, facing, keys, now),

    /** Attack and outage incidents that are not closed. */
    incidents: (): Incident[] => m.incidents.all().map((o) => structuredClone(o.incident)),

    /** JSON-safe. */
    snapshot: m.snapshot,

    restore(snapshot: DetectorSnapshot): void {
      m.restore(snapshot)
      read = nodesRead(m)
    },
  }
}

export type Detector = ReturnType<typeof createDetector>
