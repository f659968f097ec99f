import type { Facts } from '../engine/facts.js'
import { MINUTE } from '../engine/units.js'
import type { Contender } from './contender.js'
import { createOutcomes } from './outcomes.js'
import { type Decided, type Decider, wasRepeated } from './replay-decided.js'
import type { RowFacts } from './row-facts.js'
import type { TrafficRow } from './traffic.js'

/** Age at which an unverified message counts as matured for rules that name none. */
const MATURITY_MS = 2 * MINUTE

/** Runs somebody else's rules over rows under virtual time; a challenge is solved by whoever would solve it. */
export function createPeerDecider(contender: Contender, rowFacts: RowFacts): Decider {
  const outcomes = createOutcomes<{ row: TrafficRow; facts: Facts }>((what, { row, facts }, at) =>
    contender.outcome(row, facts, what, at),
  )
  return {
    async decide(row): Promise<Decided | null> {
      await outcomes.advance(row.at)
      if (wasRepeated(row, outcomes)) return null
      const facts = rowFacts(row)
      const first = await contender.decide(row, facts, false)
      const { verdict, reasons, score = null } = first
      const solved = verdict === 'challenge' && row.potential.solves[first.proof ?? 'pow']
      const last = solved ? await contender.decide(row, facts, true) : first
      const sent = last.verdict === 'allow'
      if (sent) outcomes.sent(row, { row, facts }, last.maturityMs ?? MATURITY_MS)
      return {
        decision: {
          id: row.id,
          at: row.at,
          verdict,
          would: verdict,
          score,
          reasons: reasons.map((code) => ({
            code,
            subject: '',
            observed: null,
            limit: null,
            windowMs: null,
          })),
          sent,
        },
        priceMicroUsd: facts.priceMicroUsd,
        number: facts.number,
      }
    },
    finish: async () => outcomes.advance(Number.POSITIVE_INFINITY),
  }
}
