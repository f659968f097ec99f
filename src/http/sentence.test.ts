import { expect, test } from 'vitest'
import type { Reason } from '../engine/decision.js'
import { REASON_CODES } from '../engine/reasons.js'
import { sentence } from './sentence.js'

const reason = (changes: Partial<Reason>): Reason => ({
  code: 'block.credit_exhausted',
  verdict: 'challenge',
  subject: '+234803123',
  observed: 330_000,
  limit: 220_000,
  unit: 'micro_usd',
  windowMs: null,
  until: null,
  ...changes,
})

test('has the figures of the reason in their units', () => {
  expect(sentence(reason({}))).toBe(
    'range +234803123 would have unverified sends of USD 0.33 with this one, against a limit of USD 0.22',
  )
  expect(
    sentence(
      reason({
        code: 'ip.messages',
        subject: '203.0.113.7',
        observed: 11,
        limit: 10,
        unit: 'messages',
        windowMs: 3_600_000,
      }),
    ),
  ).toBe('11 messages for address 203.0.113.7 in 1 hour, limit 10')
  expect(sentence(reason({ code: 'spend.global', windowMs: 86_400_000 }))).toBe(
    'all services have spent USD 0.33 of the cap of USD 0.22 per day',
  )
  expect(
    sentence(reason({ code: 'number.messages', unit: 'messages', windowMs: 600_000 })),
  ).toContain('in 10 minutes')
})

test('leaves no field open, whatever the reason', () => {
  for (const code of REASON_CODES) {
    for (const windowMs of [null, 1, 1500, 86_400_000]) {
      const text = sentence(reason({ code, windowMs, observed: null, limit: 1.234567 }))
      expect(text).not.toMatch(/[{}]|undefined|NaN/)
    }
  }
})
