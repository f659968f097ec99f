import type { VerificationRow } from '../ledger/rows.js'
import { issueChallenge } from './challenge.js'
import { noCheckLeft } from './check.js'
import { isCode } from './codes.js'
import { fail, type Life, newId, ok } from './context.js'
import { dispatch, otherChannels } from './dispatch.js'
import { once, verificationAgain } from './once.js'
import type { Patience } from './patience.js'
import { gateDecision, lifeOf, requestOf, requestRow, viewOf } from './rows.js'
import type { Result, StartResult } from './types.js'

export async function resend(
  life: Life,
  patience: Patience,
  id: string,
  options: { code?: string; apiKeyId?: string; idempotencyKey?: string } = {},
): Promise<Result<StartResult>> {
  const { code, apiKeyId = '', idempotencyKey } = options
  if (code !== undefined && !isCode(code)) {
    return fail('invalid_code_format', 'a code of your own must be 4 to 10 decimal digits')
  }
  const work = async (): Promise<Result<StartResult>> => {
    const row = await life.ledger.verification(id)
    if (row === null) return fail('verification_not_found', `no verification ${id}`)
    return sendAgain(life, patience, row, code === undefined ? {} : { code })
  }
  if (idempotencyKey === undefined) return work()
  const scope = `resend:${apiKeyId}:${id}`
  const again = () => verificationAgain(life, id)
  return once(life, { scope, key: idempotencyKey, asked: { code }, id, work, again })
}

/** One more send of a verification, decided anew: a resend, or the first send after a solved challenge. */
export async function sendAgain(
  life: Life,
  patience: Patience,
  row: VerificationRow,
  options: { code?: string; challengePassed?: boolean; reviewed?: boolean },
): Promise<Result<StartResult>> {
  const { core, ledger } = life
  const now = life.clock()
  const service = core.policy.service(row.service)
  if (service === null)
    return fail('unknown_service', `the policy no longer names service "${row.service}"`)
  const refused = mayNotSend(row, now, service.policy.code, options)
  if (refused !== null) return refused

  const request = requestOf(row, {
    ...(options.challengePassed && { challengePassed: true }),
    ...(options.reviewed && { reviewed: true }),
  })
  const evaluation = await core.evaluate(request, service, now)
  const record = requestRow(
    newId(life, 'dec'),
    'resend',
    evaluation,
    core.policy.version,
    row.id,
    now,
  )
  if (evaluation.decision.verdict === 'allow') {
    return dispatch(life, patience, row, record, evaluation, options.code)
  }
  if (options.reviewed && evaluation.decision.verdict === 'challenge')
    return fail('conflict', 'concurrent requests took the headroom; approve it again')
  ledger.append([{ table: 'requests', row: record }])
  const decision = gateDecision(record.id, evaluation, core.policy.version)
  // a verification whose code is out stays as it is: that code is still good
  const status =
    row.status === 'sent'
      ? 'sent'
      : decision.verdict === 'challenge'
        ? 'challenge_required'
        : decision.verdict === 'hold'
          ? 'held'
          : 'denied'
  if (status !== row.status) {
    await ledger.updateVerification(row.id, row.version, {
      status,
      updatedAt: now,
      requestId: record.id,
      ...(status === 'held' && { expiresAt: now + lifeOf(service.policy, 'hold') }),
    })
  }
  const challenge =
    decision.verdict === 'challenge' ? await issueChallenge(life, row, decision.utilisation) : null
  return ok({
    verification: viewOf({ ...row, status }),
    decision,
    challenge,
    channels: otherChannels,
  })
}

function mayNotSend(
  row: VerificationRow,
  now: number,
  code: { maxSends: number; maxChecks: number; resendAfterMs: number },
  { challengePassed = false, reviewed = false }: { challengePassed?: boolean; reviewed?: boolean },
): ReturnType<typeof fail> | null {
  if (row.status === 'verified')
    return fail('already_verified', 'this verification has succeeded; start a new one')
  if (row.status === 'cancelled')
    return fail('verification_cancelled', 'this verification was cancelled; start a new one')
  if (row.status === 'expired' || now >= row.expiresAt) {
    return fail('verification_expired', 'this verification has expired; start a new one')
  }
  if (row.sends >= code.maxSends) {
    return fail(
      'too_many_sends',
      `${code.maxSends} messages were sent for this verification; it takes no more`,
      row.expiresAt,
    )
  }
  const spent = noCheckLeft(row, code.maxChecks)
  if (spent !== null) return spent
  if (row.status === 'challenge_required') {
    return challengePassed
      ? null
      : fail('not_sent_yet', 'solve the challenge first; it sends the first message')
  }
  if (row.status === 'held' && reviewed) return null
  if (row.status !== 'sent')
    return fail('not_sent_yet', `a verification that is ${row.status} sends nothing`)
  const free = (row.lastSendAt ?? 0) + code.resendAfterMs
  if (now >= free) return null
  const seconds = Math.ceil((free - now) / 1000)
  return fail('resend_too_soon', `a message has just gone out; ask again in ${seconds} s`, free)
}
