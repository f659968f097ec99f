import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyTypeProvider } from 'fastify'
import { VERDICTS } from '../engine/decision.js'
import { NUMBER_TYPES } from '../engine/facts.js'
import { REASON_CODES } from '../engine/reasons.js'
import { LAST_TIME } from '../engine/units.js'
import { VERIFICATION_STATUS } from '../ledger/rows.js'

/** Types of requests and answers from their TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

export const strings = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] })

// `type: [x, 'null']` and not a union: it serialises several times faster.
export const orNull = <T>(type: 'string' | 'number' | 'integer') =>
  Type.Unsafe<T | null>({ type: [type, 'null'] })
export const nullableText = () => orNull<string>('string')
export const nullableNumber = () => orNull<number>('number')

/** Unix milliseconds, as all times of the native API. One beyond any calendar could be stored and never be shown. */
const time = { description: 'Unix time, ms', minimum: 0, maximum: LAST_TIME }
export const Time = () => Type.Integer(time)
export const nullableTime = () => Type.Unsafe<number | null>({ type: ['integer', 'null'], ...time })

/** Digits of a query parameter, which is text. */
export const queryInteger = (digits: number) =>
  Type.String({
    pattern: `^[0-9]{1,${digits}}$`,
    description: `a whole number of at most ${digits} digits`,
  })

const shared = <T extends TSchema>(id: string, schema: T) => ({
  schema: { ...schema, $id: id },
  ref: Type.Unsafe<Static<T>>({ $ref: `${id}#` }),
})

const reason = shared(
  'Reason',
  Type.Object({
    code: strings(REASON_CODES),
    verdict: strings(VERDICTS),
    subject: Type.String(),
    observed: nullableNumber(),
    limit: nullableNumber(),
    unit: {
      ...nullableText(),
      description:
        'of observed and limit: micro_usd, messages, requests, numbers, countries, score',
    },
    windowMs: nullableNumber(),
    until: { ...nullableTime(), description: 'when it is expected to end by itself, Unix ms' },
    message: Type.String({ description: 'the same in words' }),
  }),
)

const evidence = shared(
  'Evidence',
  Type.Object({
    code: Type.String(),
    group: Type.String({ description: 'only the strongest signal of a group counts' }),
    logOdds: Type.Number({ description: 'added to the log-odds (natural log) of pumping' }),
    observed: nullableNumber(),
    expected: nullableNumber(),
    windowMs: nullableNumber(),
    message: Type.String({ description: 'the same in words' }),
  }),
)

const decision = shared(
  'Decision',
  Type.Object({
    id: Type.String(),
    verdict: { ...strings(VERDICTS), description: 'what is enforced' },
    would: { ...strings(VERDICTS), description: 'what enforce mode would have said' },
    mode: strings(['monitor', 'enforce']),
    score: Type.Number({ minimum: 0, maximum: 100, description: 'probability of pumping, %' }),
    reasons: Type.Array(reason.ref, { description: 'strongest first' }),
    evidence: Type.Array(evidence.ref, { description: 'what the score is made of' }),
    utilisation: Type.Number({ description: 'of the fullest line; 1 is at its limit' }),
    retryAt: {
      ...nullableTime(),
      description: 'when the same request could pass, Unix ms; null where waiting does not help',
    },
    knownGood: Type.Boolean({ description: 'passed because it was verified before' }),
    degraded: Type.Boolean({ description: 'decided without some of its state' }),
    number: Type.Object({
      e164: Type.String({ description: 'empty where the number could not be read' }),
      country: Type.String({ description: 'ISO 3166 alpha-2, 001 for none, empty if unknown' }),
      type: Type.String({ description: `line type: ${NUMBER_TYPES.join(', ')}` }),
      operator: { ...nullableText(), description: 'holder of the range' },
      problem: { ...nullableText(), description: 'why no code can be sent to it' },
    }),
    priceMicroUsd: Type.Integer({ description: 'of one message' }),
    policyVersion: Type.Integer(),
  }),
)

const wrongFields = Type.Optional(
  Type.Array(
    Type.Object({
      path: Type.String({ description: 'JSON pointer, or begins with query, path or header' }),
      message: Type.String(),
      hint: Type.Optional(Type.String()),
    }),
  ),
)

const problem = shared(
  'Problem',
  Type.Object({
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    instance: Type.String(),
    errors: wrongFields,
    retryAfter: Type.Optional(Type.Integer({ description: 'seconds' })),
  }),
)

const tags = Type.Unsafe<Record<string, string> | null>({
  type: ['object', 'null'],
  additionalProperties: { type: 'string' },
})

const verification = {
  id: Type.String(),
  service: Type.String(),
  to: Type.String(),
  channel: strings(['sms']),
  status: strings(VERIFICATION_STATUS),
  sends: Type.Integer(),
  checks: Type.Integer(),
  createdAt: Time(),
  updatedAt: Time(),
  expiresAt: Time(),
  tags,
}

/** As it stands; what happened to it is read by itself. */
const state = shared('VerificationState', Type.Object(verification))

const shown = shared(
  'Verification',
  Type.Object({
    ...verification,
    timeline: Type.Array(
      Type.Object({ at: Time(), event: Type.String(), detail: nullableText() }),
      { description: 'what happened, in order of time' },
    ),
  }),
)

const challenge = Type.Unsafe<{
  type: 'pow'
  id: string
  payload: Record<string, unknown>
  expiresAt: number
} | null>({
  type: ['object', 'null'],
  properties: {
    type: strings(['pow']),
    id: Type.String(),
    payload: { type: 'object', additionalProperties: true },
    expiresAt: Time(),
  },
  required: ['type', 'id', 'payload', 'expiresAt'],
})

const started = shared(
  'StartedVerification',
  Type.Object({
    ...verification,
    decision: decision.ref,
    challenge,
    channels: Type.Array(Type.String(), { description: 'other ways that could be offered' }),
  }),
)

export const Evidence = evidence.ref
export const Decision = decision.ref
export const Verification = shown.ref
export const VerificationState = state.ref
export const Started = started.ref
export const Problem = problem.ref

const twilioError = shared(
  'TwilioError',
  Type.Object({
    code: Type.Integer({ description: 'Twilio’s' }),
    message: Type.String(),
    more_info: Type.String(),
    status: Type.Integer(),
    details: Type.Object({
      code: Type.String({ description: 'ours' }),
      detail: Type.String(),
      errors: wrongFields,
      retry_at: Type.Optional(nullableTime()),
      verdict: Type.Optional(strings(VERDICTS)),
      decision: Type.Optional(Type.String({ description: 'its id' })),
      verification_sid: Type.Optional(Type.String()),
      reasons: Type.Optional(Type.Array(reason.ref)),
      channels: Type.Optional(Type.Array(Type.String())),
      challenge: Type.Optional(challenge),
      challenge_url: Type.Optional(Type.String()),
    }),
  }),
)

/** Problem details for every answer other than success. */
export const problems = { '4xx': Problem, '5xx': Problem }

export function addSchemas(app: FastifyInstance): void {
  for (const { schema } of [
    reason,
    evidence,
    decision,
    problem,
    twilioError,
    state,
    shown,
    started,
  ])
    app.addSchema(schema)
}
