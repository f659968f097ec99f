import type { ChallengeSubject, IssuedChallenge } from '../challenge/port.js'
import type { VerificationRow } from '../ledger/rows.js'
import type { Life } from './context.js'

/** What a challenge of this verification is bound to. `to` is in clear as long as the verification is open. */
export const subjectOf = (row: VerificationRow): ChallengeSubject => ({
  service: row.service,
  number: row.to,
  verificationId: row.id,
})

/** @param utilisation of the binding line: the fuller it is, the dearer the work */
export function issueChallenge(
  life: Life,
  row: VerificationRow,
  utilisation: number,
): Promise<IssuedChallenge> {
  const policy = life.core.policy.service(row.service)?.policy.challenge ?? {
    ttlMs: 300_000,
    cost: 1,
    maxCost: 16,
  }
  const cost = Math.min(policy.maxCost, policy.cost * Math.max(1, utilisation) ** 2)
  return life.challenger.issue(subjectOf(row), { cost, ttlMs: policy.ttlMs, now: life.clock() })
}
