import type { Decision } from '../engine/decision.js'
import type { Facts } from '../engine/facts.js'
import type { Policy } from '../engine/policy.js'
import { SECOND } from '../engine/units.js'
import { memoryLines } from '../lines/memory/memory.js'
import { createCore } from '../verify/core.js'
import type { Contender, ContenderVerdict } from './contender.js'
import { createCredit, requestOf } from './credit.js'
import { TrafficError } from './traffic.js'

export interface TollgateOptions {
  policy: Policy
  /** @default 'tollgate' */
  name?: string
  /** records of the lines kept at most @default 4,000,000 */
  capacity?: number
}

/** Same traffic, same hashes, same decisions: nobody attacks the laboratory's hash tables. */
const SEED = 1
const CAPACITY = 4_000_000
/** Virtual time between two background passes. */
const PASS_MS = 5 * SECOND

/** A message is held for a person who reviews it: it does not go out, as if refused. */
const verdictOf = ({ verdict }: Decision): ContenderVerdict['verdict'] =>
  verdict === 'hold' ? 'deny' : verdict

/** Tollgate as a contender: the core that the gateway runs, on lines of its own. */
export function createTollgate(options: TollgateOptions): Contender {
  const { policy, name = 'tollgate', capacity = CAPACITY } = options
  // the row that is being asked about: what the contest has looked up is not looked up again
  let looked: Facts | null = null
  const at = (): Facts => {
    if (looked === null) throw new Error('the core looks up facts only while it evaluates')
    return looked
  }
  const core = createCore({
    policy,
    policyVersion: 0,
    lines: memoryLines({ seed: SEED, capacity }),
    facts: {
      parseNumber: () => at().number,
      sourceFacts: () => at().source,
      priceOf: () => at().priceMicroUsd,
      numberKey: (e164) => e164,
    },
  })
  const credit = createCredit(core)
  let nextPass = 0
  let incidentAt: number | null = null
  /** The background pass, as the gateway's upkeep makes it. */
  function pass(now: number): void {
    if (now < nextPass) return
    nextPass = now + PASS_MS
    for (const change of core.pass(now))
      if (
        change.type === 'incident' &&
        change.event === 'opened' &&
        change.incident.kind === 'attack'
      )
        incidentAt ??= now
  }
  return {
    name,
    incidentAt: () => incidentAt,
    async decide(row, facts, solved): Promise<ContenderVerdict> {
      pass(row.at)
      const service = core.policy.service(row.service)
      if (service === null)
        throw new TrafficError(`row ${row.id}: the policy names no service "${row.service}"`)
      const request = requestOf(row)
      if (solved) request.challengePassed = true
      looked = facts
      const evaluation = await core.evaluate(request, service, row.at)
      const { decision, maturityMs } = evaluation
      const verdict = verdictOf(decision)
      if (verdict === 'allow') credit.sent(row, evaluation)
      return {
        verdict,
        reasons: decision.reasons.map(({ code }) => code),
        score: decision.score,
        maturityMs,
      }
    },
    outcome: (row, facts, what, at) => credit.outcome(row, facts, what, at),
  }
}
