import fc from 'fast-check'
import { SEND_ERRORS } from '../../src/send/port.js'
import { damaged, torn } from './damage.js'
import { NUMBERS, oddText } from './odd.js'

const receipt = fc.record(
  {
    id: fc.oneof(
      fc.nat(60).map((n) => `message-${n}`),
      oddText,
      fc.constantFrom(...NUMBERS),
    ),
    status: fc.constantFrom('sent', 'delivered', 'failed'),
    error: fc.oneof(fc.constantFrom(...SEND_ERRORS), oddText, fc.constant(null)),
    code: fc.oneof(oddText, fc.constantFrom(...NUMBERS)),
    at: fc.oneof(fc.constantFrom(...NUMBERS), oddText, fc.constant('2026-11-20T12:00:00Z')),
  },
  { requiredKeys: ['id', 'status'] },
)
const written = (value: fc.Arbitrary<unknown>) =>
  value.map((one) => Buffer.from(JSON.stringify(one) ?? ''))

/** Delivery receipts of the generic provider, one or many, whole or not. */
export const receiptsOf: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 4, arbitrary: written(receipt) },
  { weight: 2, arbitrary: written(fc.array(receipt, { maxLength: 20 })) },
  { weight: 3, arbitrary: written(damaged(receipt)) },
  { weight: 1, arbitrary: torn(written(receipt)) },
)
