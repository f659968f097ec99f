import { type CompiledService, LINE_INDEX } from './compile.js'
import type { Decision, Reason, Verdict } from './decision.js'
import type { Facts } from './facts.js'
import { isKnownGood } from './known-good.js'
import type { Norms } from './norms.js'
import { LINES } from './policy.js'
import { type Readings, readLines } from './readings.js'
import type { RuleContext } from './rules/context.js'
import { distinct } from './rules/distinct.js'
import { doubtOf, shareFor } from './rules/doubt.js'
import { geo } from './rules/geo.js'
import { lines } from './rules/lines.js'
import { lists } from './rules/lists.js'
import { number } from './rules/number.js'
import { playbook } from './rules/playbook.js'
import { rateLimits } from './rules/rate-limits.js'
import { risk } from './rules/risk.js'
import { isBound, spend } from './rules/spend.js'
import { store } from './rules/store.js'
import { watch } from './rules/watch.js'
import type { Sense } from './sense.js'
import { type Demand, type Gathered, LINE_WIDTH, NO_SPEND_CEILINGS, type Query } from './state.js'

/** Every rule is evaluated on every request; none hides another. */
const RULES = [
  number,
  lists,
  playbook,
  geo,
  spend,
  rateLimits,
  distinct,
  lines,
  watch,
  risk,
  store,
] as const

const RANK: Record<Verdict, number> = { allow: 0, challenge: 1, hold: 2, deny: 3 }
/** @param answered the strongest demand that is met: a solved challenge answers challenges, a person's approval holds too */
const strongest = (reasons: readonly Reason[], verdict: Verdict, answered: number): Verdict => {
  let worst = verdict
  for (const reason of reasons) {
    if (RANK[reason.verdict] <= answered) continue
    if (RANK[reason.verdict] > RANK[worst]) worst = reason.verdict
  }
  return worst
}

export interface Decided {
  decision: Decision
  /** what to charge if the message goes out; `null` when enforce mode would not have sent it */
  demand: Demand | null
  readings: Readings
}

/**
 * The one decision: pure and deterministic. The same in the gateway, the library, replay and audit.
 * Monitor mode is applied last: same counters, same reasons; a request that enforce would have challenged is charged
 * as if the challenge had been solved, one it would have refused is not charged.
 */
export function decide(
  facts: Facts,
  service: CompiledService,
  query: Query,
  state: Gathered,
  norms: Norms,
  sense: Sense,
  now: number,
): Decided {
  const readings = readLines(facts, service, query, state, norms, now)
  const context: RuleContext = {
    facts,
    service,
    query,
    state,
    norms,
    readings,
    sense,
    now,
    firm: [],
    soft: [],
  }
  for (const rule of RULES) rule(context)
  const { firm, soft } = context

  const knownGood = isKnownGood(context)
  const allowed =
    facts.listed?.list === 'allow' || (facts.measured !== null && facts.measured.allowedBy !== null)
  const exempt = knownGood || allowed
  const passed = facts.challengePassed || facts.reviewed
  const answered = facts.reviewed ? RANK.hold : facts.challengePassed ? RANK.challenge : RANK.allow
  const would = strongest(exempt ? [] : soft, strongest(firm, 'allow', answered), answered)
  const { mode } = service.policy
  // monitor sends everything that can be sent at all
  const verdict = mode === 'enforce' ? would : facts.number.problem !== null ? 'deny' : 'allow'
  const sends = would === 'allow' || (mode === 'monitor' && would === 'challenge')

  const reasons = firm.length === 0 ? soft : firm.concat(soft)
  if (reasons.length > 1) reasons.sort((a, b) => RANK[b.verdict] - RANK[a.verdict])
  const decision: Decision = {
    verdict,
    would,
    mode,
    score: sense.weighed.score,
    evidence: sense.weighed.evidence,
    reasons,
    utilisation: readings.binding < 0 ? 0 : (readings.utilisation[readings.binding] ?? 0),
    retryAt: would === 'deny' ? retryAt(exempt ? firm : reasons) : null,
    knownGood,
    degraded: state.degraded || state.standIn !== undefined,
  }
  const solved = passed || would === 'challenge'
  const share = shareFor(sense, service.policy)
  const doubted = doubtOf(sense, service.policy) === 'high'
  return {
    decision,
    demand: sends
      ? demandOf(
          facts,
          state,
          readings,
          spendCeilings(service, query),
          exempt ? 'any' : solved && !doubted ? 'closing' : 'limit',
          share,
        )
      : null,
    readings,
  }
}

/** When every denying reason has ended; `null` when one of them never ends by waiting. */
function retryAt(reasons: readonly Reason[]): number | null {
  let at = 0
  for (const reason of reasons) {
    if (reason.verdict !== 'deny') continue
    if (reason.until === null) return null
    at = Math.max(at, reason.until)
  }
  return at === 0 ? null : at
}

/** Caps hold against everything: also whoever is exempt cannot spend what another one took since it was read. */
function spendCeilings({ caps }: CompiledService, query: Query): Float64Array {
  if (caps.length === 0) return NO_SPEND_CEILINGS
  const ceilings = new Float64Array(caps.length)
  for (const [i, cap] of caps.entries())
    ceilings[i] = isBound(cap, query) ? cap.limitMicroUsd : Number.POSITIVE_INFINITY
  return ceilings
}

const ceilings = new Float64Array(LINES.length)

/**
 * The charge, and how high each reserved amount may be after it for the decision still to stand.
 * Its arrays are valid until the next decision.
 * @param upTo the debt the verdict rests on: each line's limit, what closes it with a challenge solved, any when exempt
 */
function demandOf(
  facts: Facts,
  state: Gathered,
  readings: Readings,
  spendCeilings: Float64Array,
  upTo: 'limit' | 'closing' | 'any',
  share: number,
): Demand {
  const n = LINES.length
  const { cost, debtFast, debtSlow, weight, utilisation, closed } = readings
  const solved = upTo === 'closing'
  const part = solved ? 1 : share
  const fast = solved ? readings.closeFast : readings.limitFast
  const slow = solved ? readings.closeSlow : readings.limitSlow
  for (let i = 0; i < n; i++) {
    // a line that is already over did not carry this verdict: it does not bind the charge either
    const over = solved ? closed[i] === 1 : (utilisation[i] as number) > share
    if (cost[i] === 0 || upTo === 'any' || over) ceilings[i] = Number.POSITIVE_INFINITY
    else {
      const reserved = state.lines[i * LINE_WIDTH + 4] as number
      const room = Math.min(
        part * (fast[i] as number) - (debtFast[i] as number),
        part * (slow[i] as number) - (debtSlow[i] as number),
      )
      // room is in debt; in flight counts with its weight, the new send in full
      ceilings[i] = reserved + Math.max(cost[i] as number, room / (weight[i] as number))
    }
  }
  return {
    costs: cost,
    ceilings,
    spendCeilings,
    priceMicroUsd: facts.priceMicroUsd,
    opensSession: state.sessionAt === 0,
    carried: cost[LINE_INDEX.block] === 0,
    as: 'send',
    throttled: upTo !== 'any',
  }
}
