import { createHash } from 'node:crypto'
import type { VerificationRow } from '../ledger/rows.js'
import { issueChallenge } from './challenge.js'
import { isCode } from './codes.js'
import { fail, type Life, newId, ok } from './context.js'
import { dispatch, otherChannels } from './dispatch.js'
import { gateDecision, recordedDecision, requestRow, verificationRow, viewOf } from './rows.js'
import type { Result, StartRequest, StartResult } from './types.js'

/** An idempotency key keeps its answer this long. */
const IDEMPOTENCY_MS = 24 * 60 * 60_000

export async function start(life: Life, request: StartRequest): Promise<Result<StartResult>> {
  if (request.code !== undefined && !isCode(request.code)) {
    return fail('invalid_code_format', 'a code of your own must be 4 to 10 decimal digits')
  }
  const id = newId(life, 'ver')
  if (request.idempotencyKey === undefined) return begin(life, request, id)
  return once(life, request, request.idempotencyKey, id)
}

/**
 * At most one effect per key. The key is put before any work with the id the work will have; whoever comes second
 * finds that verification, or takes over when the first never got to record one (then nothing was sent either).
 */
async function once(
  life: Life,
  request: StartRequest,
  given: string,
  id: string,
): Promise<Result<StartResult>> {
  const key = `${request.apiKeyId ?? ''}:${given}`
  const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('base64url')
  if (life.inProgress.has(key)) {
    return fail(
      'idempotency_in_progress',
      'the first request with this key is still at work; retry in a second',
    )
  }
  life.inProgress.add(key)
  try {
    const now = life.clock()
    const value = JSON.stringify({ fingerprint, id })
    const stored = await life.ledger.putIfAbsent(
      'idempotency',
      key,
      value,
      now + IDEMPOTENCY_MS,
      now,
    )
    if (stored === null) {
      const result = await begin(life, request, id)
      // a refusal before any effect gives the key back: the retry is a new try
      if (!result.ok && (await life.ledger.verification(id)) === null)
        await life.ledger.remove('idempotency', key)
      return result
    }
    const first = JSON.parse(stored) as { fingerprint: string; id: string }
    if (first.fingerprint !== fingerprint) {
      return fail(
        'idempotency_mismatch',
        'this key was used for a different request; use a new key per request',
      )
    }
    const row = await life.ledger.verification(first.id)
    return row === null ? begin(life, request, first.id) : again(life, row)
  } finally {
    life.inProgress.delete(key)
  }
}

/** The answer of a start given again: the same verification as it stands, its decision, no second effect. */
async function again(life: Life, row: VerificationRow): Promise<Result<StartResult>> {
  const request = await life.ledger.request(row.requestId)
  if (request === null)
    return fail('verification_not_found', `the record of ${row.id} has been deleted`)
  const decision = recordedDecision(request)
  const challenge =
    row.status === 'challenge_required'
      ? await issueChallenge(life, row, decision.utilisation)
      : null
  return ok({
    verification: viewOf(row),
    decision,
    challenge,
    channels: row.status === 'sent' ? [] : otherChannels,
  })
}

async function begin(life: Life, request: StartRequest, id: string): Promise<Result<StartResult>> {
  const { core, ledger } = life
  const service = core.policy.service(request.service)
  if (service === null) {
    return fail(
      'unknown_service',
      `the policy names no service "${request.service.slice(0, 100)}"; add it under services:`,
    )
  }
  const now = life.clock()
  const evaluation = await core.evaluate(request, service, now)
  const row = requestRow(newId(life, 'dec'), 'start', evaluation, core.policy.version, id, now)
  const verification = verificationRow(id, request, evaluation, row.id, now)
  if (evaluation.decision.verdict === 'allow') {
    return dispatch(life, verification, row, evaluation, request.code)
  }
  await ledger.commit([
    { table: 'requests', row },
    { table: 'verifications', row: verification },
  ])
  const decision = gateDecision(row.id, evaluation, core.policy.version)
  const challenge =
    decision.verdict === 'challenge'
      ? await issueChallenge(life, verification, decision.utilisation)
      : null
  return ok({ verification: viewOf(verification), decision, challenge, channels: otherChannels })
}
