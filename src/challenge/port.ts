/** What a challenge is bound to: a solution for one number is worth nothing for another. */
export interface ChallengeSubject {
  service: string
  number: string
  /** the verification (or decision) it lets through */
  verificationId: string
}

/** Altcha's own challenge format, as its widget takes it. */
export interface IssuedChallenge {
  type: 'pow'
  /** our id, stored on solving so that a solution works once */
  id: string
  /** handed to the widget as it is */
  payload: Record<string, unknown>
  expiresAt: number
}

export type ChallengeProblem = 'malformed' | 'expired' | 'foreign' | 'wrong' | 'used'

export interface Challenger {
  /** @param cost work factor by policy; higher takes longer to solve */
  issue(
    subject: ChallengeSubject,
    options: { cost: number; ttlMs: number; now: number },
  ): Promise<IssuedChallenge>
  /** Checks signature, expiry, binding and work. Single use is the ledger's (`putIfAbsent` of `id`). */
  verify(
    subject: ChallengeSubject,
    solution: string,
    now: number,
  ): Promise<{ ok: true; id: string; expiresAt: number } | { ok: false; problem: ChallengeProblem }>
}
