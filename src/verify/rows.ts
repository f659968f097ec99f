import type { Verdict } from '../engine/decision.js'
import type { ServicePolicy } from '../engine/policy.js'
import type { RequestRow, SendRow, VerificationRow } from '../ledger/rows.js'
import type { Evaluation } from './core.js'
import type { GateDecision, GateRequest, StartRequest, VerificationView } from './types.js'

/** Rows and views, from what was evaluated. Pure. */

export function requestRow(
  id: string,
  kind: RequestRow['kind'],
  { facts, decision, charge, maturityMs }: Evaluation,
  policyVersion: number,
  verificationId: string | null,
  now: number,
): RequestRow {
  const { number, source, context } = facts
  return {
    id,
    at: now,
    service: facts.service,
    kind,
    number: number.e164,
    country: number.country,
    operator: number.operatorRange,
    block: number.block,
    ip: source.ip,
    subnet: source.subnetKey,
    asn: source.asn,
    deviceId: context.deviceId,
    accountId: context.accountId,
    sessionId: context.sessionId,
    userAgent: context.userAgent,
    apiKeyId: context.apiKeyId,
    priceMicroUsd: facts.priceMicroUsd,
    verdict: decision.verdict,
    would: decision.would,
    mode: decision.mode,
    score: decision.score,
    reasons: decision.reasons,
    evidence: decision.evidence,
    knownGood: decision.knownGood,
    degraded: decision.degraded,
    policyVersion,
    verificationId,
    charge,
    credit: charge === null ? 'none' : 'reserved',
    maturesAt: charge === null ? null : now + maturityMs,
    settledAt: null,
  }
}

export function verificationRow(
  id: string,
  request: StartRequest,
  evaluation: Evaluation,
  requestId: string,
  now: number,
): VerificationRow {
  const { facts, service, decision } = evaluation
  return {
    id,
    service: facts.service,
    number: facts.number.e164,
    to: facts.number.e164,
    channel: 'sms',
    status:
      decision.verdict === 'challenge'
        ? 'challenge_required'
        : decision.verdict === 'hold'
          ? 'held'
          : 'denied',
    codeHash: null,
    checks: 0,
    sends: 0,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + lifeOf(service.policy, decision.verdict),
    lastSendAt: null,
    context: {
      ...contextOf(request),
      // not the code itself: it is never at rest in clear
      ...(request.code !== undefined && { ownCode: true }),
    },
    requestId,
    apiKeyId: request.apiKeyId ?? null,
    locale: request.locale ?? null,
    tags: request.tags ?? null,
    version: 0,
  }
}

/** A held request waits for a person, the others for their user, ms. */
export const lifeOf = (
  { code, review }: Pick<ServicePolicy, 'code' | 'review'>,
  verdict: Verdict,
): number => (verdict === 'hold' ? review.expiresMs : code.ttlMs)

/** What later decisions of the verification need again; never the code. */
const KEPT = [
  'ip',
  'deviceId',
  'accountId',
  'sessionId',
  'userAgent',
  'sessionAgeMs',
  'precedingEvents',
  'priceMicroUsd',
  'riskCheck',
] as const

const contextOf = (request: GateRequest): Record<string, unknown> =>
  Object.fromEntries(KEPT.filter((k) => request[k] !== undefined).map((k) => [k, request[k]]))

/** The request as it was made, for a decision on resend or after a challenge. */
export const requestOf = (row: VerificationRow, more: Partial<GateRequest> = {}): GateRequest => ({
  ...(row.context as Partial<GateRequest>),
  service: row.service,
  to: row.to,
  ...(row.apiKeyId === null ? {} : { apiKeyId: row.apiKeyId }),
  ...more,
})

/** The request as it was made, as far as its decision keeps it. `to` is what the ledger keeps of the number. */
export function requestAgain(row: RequestRow): GateRequest {
  const { service, number, ip, deviceId, accountId, sessionId, userAgent, apiKeyId } = row
  return {
    service,
    to: number,
    priceMicroUsd: row.priceMicroUsd,
    ...(ip !== null && { ip }),
    ...(deviceId !== null && { deviceId }),
    ...(accountId !== null && { accountId }),
    ...(sessionId !== null && { sessionId }),
    ...(userAgent !== null && { userAgent }),
    ...(apiKeyId !== null && { apiKeyId }),
  }
}

export const sendRow = (
  id: string,
  requestId: string,
  verificationId: string,
  priceMicroUsd: number,
  now: number,
): SendRow => ({
  id,
  requestId,
  verificationId,
  at: now,
  updatedAt: now,
  provider: null,
  providerId: null,
  status: 'pending',
  error: null,
  priceMicroUsd,
})

/** Field by field: a spread of this shape costs more than the decision it copies. */
export const gateDecision = (
  id: string,
  { facts, decision }: Evaluation,
  policyVersion: number,
): GateDecision => ({
  verdict: decision.verdict,
  would: decision.would,
  mode: decision.mode,
  score: decision.score,
  reasons: decision.reasons,
  evidence: decision.evidence,
  utilisation: decision.utilisation,
  retryAt: decision.retryAt,
  knownGood: decision.knownGood,
  degraded: decision.degraded,
  id,
  number: {
    e164: facts.number.e164,
    country: facts.number.country,
    type: facts.number.type,
    operator: facts.number.operator,
    problem: facts.number.problem,
  },
  priceMicroUsd: facts.priceMicroUsd,
  policyVersion,
})

/** A decision as it was recorded, for an answer given again. */
export const recordedDecision = (row: RequestRow): GateDecision => ({
  verdict: row.verdict,
  would: row.would,
  mode: row.mode,
  score: row.score,
  reasons: row.reasons,
  evidence: row.evidence,
  utilisation: 0,
  retryAt: row.reasons.reduce<number | null>(
    (at, r) => (r.verdict === 'deny' && r.until !== null ? Math.max(at ?? 0, r.until) : at),
    null,
  ),
  knownGood: row.knownGood,
  degraded: row.degraded,
  id: row.id,
  number: {
    e164: row.number,
    country: row.country,
    type: 'UNKNOWN',
    operator: row.operator,
    problem: null,
  },
  priceMicroUsd: row.priceMicroUsd,
  policyVersion: row.policyVersion,
})

export const viewOf = (
  row: VerificationRow,
  timeline: VerificationView['timeline'] = [],
): VerificationView => ({
  id: row.id,
  service: row.service,
  to: row.to,
  channel: row.channel,
  status: row.status,
  sends: row.sends,
  checks: row.checks,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  expiresAt: row.expiresAt,
  tags: row.tags,
  timeline,
})
