/**
 * Outage or attack. An attack is concentrated in cold blocks and adds requests, while returning numbers still verify;
 * an outage adds none and hits proven blocks and returning numbers alike. A sequential test looks at what people do
 * (sends into blocks that were not already busy, of operators with a history), and at who fails together.
 */
import { decay } from '../line.js'
import { HOUR, MINUTE } from '../units.js'
import { halved, logRatio } from './predictive.js'

/** Verified sessions in its history that make a block proven, and an operator established. */
export const PROVEN_BLOCK = 5
export const PROVEN_OPERATOR = 20
/** Operators, or proven blocks, that fail together. */
const OPERATORS = 3
const BLOCKS = 10
/** An operator has failed after so many, with under half of its usual conversion. */
const OPERATOR_FAILURES = 3
/** Evidence that switches on (odds 100,000), and back off. */
const ON = Math.log(100_000)
const OFF = Math.log(50)
const CONCENTRATION = 60
/** What returning numbers and proven blocks did lately. */
const SURE_HALF_LIFE_MS = 10 * MINUTE
const SURE_ENOUGH = 3
/** An attack adds requests, an outage a few that ask again. */
const VOLUME = 2
/** Without a word for so long the switch goes back: nothing is known any more. */
const SILENCE_MS = HOUR
/** Blocks remembered of one run. */
const MAX_BLOCKS = 64
/** Recent delays per operator: smoothing, and how much later (in logarithms) counts as slow: twice, 4 standard errors. */
const FAST = 0.1
const LATE = Math.LN2
const DELAYS_KNOWN = 50
const DELAYS_RECENT = 10

interface OperatorHealth {
  sessions: number
  verified: number
  /** mean log delay, usual and recent; how many */
  usual: number
  recent: number
  n: number
  /** delays since the last one in time */
  late: number
}

/** Decayed counts. */
interface Lately {
  sessions: number
  verified: number
  at: number
}

const nothing = (): Lately => ({ sessions: 0, verified: 0, at: 0 })

export interface Health {
  llr: number
  sessions: number
  verified: number
  /** first failed send of the run, Unix ms */
  onset: number
  operators: Record<string, OperatorHealth>
  /** proven blocks that failed in the run */
  blocks: string[]
  /** since conversion began to fall: returning numbers, and proven blocks */
  returning: Lately
  proven: Lately
  /** since when it is an outage, Unix ms; 0: healthy */
  since: number
  recovery: number
  heard: number
}

export const createHealth = (): Health => ({
  llr: 0,
  sessions: 0,
  verified: 0,
  onset: 0,
  operators: {},
  blocks: [],
  returning: nothing(),
  proven: nothing(),
  since: 0,
  recovery: 0,
  heard: 0,
})

export interface HealthEvidence {
  operatorRange: string
  block: string
  success: boolean
  /** corrects an earlier failure */
  late: boolean
  sentAt: number
  at: number
  /** expected conversion by maturity */
  p: number
  /** the operator has a history */
  established: boolean
  /** the block was already busier than usual: somebody's doing, not people's */
  crowded: boolean
  /** the number was verified before */
  returning: boolean
  provenBlock: boolean
}

function operatorOf(health: Health, operatorRange: string): OperatorHealth {
  let operator = health.operators[operatorRange]
  if (operator === undefined) {
    operator = { sessions: 0, verified: 0, usual: 0, recent: 0, n: 0, late: 0 }
    health.operators[operatorRange] = operator
  }
  return operator
}

function restart(health: Health): void {
  const running = health.sessions > 0
  health.llr = 0
  health.sessions = 0
  health.verified = 0
  health.onset = 0
  health.blocks = []
  health.returning = nothing()
  health.proven = nothing()
  // nearly every outcome ends a run of nothing
  if (!running) return
  for (const operator of Object.values(health.operators)) {
    operator.sessions = 0
    operator.verified = 0
  }
}

function hearDelay(operator: OperatorHealth, delayMs: number): void {
  const log = Math.log(Math.max(1_000, delayMs))
  operator.n++
  const slow = Math.max(1 / operator.n, 1 / 2_000)
  const fast = Math.max(1 / operator.n, FAST)
  operator.recent += fast * (log - operator.recent)
  if (!isLate(operator)) operator.usual += slow * (log - operator.usual)
  operator.late = isLate(operator) ? operator.late + 1 : 0
}

function hearLately(lately: Lately, e: HealthEvidence): void {
  const kept = decay(e.at - lately.at, SURE_HALF_LIFE_MS)
  lately.sessions = lately.sessions * kept + (e.late ? 0 : 1)
  lately.verified = lately.verified * kept + (e.success ? 1 : 0)
  lately.at = e.at
}

const isLate = (operator: OperatorHealth): boolean =>
  operator.n >= DELAYS_KNOWN && operator.recent - operator.usual > LATE

/** Hears one outcome of a route. */
export function hear(health: Health, e: HealthEvidence): void {
  health.heard = e.at
  if (!e.established && !e.returning && !e.provenBlock) return
  if (e.returning) hearLately(health.returning, e)
  else if (e.provenBlock && !e.crowded) hearLately(health.proven, e)
  const operator = operatorOf(health, e.operatorRange)
  if (e.success) hearDelay(operator, e.at - e.sentAt)
  if (e.crowded) return
  const usual = { mean: e.p, concentration: CONCENTRATION }
  const attacked = halved(e.p)
  const step = logRatio(e.success, health.verified, health.sessions, usual, attacked)
  // a late verification takes its failure back
  const undone = e.late
    ? logRatio(false, health.verified, Math.max(0, health.sessions - 1), usual, attacked)
    : 0
  health.recovery = Math.max(0, health.recovery - step)
  health.llr = Math.max(0, health.llr + step - undone)
  if (health.llr === 0) {
    restart(health)
    return
  }
  if (health.onset === 0) health.onset = e.sentAt
  if (!e.late) {
    health.sessions++
    operator.sessions++
  }
  if (e.success) {
    health.verified++
    operator.verified++
  } else if (e.provenBlock && health.blocks.length < MAX_BLOCKS && !health.blocks.includes(e.block))
    health.blocks.push(e.block)
}

/** Operators of which it holds. Asked after nearly every outcome: makes no lists. */
function countOf({ operators }: Health, holds: (operator: OperatorHealth) => boolean): number {
  let count = 0
  for (const name in operators) if (holds(operators[name] as OperatorHealth)) count++
  return count
}

const failing = (health: Health, p: number): number =>
  countOf(
    health,
    (o) => o.sessions - o.verified >= OPERATOR_FAILURES && o.verified < (o.sessions * p) / 2,
  )

const late = (health: Health): number =>
  countOf(health, (o) => o.late >= DELAYS_RECENT && isLate(o))

/** Whether half of the usual conversion explains them better than all of it; `null` when they are too few. */
function fails(lately: Lately, p: number, now: number): boolean | null {
  const kept = decay(now - lately.at, SURE_HALF_LIFE_MS)
  const sessions = lately.sessions * kept
  if (sessions < SURE_ENOUGH) return null
  const verified = Math.min(sessions, lately.verified * kept)
  const ratio = verified * Math.log(0.5) + (sessions - verified) * Math.log((1 - p / 2) / (1 - p))
  return ratio > 0
}

/**
 * Whether people who should verify fail as well: returning numbers, which an attacker does not have. Without any,
 * proven blocks: he may ride them, but only by adding requests.
 * @returns `null` when nobody knows
 */
export function sureOnesFail(
  { returning, proven }: Health,
  p: number,
  volume: number,
  now: number,
): boolean | null {
  const sure = fails(returning, p, now)
  if (sure !== null) return sure
  const likely = fails(proven, p, now)
  return likely === true && volume > VOLUME ? null : likely
}

/**
 * Moves the switch.
 * @param p expected conversion by maturity
 * @param volume requests now over what is usual at this hour
 * @returns whether it moved
 */
export function judge(health: Health, p: number, volume: number, now: number): boolean {
  const slow = late(health) >= OPERATORS && (health.since > 0 || volume <= VOLUME)
  if (health.since > 0) {
    const recovered = health.recovery >= OFF && !slow
    if (!recovered && now - health.heard < SILENCE_MS) return false
    health.since = 0
    restart(health)
    return true
  }
  const together = () => failing(health, p) >= OPERATORS || health.blocks.length >= BLOCKS
  // who could make an attack pass for an outage would have its losses forgiven: an outage adds no requests
  const calm = volume <= VOLUME
  const failed =
    calm && health.llr >= ON && together() && sureOnesFail(health, p, volume, now) === true
  if (!failed && !slow) return false
  health.since = failed && health.onset > 0 ? health.onset : now
  health.recovery = 0
  return true
}
