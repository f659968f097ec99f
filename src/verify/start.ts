import { issueChallenge } from './challenge.js'
import { isCode } from './codes.js'
import { fail, type Life, newId, ok, unknownService } from './context.js'
import { dispatch, otherChannels } from './dispatch.js'
import { once, verificationAgain } from './once.js'
import type { Patience } from './patience.js'
import { gateDecision, requestRow, verificationRow, viewOf } from './rows.js'
import type { Result, StartRequest, StartResult } from './types.js'

export async function start(
  life: Life,
  patience: Patience,
  request: StartRequest,
): Promise<Result<StartResult>> {
  if (request.code !== undefined && !isCode(request.code)) {
    return fail('invalid_code_format', 'a code of your own must be 4 to 10 decimal digits')
  }
  const id = newId(life, 'ver')
  const key = request.idempotencyKey
  if (key === undefined) return begin(life, patience, request, id)
  return once(life, {
    scope: `start:${request.apiKeyId ?? ''}`,
    key,
    asked: request,
    id,
    work: (known) => begin(life, patience, request, known),
    again: (known) => verificationAgain(life, known),
  })
}

async function begin(
  life: Life,
  patience: Patience,
  request: StartRequest,
  id: string,
): Promise<Result<StartResult>> {
  const { core, ledger } = life
  const service = core.policy.service(request.service)
  if (service === null) return unknownService(life, request.service)
  const now = life.clock()
  const evaluation = await core.evaluate(request, service, now)
  const row = requestRow(newId(life, 'dec'), 'start', evaluation, core.policy.version, id, now)
  const verification = verificationRow(id, request, evaluation, row.id, now)
  if (evaluation.decision.verdict === 'allow') {
    return dispatch(life, patience, verification, row, evaluation, request.code)
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
