import { type Static, Type } from '@sinclair/typebox'
import type { Answer } from './exchange.js'
import { errorOfStatus, refused, statusMayHaveSent, unavailable, unclear } from './failure.js'
import { atPointer, parseJson } from './json.js'
import { SEND_ERRORS, type SendResult } from './port.js'

const Literal = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
export const Pointer = Type.String({
  pattern: '^(/[^/]*)+$',
  description: 'JSON pointer, e.g. /data/0/id',
})
const Status = Type.Integer({ minimum: 100, maximum: 599 })
const MAX_ID_CHARS = 200
const closed = { additionalProperties: false }

/** When an answer is a success. Both parts must hold. */
export const SuccessMapping = Type.Object(
  {
    status: Type.Optional(Type.Array(Status, { minItems: 1, description: 'default: 200 to 299' })),
    json: Type.Optional(Type.Object({ pointer: Pointer, equals: Literal }, closed)),
  },
  closed,
)

/** One kind of failure; the first that fits counts, and all its conditions must hold. */
export const FailureMapping = Type.Object(
  {
    status: Type.Optional(Status),
    pointer: Type.Optional(Pointer),
    equals: Type.Optional(Literal),
    matches: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'text the value, or without a pointer the answer, contains',
      }),
    ),
    error: Type.Union(
      SEND_ERRORS.map((error) => Type.Literal(error)),
      { description: `one of ${SEND_ERRORS.join(', ')}` },
    ),
  },
  { ...closed, minProperties: 2 },
)

export interface HttpMapping {
  success?: Static<typeof SuccessMapping>
  failure?: Static<typeof FailureMapping>[]
  /** where the provider's own id of the message stands */
  id: string
}

/**
 * Reads an answer: the failures that were described, then success, then what the status says. Nothing of the
 * answer's text is kept: providers repeat the message in it.
 */
export function readAnswer(
  { status, text, complete }: Answer,
  { success = {}, failure = [], id }: HttpMapping,
  idempotencyKey: string,
): SendResult {
  const json = complete ? parseJson(text) : undefined

  const described = failure.find((rule) => applies(rule, status, text, json))
  if (described) {
    const { error } = described
    const detail = `HTTP ${status}, mapped to ${error}`
    // A service error may be told inside a 200 too; a 4xx is never for the next provider.
    const service = status >= 500 || (status < 400 && error === 'unavailable')
    if (!service) return refused(error, detail)
    return unavailable(detail, statusMayHaveSent(status), error)
  }

  const accepted = success.status?.includes(status) ?? (status >= 200 && status < 300)
  if (accepted && success.json) {
    if (json === undefined) return unclear(`HTTP ${status}, but no JSON to find success in`)
    const { pointer, equals } = success.json
    if (atPointer(json, pointer) !== equals) {
      return refused('unknown', `HTTP ${status}, but ${pointer} is not ${JSON.stringify(equals)}`)
    }
  }
  if (accepted) {
    const given = atPointer(json, id)
    const named = typeof given === 'string' || typeof given === 'number' ? String(given) : ''
    // Without an id of its own the provider can still name the message by the key it was given.
    const providerId = named !== '' && named.length <= MAX_ID_CHARS ? named : idempotencyKey
    return { ok: true, providerId, priceMicroUsd: null }
  }

  if (status >= 500) return unavailable(`HTTP ${status}`, statusMayHaveSent(status))
  if (status >= 300 && status < 400) {
    return refused('rejected', `HTTP ${status}: redirects are not followed`)
  }
  if (status < 300) return refused('unknown', `HTTP ${status} is not a success by the mapping`)
  return refused(errorOfStatus(status), `HTTP ${status}`)
}

function applies(
  rule: Static<typeof FailureMapping>,
  status: number,
  text: string,
  json: unknown,
): boolean {
  if (rule.status !== undefined && rule.status !== status) return false
  const value = rule.pointer === undefined ? text : atPointer(json, rule.pointer)
  if (rule.equals !== undefined && value !== rule.equals) return false
  if (rule.matches !== undefined && !String(value ?? '').includes(rule.matches)) return false
  // A rule with a pointer alone asks whether there is something at it.
  return rule.pointer === undefined || value !== undefined
}
