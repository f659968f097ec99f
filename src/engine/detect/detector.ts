/**
 * Names attacked ranges from what happened to their sends: a state machine without I/O or clock that the core feeds
 * and asks. Outcomes move only the nodes of their own ranges; the background pass looks only at nodes with evidence.
 */
import { HOUR, MINUTE, SECOND } from '../units.js'
import { account } from './advised.js'
import { liveOn, nameAttacks } from './attacks.js'
import { ABROAD, type Change, type Incident, type QuarantineChange } from './change.js'
import {
  beginQuarantine,
  endQuarantines,
  judgeTrial,
  quarantineByTest,
  tryReopened,
} from './confine.js'
import { addDelay, verifiedBy } from './delays.js'
import type {
  AdvisedSeen,
  AdvisedSettled,
  OutcomeSeen,
  RangeKeys,
  RefusedSeen,
  RequestSeen,
  SendSeen,
} from './events.js'
import { createFacing, type Facing, face, quarantinedUntil } from './facing.js'
import { hear, PROVEN_BLOCK, PROVEN_OPERATOR } from './health.js'
import { beHostile, spend } from './incidents.js'
import { createMemory, type DetectorOptions, type DetectorSnapshot } from './memory.js'
import { NODE, type NodeLevel } from './nodes.js'
import { judgeHealth } from './outage.js'
import { nodesRead, readOverdue } from './overdue.js'
import { pendingKey } from './pending.js'
import { quarantineChange } from './quarantine.js'
import {
  asksAgain,
  CROWDED,
  CROWDS,
  candidateOf,
  countOn,
  findNode,
  isNamed,
  letIn,
  levelsOf,
  makeNode,
  recentOf,
  rememberAsker,
  surpriseTo,
  testOutcome,
} from './ranges.js'
import { countRequest } from './routes.js'
import { sharing } from './shared.js'

export type { DetectorOptions, DetectorSnapshot, Facing }

/** Evidence from which a node is worth looking at in every pass, nats: two or three failures in a row. */
const CANDIDATE = 2
/** A block with less than this of recent requests is quiet. */
const QUIET = 0.25
/** Without news the candidates are weighed again after so long: what they have decays. */
const WEIGHED_MS = MINUTE

export function createDetector(options: DetectorOptions) {
  const { falseDiscoveryRate = 0.01, quarantineAlpha = 1e-6 } = options
  const m = createMemory(options)
  const { nodes } = m
  const facing = createFacing()
  let read: number[] = []

  /** Counts a request on its ranges; returns the nodes on which it is evidence while it is overdue. */
  function count(
    keys: RequestSeen,
    at: number,
    refused: boolean,
  ): { crowded: boolean; evidence: number[] } {
    const route = m.routeOf(keys.service, keys.country, at)
    const block = findNode(nodes, NODE.block, keys)
    const again = asksAgain(nodes, block, keys.numberHash, at)
    const crowded = block >= 0 && surpriseTo(nodes, block, route, keys.numberHash, at) >= CROWDED
    const last = block < 0 ? 0 : (nodes.columns.counted[block] as number) * SECOND
    const gap = last === 0 ? Number.POSITIVE_INFINITY : at - last
    const quiet = recentOf(nodes, block, at) < QUIET
    if (!again) countRequest(route, at, gap, quiet)
    if (!again && keys.abroad === true)
      countRequest(m.routeOf(keys.service, ABROAD, at), at, gap, quiet)
    const evidence: number[] = []
    const levels = levelsOf(keys)
    for (const level of crowded ? [...levels, ...CROWDS] : levels) {
      const node = makeNode(nodes, level, keys, at)
      if (!again) countOn(nodes, node, at, refused)
      if (level === NODE.block) rememberAsker(nodes, node, keys.numberHash)
      if (level === NODE.operator || level === NODE.country || level === NODE.abroad) continue
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
    letIn(nodes, send)
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
      m.weighing.stirred = true
      m.requests.add(send, send.at, false)
      unsave(send)
      const incident = m.incidentOf(send)
      if (incident !== undefined) spend(incident, send.priceMicroUsd, send.at)
      if (send.resend) {
        m.advised.add(send)
        return
      }
      const { crowded, evidence } = count(send, send.at, false)
      m.pending.add(send, crowded, evidence)
      tryReopened(m, send, send.at)
    },

    /** A request was denied, or challenged and has not passed. */
    refused(refusal: RefusedSeen): void {
      m.weighing.stirred = true
      const o = m.incidentOf(refusal)
      if (!m.refusals.add(refusal, o?.incident.id ?? null)) return
      m.requests.add(refusal, refusal.at, true)
      count(refusal, refusal.at, true)
      if (o === undefined) return
      o.incident.savedMicroUsd += refusal.priceMicroUsd
      o.incident.refusedNumbers++
      o.changed = true
      beHostile(o, refusal.at)
    },

    /** Monitor mode sent what enforce mode refuses: the ranges were asked for alike, and the money is spent. */
    advised(request: AdvisedSeen): void {
      m.weighing.stirred = true
      m.requests.add(request, request.at, false)
      m.advised.add(request)
      count(request, request.at, true)
      const o = m.incidentOf(request)
      if (o === undefined) return
      spend(o, request.priceMicroUsd, request.at)
      o.changed = true
      beHostile(o, request.at)
    },

    /** What became of a message that was sent against the advice, or again: evidence of nothing, but money. */
    settled(what: AdvisedSettled): void {
      const send = m.advised.settle(what)
      if (send === undefined) return
      sharing(m, send, () => account(m.nodes, send, what.became))
      if (what.became === 'lost') return
      const o = m.incidentOf(send)
      if (o !== undefined) spend(o, -send.priceMicroUsd, send.at)
    },

    /** The first send of a session never went out: nothing is overdue, and nothing was spent. */
    unsent(o: OutcomeSeen): void {
      m.pending.settle(pendingKey(o.service, o.numberHash, o.sentAt), true)
      const incident = m.incidentOf(o)
      if (incident !== undefined) spend(incident, -o.priceMicroUsd, o.sentAt)
    },

    /** The first send of a session verified, matured, failed, or verified late. */
    observe(o: OutcomeSeen): void {
      const route = m.routeOf(o.service, o.country, o.at)
      m.weighing.stirred = true
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
      sharing(m, o, () =>
        testOutcome(nodes, route, o, { p, maturityMs, crowded }, (node, level, llr, mean) => {
          if (llr >= CANDIDATE || m.candidates.has(node)) m.watch(node, level, o, mean)
        }),
      )
      judgeTrial(m, o, success)
    },

    /** A narrow line reached `hard`. True when a quarantine begins: the caller may write its debt off. */
    exhausted(keys: RangeKeys, level: 'subBlock' | 'block', now: number): boolean {
      if (m.isOut(keys.service, keys.country)) return false
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
      if (m.weighing.stirred || now - m.weighing.at >= WEIGHED_MS) {
        m.weighing.stirred = false
        m.weighing.at = now
        quarantineByTest(m, quarantineAlpha, now)
        nameAttacks(m, falseDiscoveryRate, now)
      }
      liveOn(m, now)
      return m.changes.splice(0)
    },

    /** The route of the range fails or is slow as a whole. */
    isOut: ({ service, country }: Pick<RangeKeys, 'service' | 'country'>): boolean =>
      m.isOut(service, country),

    /** Nothing is learned from the range: its route is out, or it is in quarantine. */
    isFrozen: (keys: RangeKeys, now: number): boolean =>
      m.isOut(keys.service, keys.country) || quarantinedUntil(m, keys, now) > 0,

    /** What a number that asks meets. O(1). The object is reused. */
    facing: (keys: RangeKeys & { numberHash: string }, now: number): Facing =>
      face(m, facing, keys, now),

    /**
     * An incident that is kept under another id elsewhere (by another gateway of the cluster, or before a restart) goes
     * on under that one. @returns false when there is none, or the other id is taken
     */
    rename: m.rename,

    /** Attack and outage incidents that are not closed. */
    incidents: (): Incident[] => m.incidents.all().map((o) => structuredClone(o.incident)),

    /** Narrow ranges that take no message now. */
    quarantines: (): QuarantineChange[] =>
      [...m.quarantines.held.values()]
        .filter(({ state }) => state !== 'reopened')
        .map(quarantineChange),

    /** JSON-safe. */
    snapshot: m.snapshot,

    restore(snapshot: DetectorSnapshot): void {
      m.restore(snapshot)
      read = nodesRead(m)
    },
  }
}

export type Detector = ReturnType<typeof createDetector>
