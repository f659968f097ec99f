import { Type } from '@sinclair/typebox'
import { patienceOf } from '../deadline.js'
import { isVerificationId } from '../ids.js'
import { Refusal, refusalOf } from '../refusal.js'
import { ONCE, OVER, SENDING } from '../refuses.js'
import { keyOf } from '../request.js'
import { orNull, problems, Started, strings, Verification, VerificationState } from '../schema.js'
import { note } from '../verdict.js'
import type { Routes } from '../wiring.js'
import { ASKED, asking, gateRequest } from './asking.js'
import { idempotencyKey, Repeatable } from './repeatable.js'
import { showStarted } from './show.js'

const Start = Type.Object(
  {
    ...asking,
    channel: Type.Optional(strings(['sms'])),
    locale: Type.Optional(
      Type.String({
        maxLength: 35,
        pattern: '^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$',
        description: 'a language tag such as en-NG',
      }),
    ),
    tags: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,128}$' }), Type.String({ maxLength: 128 }), {
        maxProperties: 10,
        additionalProperties: false,
        description: 'up to 10 names and texts of up to 128 characters',
      }),
    ),
    code: Type.Optional(
      Type.String({ pattern: '^[0-9]{4,10}$', description: 'a code of your own, 4 to 10 digits' }),
    ),
    riskCheck: Type.Optional(
      Type.Boolean({
        description: 'false: skip lines and rate limits for a request you vouch for',
      }),
    ),
  },
  { additionalProperties: false, examples: [ASKED] },
)

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Solution = Type.Object(
  {
    type: strings(['pow']),
    solution: Type.String({ minLength: 1, maxLength: 8192, description: "the widget's payload" }),
  },
  { additionalProperties: false, examples: [{ type: 'pow', solution: 'eyJjaGFsbGVuZ2UiOiJ...' }] },
)
const Code = Type.Object(
  { code: Type.String({ pattern: '^[0-9]{4,10}$', description: '4 to 10 digits' }) },
  { additionalProperties: false, examples: [{ code: '123456' }] },
)
const Nothing = Type.Unsafe<object | null>({
  type: ['object', 'null'],
  additionalProperties: false,
})
const Checked = Type.Object({
  verified: Type.Boolean(),
  checksLeft: { ...orNull<number>('integer'), description: 'null once verified' },
  verification: VerificationState,
})

function idOf(request: { params: { id: string } }): string {
  const { id } = request.params
  if (isVerificationId(id)) return id
  throw new Refusal('verification_not_found', 'Ids are ver_ and 32 hex digits.')
}

const tags = ['verifications']

/** The life cycle of a verification. */
export const verifications: Routes = (app, { gate, clock, guard, metrics }) => {
  const onRequest = guard('verify')

  app.post(
    '/v1/verifications',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'startVerification',
        summary: 'Ask for a code to be sent',
        headers: Repeatable,
        body: Start,
        refuses: ['unknown_service', ...ONCE, ...SENDING],
        response: { 201: Started, ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request
      const { channel, locale, tags, code, riskCheck } = body
      const asked = {
        ...gateRequest(body, keyOf(request).id),
        ...idempotencyKey(request),
        ...(channel !== undefined && { channel }),
        ...(locale !== undefined && { locale }),
        ...(tags !== undefined && { tags }),
        ...(code !== undefined && { code }),
        ...(riskCheck !== undefined && { riskCheck }),
      }
      const result = await gate.start(asked, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const { verification, decision } = result.value
      note(request, reply, { service: body.service, decision, metrics, now: clock() })
      reply.code(201).header('location', `/v1/verifications/${verification.id}`)
      return showStarted(result.value)
    },
  )

  app.post(
    '/v1/verifications/:id/challenge',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'solveChallenge',
        summary: 'Hand in the solution of the challenge: a right one sends the code',
        params: Params,
        body: Solution,
        refuses: [
          'verification_not_found',
          'challenge_malformed',
          'challenge_expired',
          'challenge_foreign',
          'challenge_wrong',
          'challenge_used',
          'challenge_not_asked',
          'unknown_service',
          ...OVER,
          ...SENDING,
        ],
        response: { 200: Started, ...problems },
      },
    },
    async (request, reply) => {
      const result = await gate.solve(idOf(request), request.body, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const { decision, verification } = result.value
      note(request, reply, { service: verification.service, decision, metrics, now: clock() })
      return showStarted(result.value)
    },
  )

  app.post(
    '/v1/verifications/:id/check',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'checkVerification',
        summary: 'Check a code',
        params: Params,
        body: Code,
        refuses: [
          'verification_not_found',
          ...OVER,
          'not_sent_yet',
          'too_many_checks',
          'conflict',
          'lines_unavailable',
        ],
        response: { 200: Checked, ...problems },
      },
    },
    async (request) => {
      const result = await gate.check(idOf(request), request.body.code, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const { value } = result
      return {
        verified: value.status === 'verified',
        checksLeft: value.status === 'verified' ? null : value.checksLeft,
        verification: value.verification,
      }
    },
  )

  app.post(
    '/v1/verifications/:id/resend',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'resendVerification',
        summary: 'Send a code again',
        params: Params,
        headers: Repeatable,
        body: Nothing,
        refuses: [
          'verification_not_found',
          ...OVER,
          'not_sent_yet',
          'own_code_not_kept',
          'too_many_checks',
          'too_many_sends',
          'resend_too_soon',
          'unknown_service',
          ...ONCE,
          ...SENDING,
        ],
        response: { 200: Started, ...problems },
      },
    },
    async (request, reply) => {
      const of = { apiKeyId: keyOf(request).id, ...idempotencyKey(request) }
      const result = await gate.resend(idOf(request), of, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const { decision, verification } = result.value
      note(request, reply, { service: verification.service, decision, metrics, now: clock() })
      return showStarted(result.value)
    },
  )

  app.delete(
    '/v1/verifications/:id',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'cancelVerification',
        summary: 'Cancel a verification: its code is void',
        params: Params,
        refuses: ['verification_not_found', ...OVER, 'conflict', 'lines_unavailable'],
        response: { 200: VerificationState, ...problems },
      },
    },
    async (request) => {
      const result = await gate.cancel(idOf(request), patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      return result.value
    },
  )

  app.get(
    '/v1/verifications/:id',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'getVerification',
        summary: 'Show a verification with its timeline',
        params: Params,
        refuses: ['verification_not_found'],
        response: { 200: Verification, ...problems },
      },
    },
    async (request) => {
      const result = await gate.get(idOf(request), patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      return result.value
    },
  )
}
