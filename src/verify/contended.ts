import type { Decision } from '../engine/decision.js'
import { fact } from '../engine/rules/context.js'
import type { ChargeRecord } from '../ledger/rows.js'

/**
 * Twice beaten to the headroom: the next try comes after a challenge. Monitor mode sends, charged to no line; it is a
 * message all the same, with its price and what becomes of it.
 */
export function contended(
  decision: Decision,
  record: ChargeRecord,
): { decision: Decision; charge: ChargeRecord | null } {
  const monitors = decision.mode === 'monitor'
  return {
    decision: {
      ...decision,
      verdict: monitors ? 'allow' : 'challenge',
      would: 'challenge',
      reasons: [fact('store.contended', 'challenge', 'lines'), ...decision.reasons],
    },
    charge: monitors ? { ...record, lines: [] } : null,
  }
}
