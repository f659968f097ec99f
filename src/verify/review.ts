import { fail, type Life, ok } from './context.js'
import type { Patience } from './patience.js'
import { sendAgain } from './resend.js'
import { viewOf } from './rows.js'
import type { Result, VerificationView } from './types.js'

/** Tries against others who change the same verification. */
const ROUNDS = 5

/**
 * A person's answer to a held verification. Approved, it is decided anew with the hold answered, charged and sent; what
 * refuses it otherwise still does. Ending the hold is one compare-and-set: of two who answer at once one has an effect.
 */
export async function review(
  life: Life,
  patience: Patience,
  id: string,
  answer: 'approve' | 'refuse',
): Promise<Result<VerificationView>> {
  for (let round = 0; round < ROUNDS; round++) {
    const row = await life.ledger.verification(id)
    if (row === null) return fail('verification_not_found', `no verification ${id}`)
    const now = life.clock()
    if (row.status !== 'held' || now >= row.expiresAt) {
      const is = row.status === 'held' ? 'refused: nobody approved it in time' : row.status
      return fail('not_held', `this verification waits for nobody: it is ${is}`)
    }
    if (answer === 'approve') {
      if (row.context.ownCode === true)
        return fail(
          'own_code_not_kept',
          'the application gave a code of its own, which is never kept; allow the number and let it ask again',
        )
      const sent = await sendAgain(life, patience, row, { reviewed: true })
      return sent.ok ? ok(sent.value.verification) : sent
    }
    const patch = { status: 'denied' as const, codeHash: null, updatedAt: now }
    if (await life.ledger.updateVerification(id, row.version, patch))
      return ok(viewOf({ ...row, ...patch }))
  }
  return fail('conflict', 'this verification is changing; retry')
}
