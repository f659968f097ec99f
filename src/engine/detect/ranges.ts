/** The ranges of a send and what their nodes say: usual conversion of each, the test's step, surprise, evidence. */
import { hash64 } from '../hash.js'
import { decay } from '../line.js'
import { DAY, SECOND } from '../units.js'
import { ABROAD, type RangeLevel } from './change.js'
import { verifiedBy } from './delays.js'
import type { OutcomeSeen, RangeKeys } from './events.js'
import { sureOnesFail } from './health.js'
import type { Suspect } from './narrowest.js'
import { MARK, NODE, type NodeLevel, type Nodes } from './nodes.js'
import { halved, PUMPED, shrink } from './predictive.js'
import { blockRate, type Route, requestRate, surgeOf, volumeOf } from './routes.js'
import { correct, drop, take } from './run.js'
import { addSession, concentrationOf } from './spread.js'
import { LONG_HALF_LIFE_MS, RECENT_HALF_LIFE_MS, RECENT_WINDOW_MS, surpriseOf } from './surprise.js'

/** Surprise at which a request joins a crowd: it is the second in minutes in a block where none was expected. */
export const CROWDED = 3
/** The null of counts is less sure than that of conversion: what it adds to the evidence is bounded. */
const COUNT_EVIDENCE = 6
/** The same where a line ran out, or many are turned away: two mechanisms agree. */
const COUNT_EVIDENCE_PRESSED = 16
/** Numbers turned away lately that are many: a person who is challenged comes back with the answer. */
const TURNED_AWAY = 8
/** Conversion must have spoken too: of a range that is turned away, the two messages its line opens with. */
const CONVERSION_EVIDENCE = 3
const CONVERSION_EVIDENCE_PRESSED = 1
const OPENING_SESSIONS = 2
/** Share of a route's requests that are crowded by chance, at most. */
const CROWDED_SHARE = 0.02
/** Sessions that a wide range's parent is worth: operators of a country differ little. */
const WIDE_CONCENTRATION = 60
/** A range's own history moves its usual conversion within these. */
const MIN_SHARE_OF_PARENT = 0.5
const MAX_P = 0.97
/** A wide range is attacked by more requests than usual; without them its conversion fell for another reason. */
const MORE_THAN_USUAL = 1.5

/** What is remembered of a node worth looking at. */
export interface Candidate {
  level: RangeLevel | 'crowd'
  service: string
  country: string
  operatorRange: string
  block: string
  key: string
  /** outside the markets */
  abroad: boolean
  /** usual conversion by maturity at its last step */
  p: number
}

const LEVEL_NAMES: readonly (RangeLevel | 'crowd')[] = [
  'subBlock',
  'block',
  'operator',
  'country',
  'crowd',
  'crowd',
  'crowd',
  'abroad',
]

const textOf = (level: NodeLevel, keys: RangeKeys): string => {
  switch (level) {
    case NODE.subBlock:
      return keys.subBlock
    case NODE.block:
      return keys.block
    case NODE.operator:
    case NODE.operatorCrowd:
      return keys.operatorRange
    case NODE.serviceCrowd:
      return '*'
    case NODE.abroad:
      return ABROAD
    default:
      return keys.country
  }
}

export const findNode = (nodes: Nodes, level: NodeLevel, keys: RangeKeys): number =>
  nodes.find(keys.service, level, textOf(level, keys))

export function makeNode(nodes: Nodes, level: NodeLevel, keys: RangeKeys, at: number): number {
  const node = nodes.at(keys.service, level, textOf(level, keys))
  nodes.touch(node, at)
  return node
}

const INSIDE: readonly NodeLevel[] = [NODE.country, NODE.operator, NODE.block, NODE.subBlock]
const OUTSIDE: readonly NodeLevel[] = [NODE.abroad, ...INSIDE]
/** Where numbers are kept as hashes, the log of refused requests says no more than the block. */
const INSIDE_HASHED = INSIDE.filter((level) => level !== NODE.subBlock)
const OUTSIDE_HASHED = OUTSIDE.filter((level) => level !== NODE.subBlock)
/** The ranges of a number, widest first. */
export const levelsOf = ({ abroad, subBlock }: RangeKeys): readonly NodeLevel[] =>
  abroad === true
    ? subBlock === ''
      ? OUTSIDE_HASHED
      : OUTSIDE
    : subBlock === ''
      ? INSIDE_HASHED
      : INSIDE
export const CROWDS: readonly NodeLevel[] = [
  NODE.operatorCrowd,
  NODE.countryCrowd,
  NODE.serviceCrowd,
]
const NARROW: readonly NodeLevel[] = [NODE.block, NODE.subBlock]
export const isNarrow = (level: number): boolean => level === NODE.block || level === NODE.subBlock
const isCrowd = (level: number): boolean =>
  level >= NODE.operatorCrowd && level <= NODE.serviceCrowd

export function candidateOf(level: NodeLevel, keys: RangeKeys, p: number): Candidate {
  const all = level === NODE.serviceCrowd || level === NODE.abroad
  const wide = all || level === NODE.country || level === NODE.countryCrowd
  return {
    level: LEVEL_NAMES[level] ?? 'crowd',
    service: keys.service,
    country: level === NODE.abroad ? ABROAD : all ? '' : keys.country,
    abroad: keys.abroad === true,
    operatorRange: wide ? '' : keys.operatorRange,
    block: isNarrow(level) ? keys.block : '',
    key: textOf(level, keys),
    p,
  }
}

/** One more request in the counts of a node, told from how long ago the last one was. */
export function countOn(nodes: Nodes, node: number, at: number, refused: boolean): void {
  const c = nodes.columns
  const age = at - (c.counted[node] as number) * SECOND
  const kept = decay(age, RECENT_HALF_LIFE_MS)
  c.recent[node] = (c.recent[node] as number) * kept + 1
  c.turned[node] = (c.turned[node] as number) * kept + (refused ? 1 : 0)
  c.long[node] = (c.long[node] as number) * decay(age, LONG_HALF_LIFE_MS) + 1
  c.counted[node] = Math.max(c.counted[node] as number, Math.floor(at / SECOND))
}

export const recentOf = (nodes: Nodes, node: number, now: number): number =>
  node < 0
    ? 0
    : (nodes.columns.recent[node] as number) *
      decay(now - (nodes.columns.counted[node] as number) * SECOND, RECENT_HALF_LIFE_MS)

const askerOf = (numberHash: string): number => hash64(numberHash, 0).low || 1

/** The number asked last in this range, and lately: it asks again, which is nobody new. */
export const asksAgain = (nodes: Nodes, node: number, numberHash: string, now: number): boolean =>
  node >= 0 &&
  now - (nodes.columns.counted[node] as number) * SECOND < RECENT_WINDOW_MS &&
  nodes.columns.asker[node] === askerOf(numberHash)

export function rememberAsker(nodes: Nodes, node: number, numberHash: string): void {
  nodes.columns.asker[node] = askerOf(numberHash)
}

/** Count surprise of a block or a crowd, natural log, at least 0. */
const countSurprise = (nodes: Nodes, node: number, route: Route, now: number): number =>
  node < 0 ? 0 : surpriseIn(nodes, node, route, recentOf(nodes, node, now), RECENT_WINDOW_MS, now)

/** The same as the number sees it that asks: what it asked for itself a moment ago surprises nobody. */
export function surpriseTo(
  nodes: Nodes,
  node: number,
  route: Route,
  numberHash: string,
  now: number,
): number {
  const recent = recentOf(nodes, node, now)
  // a decayed count of less than this is no second request
  if (recent < 0.5) return 0
  const age = now - (nodes.columns.counted[node] as number) * SECOND
  const own = asksAgain(nodes, node, numberHash, now) ? decay(age, RECENT_HALF_LIFE_MS) : 0
  return surpriseIn(nodes, node, route, recent - own, RECENT_WINDOW_MS, now)
}

/** The same for what the running test has counted: nine failures in a week are not nine in ten minutes. */
function runSurprise(nodes: Nodes, node: number, route: Route, now: number): number {
  const { sessions, touched, onset } = nodes.columns
  const took = (touched[node] as number) * SECOND - (onset[node] as number)
  const windowMs = Math.max(RECENT_WINDOW_MS, took)
  return surpriseIn(nodes, node, route, sessions[node] as number, windowMs, now)
}

function surpriseIn(
  nodes: Nodes,
  node: number,
  route: Route,
  recent: number,
  windowMs: number,
  now: number,
): number {
  if (recent < 0.5) return 0
  const prior = isCrowd(nodes.levelOf(node))
    ? CROWDED_SHARE * requestRate(route, now)
    : blockRate(route, now)
  const age = now - (nodes.columns.counted[node] as number) * SECOND
  const long = (nodes.columns.long[node] as number) * decay(age, LONG_HALF_LIFE_MS)
  return surpriseOf(recent, long, prior, now - route.firstAt, surgeOf(route, now), windowMs)
}

const isMarked = (nodes: Nodes, node: number): boolean =>
  node >= 0 && ((nodes.columns.marks[node] as number) & MARK.incident) !== 0

/** An incident holds its block or sub-block: what happens there says nothing new of wider ranges. */
export function isNamed(nodes: Nodes, keys: RangeKeys): boolean {
  return NARROW.some((level) => isMarked(nodes, findNode(nodes, level, keys)))
}

/** What an incident's new range explains is no longer evidence of the ranges above it. */
export function dropAbove(nodes: Nodes, range: RangeKeys & { level: RangeLevel }): void {
  const above: readonly NodeLevel[] =
    range.level === 'abroad'
      ? [NODE.serviceCrowd]
      : range.level === 'country'
        ? [NODE.abroad, NODE.countryCrowd, NODE.serviceCrowd]
        : [
            NODE.abroad,
            NODE.country,
            ...CROWDS,
            ...(range.level === 'operator' ? [] : [NODE.operator]),
          ]
  for (const level of above) {
    const node = findNode(nodes, level, range)
    if (node >= 0 && !isMarked(nodes, node)) drop(nodes, node)
  }
}

/** Tests one outcome on a send's ranges; calls back with each node it moved. */
export function testOutcome(
  nodes: Nodes,
  route: Route,
  o: OutcomeSeen,
  options: { p: number; maturityMs: number; crowded: boolean },
  moved: (node: number, level: NodeLevel, llr: number, p: number) => void,
): void {
  const { p, crowded } = options
  const success = o.outcome === 'verified' || o.outcome === 'late'
  const matured = verifiedBy(route.delays, options.maturityMs)
  const narrowK = concentrationOf(route.spread)
  let own = p
  let ofCrowd = p
  const named = isNamed(nodes, o)
  const step = (level: NodeLevel): void => {
    const node = makeNode(nodes, level, o, o.at)
    const c = nodes.columns
    const k = isNarrow(level) ? narrowK : WIDE_CONCENTRATION
    if (level === NODE.block && o.outcome !== 'late')
      addSession(
        route.spread,
        success,
        c.pastVerified[node] as number,
        c.pastSessions[node] as number,
        own * matured,
      )
    let usual = isCrowd(level) ? ofCrowd : own
    if (!isCrowd(level) && level !== NODE.country && level !== NODE.abroad) {
      // history is by maturity too: scaled back, so that F is not counted twice
      const past = (c.pastVerified[node] as number) / Math.max(matured, 0.1)
      const n = c.pastSessions[node] as number
      usual = Math.max(
        MIN_SHARE_OF_PARENT * p,
        Math.min(MAX_P, shrink(own, k, Math.min(n, past), n)),
      )
      own = usual
      if (level === NODE.operator) ofCrowd = usual
    }
    // a receipt that says failed: as with the lines, wide ranges do not count it, or an outage would shut them
    if (o.outcome === 'failed' && !isNarrow(level) && !isCrowd(level)) return
    if (named && !isNarrow(level)) return
    const mean = usual * matured
    const run = {
      success,
      usual: { mean, concentration: isCrowd(level) ? narrowK : k },
      attacked: isNarrow(level) || isCrowd(level) ? PUMPED : halved(mean),
      sentAt: o.sentAt,
      priceMicroUsd: o.priceMicroUsd,
    }
    const llr = o.outcome === 'late' ? correct(nodes, node, run) : take(nodes, node, run)
    moved(node, level, llr, mean)
  }
  for (const level of levelsOf(o)) step(level)
  if (crowded) for (const level of CROWDS) step(level)
}

/** Many are turned away at this range: its line ran out, or nobody answers its challenges. */
export const isPressed = (nodes: Nodes, node: number, exhausted: boolean): boolean =>
  exhausted ||
  ((nodes.columns.turned[node] as number) >= TURNED_AWAY &&
    (nodes.columns.sessions[node] as number) >= OPENING_SESSIONS)

/** Somebody who was turned away came back with the answer. */
export function letIn(nodes: Nodes, keys: RangeKeys): void {
  for (const level of NARROW) {
    const node = findNode(nodes, level, keys)
    if (node < 0) continue
    nodes.columns.turned[node] = Math.max(0, (nodes.columns.turned[node] as number) - 1)
  }
}

const enough = (pressed: boolean): number =>
  pressed ? CONVERSION_EVIDENCE_PRESSED : CONVERSION_EVIDENCE

/** What the evidence of a node cannot exceed, whatever its counts. */
export const mostEvidence = (llr: number, pressed: boolean): number =>
  llr < enough(pressed)
    ? 0
    : pressed
      ? llr + COUNT_EVIDENCE_PRESSED
      : llr + Math.min(COUNT_EVIDENCE, llr)

/** Log e-value of a node against "as usual": conversion, and (bounded) the count of requests. */
export function evidenceOf(
  nodes: Nodes,
  node: number,
  route: Route | undefined,
  pressed: boolean,
  p: number,
  now: number,
): number {
  const llr = nodes.columns.llr[node] as number
  const level = nodes.levelOf(node)
  if (llr < enough(pressed)) return 0
  if (isNarrow(level) || isCrowd(level)) {
    if (route === undefined) return llr
    // refused requests have no outcome; where most are refused they are what is left to count
    return pressed
      ? llr + Math.min(COUNT_EVIDENCE_PRESSED, countSurprise(nodes, node, route, now))
      : llr + Math.min(COUNT_EVIDENCE, runSurprise(nodes, node, route, now), llr)
  }
  if (route === undefined) return 0
  const volume = volumeOf(route, now)
  const more = volume > MORE_THAN_USUAL && now - route.firstAt > DAY
  return more || sureOnesFail(route.health, p, volume, now) === false ? llr : 0
}

export function suspectOf(
  nodes: Nodes,
  node: number,
  candidate: Candidate,
  route: Route | undefined,
  now: number,
): Suspect {
  const c = nodes.columns
  const sessions = c.sessions[node] as number
  const verified = c.verified[node] as number
  return {
    ...candidate,
    node,
    onset: c.onset[node] as number,
    lastAt: (c.touched[node] as number) * SECOND,
    llr: c.llr[node] as number,
    busy: route !== undefined && runSurprise(nodes, node, route, now) >= CROWDED,
    named: isNarrow(nodes.levelOf(node)) && isMarked(nodes, node),
    sessions,
    verified,
    excess: Math.max(0, (sessions * candidate.p - verified) / candidate.p),
  }
}
