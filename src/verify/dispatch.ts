import type { Append } from '../ledger/port.js'
import type { RequestRow, SendStatus, VerificationRow } from '../ledger/rows.js'
import type { Sender } from '../send/port.js'
import { addCode, drawCode, hashCode, takeBackCode } from './codes.js'
import { fail, type Life, newId, ok } from './context.js'
import type { Evaluation } from './core.js'
import { settle, undoCharge } from './credit.js'
import { insist } from './owed.js'
import type { Patience } from './patience.js'
import { gateDecision, sendRow, viewOf } from './rows.js'
import type { Result, StartResult } from './types.js'

/** Refusals that say the number is dead: nothing is billed, but the narrow lines remember. */
const DEAD_NUMBER = new Set(['unallocated', 'unreachable_type', 'blocked'])

/** Whoever asked was told that no code leaves, and may have asked again: it is undone like a message that no provider took. */
const TOO_LATE: Awaited<ReturnType<Sender['send']>> = {
  ...{ ok: false, error: 'unavailable', detail: 'recorded too late to be sent' },
  ...{ retryElsewhere: true, mayHaveBeenSent: false, provider: '', attempts: 0 },
}

/** A receipt of a message that stood still here may be faster than its answer, and knows more. */
const UNANSWERED: readonly SendStatus[] = ['pending', 'unknown']

export const otherChannels: string[] = ['email', 'totp', 'passkey']

/** The text of a message: {code} and {service} filled in. */
const messageText = (template: string, code: string, service: string): string =>
  template.replaceAll('{code}', code).replaceAll('{service}', service)

/**
 * The one way a message leaves. Everything is recorded and durable before it is handed to a provider: a crash can
 * lose an unsent request, never a sent one; and what cannot be recorded is neither sent nor charged.
 * @param row as it was read; a new verification has version 0 and no sends and is recorded here
 */
export async function dispatch(
  life: Life,
  patience: Patience,
  row: VerificationRow,
  request: RequestRow,
  evaluation: Evaluation,
  customCode: string | undefined,
): Promise<Result<StartResult>> {
  const { ledger, sender, core } = life
  const { service, facts } = evaluation
  const now = request.at
  const code = customCode ?? drawCode(service.policy.code.digits, life.random)
  const codeHash = hashCode(life.codeSecret, row.id, code)
  const message = sendRow(newId(life, 'msg'), request.id, row.id, facts.priceMicroUsd, now)
  const slot = {
    status: 'sent' as const,
    codeHash: addCode(row.codeHash, codeHash),
    sends: row.sends + 1,
    lastSendAt: now,
    updatedAt: now,
    requestId: request.id,
    // a life begins with its first message; resends do not lengthen it
    expiresAt: row.sends === 0 ? now + service.policy.code.ttlMs : row.expiresAt,
  }
  const sending: VerificationRow = { ...row, ...slot }
  const records: Append[] = [
    { table: 'requests', row: request },
    { table: 'sends', row: message },
  ]
  const mark = `c:${request.id}`
  life.applied(mark)
  life.unrecorded.set(mark, request)
  try {
    if (request.kind === 'start') records.push({ table: 'verifications', row: sending })
    else if (!(await ledger.updateVerification(row.id, row.version, slot))) {
      await undoCharge(life, request, life.clock())
      return fail('conflict', 'another request changed this verification at the same time; retry')
    }
    await ledger.commit(records)
  } catch (cause) {
    await undoCharge(life, request, life.clock())
    throw cause
  } finally {
    life.unrecorded.delete(mark)
  }

  const result = patience.seeThrough()
    ? await sender.send({
        idempotencyKey: message.id,
        to: facts.number.e164,
        body: messageText(service.policy.code.template, code, facts.service),
        channel: 'sms',
      })
    : TOO_LATE
  const at = life.clock()
  const decision = gateDecision(request.id, evaluation, core.policy.version)
  if (result.ok) {
    // it is out, recorded and charged: telling the caller to retry because its receipt is not kept would be worse
    const { provider, providerId } = result
    const took = { provider, providerId }
    await insist(life, async () => {
      const patch = { status: 'accepted' as const, updatedAt: at, ...took }
      if (!(await ledger.updateSend(message.id, patch, UNANSWERED)))
        await ledger.updateSend(message.id, took)
    })
    return ok({ verification: viewOf(sending), decision, challenge: null, channels: [] })
  }
  const { provider, error, mayHaveBeenSent } = result
  await insist(life, async () => {
    const status = mayHaveBeenSent ? 'unknown' : 'failed'
    await ledger.updateSend(message.id, { status, provider, error, updatedAt: at }, UNANSWERED)
    if (mayHaveBeenSent) return
    await settle(life, request.id, DEAD_NUMBER.has(error) ? 'failed' : 'released', at, error)
    await closeFailed(life, row, codeHash)
  })
  // it may be on its way: the code stays good and the charge stands
  if (mayHaveBeenSent)
    return ok({ verification: viewOf(sending), decision, challenge: null, channels: [] })
  return result.retryElsewhere
    ? fail(
        'provider_unavailable',
        `no provider took the message (${result.error}); nothing was charged, try again`,
      )
    : fail('provider_refused', `the provider refused the message: ${result.error}`)
}

/**
 * A first send that failed ends its verification; a failed resend leaves the codes sent before good.
 * @param before the verification as it was before the send
 */
async function closeFailed(life: Life, before: VerificationRow, failed: string): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const row = await life.ledger.verification(before.id)
    if (row === null || row.status !== 'sent') return
    const updatedAt = life.clock()
    const patch =
      before.sends === 0
        ? { status: 'failed' as const, codeHash: null, sends: 0, updatedAt }
        : {
            sends: Math.max(0, row.sends - 1),
            codeHash: takeBackCode(row.codeHash, failed, before.codeHash),
            updatedAt,
          }
    if (await life.ledger.updateVerification(row.id, row.version, patch)) return
  }
}
