import { fail, type Life, ok } from './context.js'
import { viewOf } from './rows.js'
import type { Result, VerificationView } from './types.js'

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
      timeline.push({ at: outcome.at, event: outcome.kind, detail: outcome.detail })
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
