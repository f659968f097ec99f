import { fail, type Life, ok } from './context.js'
import { viewOf } from './rows.js'
import type { Result, VerificationView } from './types.js'

/** A code repays every send of its session: those of verifications that were not completed, too. */
const ELSEWHERE = 'the number, and not by a code of this verification'

/** A verification with what happened to it, in order of time. */
export async function view(life: Life, id: string): Promise<Result<VerificationView>> {
  const row = await life.ledger.verification(id)
  if (row === null) return fail('verification_not_found', `no verification ${id}`)
  const timeline: VerificationView['timeline'] = []
  for (const request of await life.ledger.requests({ verificationId: id, limit: 50 })) {
    const first = request.reasons[0]
    timeline.push({
      at: request.at,
      event: `${request.kind}: ${request.verdict}`,
      detail: first?.code ?? null,
    })
    for (const outcome of await life.ledger.outcomesOf(request.id)) {
      const other = outcome.kind === 'verified' && row.status !== 'verified'
      const detail = outcome.detail ?? (other ? ELSEWHERE : null)
      timeline.push({ at: outcome.at, event: outcome.kind, detail })
    }
  }
  for (const send of await life.ledger.sends(id)) {
    timeline.push({
      at: send.updatedAt,
      event: `message ${send.status}`,
      detail: send.error ?? send.provider,
    })
  }
  timeline.sort((a, b) => a.at - b.at)
  const over = life.clock() >= row.expiresAt
  const status =
    over && row.status === 'sent'
      ? 'expired'
      : over && row.status === 'held'
        ? 'denied'
        : row.status
  return ok(viewOf({ ...row, status }, timeline))
}
