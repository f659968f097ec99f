import { LINE_INDEX } from '../engine/compile.js'
import type { Decision, Reason, Verdict } from '../engine/decision.js'
import type { NumberFacts, SourceFacts } from '../engine/facts.js'
import { queryOf } from '../engine/keys.js'
import { FAST_HALF_LIFE_MS } from '../engine/line.js'
import { LINES, type LineName } from '../engine/policy.js'
import { readLines } from '../engine/readings.js'
import { REASONS } from '../engine/reasons.js'
import { sentence } from '../http/sentence.js'
import { type Alternative, alternativesTo } from '../verify/alternatives.js'
import type { Core, Evaluation } from '../verify/core.js'
import type { GateRequest } from '../verify/types.js'
import { CliFault, EXIT } from './fault.js'

/** One line of credit as the decision saw it. Money in micro-USD, sources in messages. */
export interface ExplainedLine {
  line: LineName
  key: string
  unit: 'micro_usd' | 'messages'
  /** what this send adds; 0 on a resend inside its session */
  cost: number
  /** unverified sends, on the scale that binds */
  debt: number
  limit: number
  /** limit minus debt, before this send */
  headroom: number
  /** (debt + cost) / limit */
  utilisation: number
  halfLifeMs: number
  narrow: boolean
}

export interface ExplainedDecision {
  verdict: Verdict
  would: Verdict
  mode: Decision['mode']
  score: number
  utilisation: number
  knownGood: boolean
  degraded: boolean
  retryAt: number | null
  service: string
  number: NumberFacts
  source: SourceFacts
  priceMicroUsd: number
  /** baseline conversion of the destination, and its lower bound that credit is reckoned with */
  baseline: { conversion: number; lower: number }
  reasons: (Reason & { sentence: string; remedy: string })[]
  lines: ExplainedLine[]
  /** more messages like this one, none of them verified, until the fullest line is at its limit; `null` without lines */
  roomMessages: number | null
  alternatives: Alternative[]
}

/** Decides without a trace and says what the decision rests on: the engine's own figures, none reckoned again. */
export async function explainDecision(
  core: Core,
  request: GateRequest,
  numberKey: (e164: string) => string,
  now: number,
): Promise<ExplainedDecision> {
  const service = core.policy.service(request.service)
  if (service === null) {
    const known = Object.keys(core.policy.policy.services)
    throw new CliFault(EXIT.usage, `the policy names no service "${request.service}"`, {
      mend: `give one of ${known.join(', ')} with --service, or add it under services:`,
    })
  }
  const evaluation = await core.assess(request, service, now)
  const { facts, decision } = evaluation
  const norms = core.knowledge.norms(
    facts.service,
    facts.number.country,
    facts.number.operatorRange,
    now,
  )
  const lines = await linesOf(core, evaluation, numberKey, now)
  const fullest = lines
    .filter((line) => line.cost > 0)
    .map((line) => Math.floor(line.headroom / line.cost))
  return {
    verdict: decision.verdict,
    would: decision.would,
    mode: decision.mode,
    score: decision.score,
    utilisation: decision.utilisation,
    knownGood: decision.knownGood,
    degraded: decision.degraded,
    retryAt: decision.retryAt,
    service: facts.service,
    number: facts.number,
    source: facts.source,
    priceMicroUsd: facts.priceMicroUsd,
    baseline: { conversion: norms.p, lower: norms.pLow },
    reasons: decision.reasons.map((reason) => ({
      ...reason,
      sentence: sentence(reason),
      remedy: REASONS[reason.code].remedy,
    })),
    lines,
    roomMessages: fullest.length === 0 ? null : Math.max(0, Math.min(...fullest)),
    alternatives: await alternativesOf(core, request, evaluation, now),
  }
}

async function linesOf(
  core: Core,
  { facts, service }: Evaluation,
  numberKey: (e164: string) => string,
  now: number,
): Promise<ExplainedLine[]> {
  const { number } = facts
  if (number.problem !== null) return []
  const query = queryOf(facts, service, numberKey(number.e164))
  const norms = core.knowledge.norms(facts.service, number.country, number.operatorRange, now)
  const state = await core.lines.gather(query, now)
  const r = readLines(facts, service, query, state, norms, now)
  const at = (column: Float64Array, i: number): number => column[i] ?? 0
  return LINES.flatMap((line, i): ExplainedLine[] => {
    const key = query.keys[i] ?? ''
    if (key === '') return []
    const cost = at(r.cost, i)
    const fast = (at(r.debtFast, i) + cost) / at(r.limitFast, i)
    const slow = (at(r.debtSlow, i) + cost) / at(r.limitSlow, i)
    const [debt, limit, halfLifeMs] =
      fast >= slow
        ? [at(r.debtFast, i), at(r.limitFast, i), FAST_HALF_LIFE_MS]
        : [at(r.debtSlow, i), at(r.limitSlow, i), at(service.slowHalfLifeMs, i)]
    return [
      {
        line,
        key: line === 'number' ? number.e164 : key,
        unit: i < LINE_INDEX.number ? 'micro_usd' : 'messages',
        cost,
        debt,
        limit,
        headroom: limit - debt,
        utilisation: at(r.utilisation, i),
        halfLifeMs,
        narrow: r.narrow[i] === 1,
      },
    ]
  })
}

async function alternativesOf(
  core: Core,
  request: GateRequest,
  { decision, facts, service }: Evaluation,
  now: number,
): Promise<Alternative[]> {
  if (decision.would === 'allow' || facts.number.problem !== null) return []
  return alternativesTo(
    request,
    async (other) => (await core.assess(other, service, now)).decision.would,
  )
}
