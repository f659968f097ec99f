import { Type } from '@sinclair/typebox'

/** Headers of a route that does a thing once for each key. */
export const Repeatable = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description: '1 to 255 visible ASCII characters; at most one effect in 24 hours',
    }),
  ),
})

/** The caller's idempotency key, if it sent one. */
export function idempotencyKey(request: { headers: { 'idempotency-key'?: string | undefined } }) {
  const key = request.headers['idempotency-key']
  return key === undefined ? {} : { idempotencyKey: key }
}
