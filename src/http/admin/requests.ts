import { Type } from '@sinclair/typebox'
import { VERDICTS } from '../../engine/decision.js'
import { CREDIT, type RequestRow } from '../../ledger/rows.js'
import { seesNumbers } from '../access.js'
import { shownKey, subjectOf } from '../console/decision-show.js'
import { isVerificationId } from '../ids.js'
import { maskNumber } from '../mask.js'
import { showEvidence } from '../native/show.js'
import { invalid } from '../refusal.js'
import {
  Evidence,
  nullableNumber,
  nullableText,
  nullableTime,
  problems,
  queryInteger,
  strings,
  Time,
} from '../schema.js'
import { sentence } from '../sentence.js'
import type { Routes } from '../wiring.js'

const Request = Type.Object({
  id: Type.String(),
  verificationId: nullableText(),
  at: Time(),
  kind: Type.String(),
  service: Type.String(),
  number: Type.String({ description: 'E.164, or its keyed hash where numbers are pseudonymised' }),
  country: Type.String(),
  operator: Type.String(),
  block: Type.String(),
  ip: nullableText(),
  subnet: nullableText(),
  asn: nullableNumber(),
  deviceId: nullableText(),
  accountId: nullableText(),
  sessionId: nullableText(),
  userAgent: nullableText(),
  apiKeyId: nullableText(),
  priceMicroUsd: Type.Integer(),
  verdict: strings(VERDICTS),
  would: strings(VERDICTS),
  mode: Type.String(),
  score: Type.Number(),
  reasons: Type.Array(
    Type.Object({
      code: Type.String(),
      verdict: Type.String(),
      subject: Type.String(),
      observed: nullableNumber(),
      limit: nullableNumber(),
      unit: nullableText(),
      windowMs: nullableNumber(),
      until: nullableTime(),
      message: Type.String(),
    }),
  ),
  evidence: Type.Array(Evidence),
  knownGood: Type.Boolean(),
  degraded: Type.Boolean(),
  policyVersion: Type.Integer(),
  credit: strings(CREDIT),
  settledAt: nullableTime(),
})

const text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))
const Query = Type.Object(
  {
    service: text(64),
    number: text(64),
    verificationId: text(64),
    country: Type.Optional(Type.String({ pattern: '^([A-Z]{2}|001)$' })),
    from: Type.Optional(queryInteger(15)),
    to: Type.Optional(queryInteger(15)),
    credit: Type.Optional(strings(CREDIT)),
    limit: Type.Optional(queryInteger(4)),
    before: Type.Optional(queryInteger(15)),
  },
  { additionalProperties: false },
)

/** @param clear whether the full number may be seen */
function show(row: RequestRow, clear: boolean) {
  const { charge: _, maturesAt: __, ...shown } = row
  const subject = subjectOf(row, clear)
  return {
    ...shown,
    number: clear ? row.number : maskNumber(row.number),
    reasons: row.reasons.map((reason) => {
      const told = { ...reason, subject: shownKey(reason.subject, subject) }
      return { ...told, message: sentence(told) }
    }),
    evidence: row.evidence.map(showEvidence),
  }
}

/** Every decision with its reasons, newest first. */
export const requests: Routes = (app, { ledger, allow }) => {
  app.get(
    '/v1/admin/requests',
    {
      onRequest: allow('viewer'),
      schema: {
        tags: ['admin'],
        operationId: 'searchRequests',
        summary: 'Search decisions; `next` goes into `before` for the next page',
        querystring: Query,
        response: {
          200: Type.Object({ requests: Type.Array(Request), next: nullableNumber() }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { query } = request
      const limit = Math.min(1000, Math.max(1, Number(query.limit ?? 100)))
      const { verificationId } = query
      if (verificationId !== undefined && !isVerificationId(verificationId)) {
        throw invalid('query/verificationId', 'is not ver_ and 32 hex digits')
      }
      const rows = await ledger.requests({
        limit,
        ...(query.service !== undefined && { service: query.service }),
        ...(query.number !== undefined && { number: query.number }),
        ...(verificationId !== undefined && { verificationId }),
        ...(query.country !== undefined && { country: query.country }),
        ...(query.from !== undefined && { from: Number(query.from) }),
        ...(query.to !== undefined && { to: Number(query.to) }),
        ...(query.credit !== undefined && { credit: [query.credit] }),
        ...(query.before !== undefined && { before: Number(query.before) }),
      })
      const last = rows.at(-1)
      const clear = seesNumbers(request)
      return {
        requests: rows.map((row) => show(row, clear)),
        next: rows.length === limit && last ? last.seq : null,
      }
    },
  )
}
