import type { Contender } from '../contender.js'
import type { TrafficRow } from '../traffic.js'
import { type AttackerKind, CAMPAIGN } from './attack-space.js'

/**
 * What attacking costs and brings, micro-USD. Revenue is the part of the price that comes back to him: 0.4 is assumed, as
 * nobody publishes contracts. A request through a residential proxy moves 0.1 MB at 1 to
 * 5 USD a GB; solving services ask about 2 USD for a thousand CAPTCHAs; proof of work is a second of a rented processor;
 * numbers for one verification are rented at 0.08 to 0.50 USD.
 */
const ECONOMICS = {
  revenueShare: 0.4,
  proxyMicroUsd: 300,
  captchaMicroUsd: 2_000,
  powMicroUsd: 10,
  rentalMicroUsd: 100_000,
} as const

/** What an attack did, as far as it costs him something. */
export interface Spent {
  requests: number
  pow: number
  captcha: number
  verified: number
}

/** Counts what the attacker does while a contender is asked. */
export function metered(contender: Contender): { contender: Contender; spent: Spent } {
  const spent: Spent = { requests: 0, pow: 0, captcha: 0, verified: 0 }
  const his = ({ id }: TrafficRow): boolean => id.startsWith(`${CAMPAIGN}:`)
  return {
    spent,
    contender: {
      ...contender,
      async decide(row, facts, solved) {
        // the answer to a solved challenge is the second one to the same request
        if (!his(row)) return contender.decide(row, facts, solved)
        if (!solved) spent.requests++
        const verdict = await contender.decide(row, facts, solved)
        const { proof = 'pow' } = verdict
        if (!solved && verdict.verdict === 'challenge' && proof !== 'channel')
          if (row.potential.solves[proof]) spent[proof]++
        return verdict
      },
      outcome(row, facts, what, at) {
        if (what === 'verified' && his(row)) spent.verified++
        return contender.outcome(row, facts, what, at)
      },
    },
  }
}

/** Revenue less costs, micro-USD. @param leakedMicroUsd price of what went out */
export function earnedMicroUsd(kind: AttackerKind, leakedMicroUsd: number, spent: Spent): number {
  const { revenueShare, proxyMicroUsd, captchaMicroUsd, powMicroUsd, rentalMicroUsd } = ECONOMICS
  return (
    revenueShare * leakedMicroUsd -
    proxyMicroUsd * spent.requests -
    powMicroUsd * spent.pow -
    captchaMicroUsd * spent.captcha -
    (kind === 'outsider' ? rentalMicroUsd * spent.verified : 0)
  )
}
