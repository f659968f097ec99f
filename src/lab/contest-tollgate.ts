import type { Decision } from '../engine/decision.js'
import type { Policy } from '../engine/policy.js'
import { memoryLines } from '../lines/memory/memory.js'
import { createCore, type FactSources } from '../verify/core.js'
import type { Contender, ContenderVerdict } from './contender.js'
import { createCredit, requestOf } from './credit.js'
import { TrafficError } from './traffic.js'

export interface TollgateOptions {
  policy: Policy
  sources: FactSources
  /** @default 'tollgate' */
  name?: string
  /** records of the lines kept at most @default 4,000,000 */
  capacity?: number
}

/** Same traffic, same hashes, same decisions: nobody attacks the laboratory's hash tables. */
const SEED = 1
const CAPACITY = 4_000_000

/** A message is held for a person who reviews it: it does not go out, as if refused. */
const verdictOf = ({ verdict }: Decision): ContenderVerdict['verdict'] =>
  verdict === 'hold' ? 'deny' : verdict

/** Tollgate as a contender: the core that the gateway runs, on lines of its own. */
export function createTollgate(options: TollgateOptions): Contender {
  const { policy, sources, name = 'tollgate', capacity = CAPACITY } = options
  const core = createCore({
    policy,
    policyVersion: 0,
    lines: memoryLines({ seed: SEED, capacity }),
    facts: sources,
  })
  const credit = createCredit(core)
  return {
    name,
    async decide(row, _, solved): Promise<ContenderVerdict> {
      const service = core.policy.service(row.service)
      if (service === null)
        throw new TrafficError(`row ${row.id}: the policy names no service "${row.service}"`)
      const request = requestOf(row)
      if (solved) request.challengePassed = true
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
