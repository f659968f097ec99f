import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { LAST_TIME } from '../engine/units.js'
import { parseJson } from './json.js'
import { type Receipt, SEND_ERRORS, type SendError } from './port.js'

/** Receipts one webhook may carry; what is beyond is a fault of the provider and is dropped. */
const MAX_RECEIPTS = 1_000

const HttpReceipt = Type.Object({
  id: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Integer()])),
  reference: Type.Optional(Type.String({ pattern: '^[\\w-]{1,200}$' })),
  status: Type.Union([Type.Literal('sent'), Type.Literal('delivered'), Type.Literal('failed')]),
  error: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
  code: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Integer(), Type.Null()])),
  at: Type.Optional(Type.Union([Type.Integer(), Type.String({ maxLength: 40 }), Type.Null()])),
})

/**
 * Receipts of the generic provider: `{"id","reference"?,"status","error"?,"code"?,"at"?}` or an array of them, `at` in
 * Unix ms or ISO 8601, `error` one of our classes; `reference`, the idempotency key, may stand for the id. Entries that are none are skipped: the provider would only send
 * the same ones again and again.
 */
export function readReceipts(body: string, now: number): Receipt[] {
  const json = parseJson(body)
  return (Array.isArray(json) ? json : [json])
    .slice(0, MAX_RECEIPTS)
    .filter((entry): entry is Static<typeof HttpReceipt> => Value.Check(HttpReceipt, entry))
    .filter(({ id, reference }) => id !== undefined || reference !== undefined)
    .map(({ id, reference, status, error, code, at }) => ({
      providerId: id === undefined ? null : String(id),
      ...(reference !== undefined && { reference }),
      status,
      error: status === 'failed' ? knownError(error) : null,
      providerCode: code == null ? null : String(code),
      at: timeOf(at) ?? now,
    }))
}

function knownError(error: string | null | undefined): SendError {
  return SEND_ERRORS.find((known) => known === error) ?? 'unknown'
}

function timeOf(at: number | string | null | undefined): number | null {
  const time = typeof at === 'string' ? Date.parse(at) : at
  return time != null && time >= 0 && time <= LAST_TIME ? time : null
}
