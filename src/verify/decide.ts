import type { Credit } from '../ledger/rows.js'
import { type Life, newId, ok, unknownService } from './context.js'
import { undoCharge } from './credit.js'
import { once, UNDONE } from './once.js'
import { gateDecision, recordedDecision, requestRow } from './rows.js'
import type { GateDecision, GateRequest, Result } from './types.js'

/** Decided, charged and recorded, for whoever sends by other means. */
export async function decide(life: Life, request: GateRequest): Promise<Result<GateDecision>> {
  const id = newId(life, 'dec')
  const { idempotencyKey: key, apiKeyId = '' } = request
  if (key === undefined) return decideAs(life, request, id)
  return once(life, {
    ...{ scope: `decide:${apiKeyId}`, key, asked: request, id },
    work: (known) => decideAs(life, request, known),
    again: (known) => decidedAgain(life, request, known),
  })
}

/** What would be decided; leaves no trace. */
export async function assess(life: Life, request: GateRequest): Promise<Result<GateDecision>> {
  const { core } = life
  const service = core.policy.service(request.service)
  if (service === null) return unknownService(life, request.service)
  const evaluation = await core.assess(request, service, life.clock())
  return ok(gateDecision(newId(life, 'dec'), evaluation, core.policy.version))
}

async function decideAs(
  life: Life,
  request: GateRequest,
  id: string,
): Promise<Result<GateDecision>> {
  const { core, ledger } = life
  const service = core.policy.service(request.service)
  if (service === null) return unknownService(life, request.service)
  const now = life.clock()
  const evaluation = await core.evaluate(request, service, now)
  const row = requestRow(id, 'decision', evaluation, core.policy.version, null, now)
  try {
    // recorded with the next group commit; the answer does not wait for the disk
    ledger.append([{ table: 'requests', row }])
  } catch (cause) {
    await undoCharge(life, row, now)
    throw cause
  }
  if (evaluation.charge !== null) life.applied(`c:${id}`)
  return ok(gateDecision(id, evaluation, core.policy.version))
}

/**
 * A message that was not sent, or failed: all or most of its charge was given back. Whoever asks with its key again
 * means to send another one, which is charged.
 */
const GIVEN_BACK: readonly Credit[] = ['released', 'failed']

/** The answer given again: as it was recorded, with what a row does not keep of the number. */
async function decidedAgain(
  { core, ledger }: Life,
  request: GateRequest,
  id: string,
): Promise<Result<GateDecision> | typeof UNDONE | null> {
  const row = await ledger.request(id)
  if (row === null) return null
  if (GIVEN_BACK.includes(row.credit)) return UNDONE
  const { e164, country, type, operator, problem } = core.parseNumber(
    request.to,
    request.defaultCountry,
  )
  return ok({ ...recordedDecision(row), number: { e164, country, type, operator, problem } })
}
