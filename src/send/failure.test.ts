import { expect, it } from 'vitest'
import { refused, scrub } from './failure.js'

const message = {
  idempotencyKey: 'k1',
  to: '+2348031234567',
  body: 'Your code is 482913',
  channel: 'sms',
} as const

it.each([
  ['the body', 'Rejected: Your code is 482913', 'Rejected: [message]'],
  [
    'the number',
    "The 'To' number +2348031234567 is invalid",
    "The 'To' number [message] is invalid",
  ],
  ['the number without its plus', 'no route to 2348031234567', 'no route to [digits]'],
  ['a grouped number', 'no route to +234 803 123-4567', 'no route to +[digits]'],
  ['the code alone', 'text "482913" is spam', 'text "[digits]" is spam'],
  ['a grouped code', 'text 482 913 is spam', 'text [digits] is spam'],
  ['digits of another script', 'text ٤٨٢٩١٣ is spam', 'text [digits] is spam'],
  ['line breaks and escapes', 'a\r\nb\u001b[2Jc\u2028d\u200be', 'a b [2Jc d e'],
  ['short numbers, which stay', 'error 21, try 3 of 5', 'error 21, try 3 of 5'],
])('what a provider says is fit for a log: %s', (_, said, logged) => {
  expect(scrub(said, message)).toBe(logged)
})

it('and short', () => {
  expect(scrub('x'.repeat(5_000), message)).toHaveLength(200)
  expect(refused('rejected', 'x'.repeat(5_000))).toMatchObject({ detail: 'x'.repeat(200) })
  expect(scrub('nothing sent', { ...message, body: '' })).toBe('nothing sent')
})
