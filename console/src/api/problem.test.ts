import { expect, it } from 'vitest'
import { ProblemError } from './problem'

it.each([
  [
    '/number is no phone number (write it as +2348031234567)',
    'number: is no phone number (write it as +2348031234567)',
  ],
  [
    '/place/url leave user and password out of the URL',
    'url: leave user and password out of the URL',
  ],
  [
    'There is a user or an invitation named eve already.',
    'There is a user or an invitation named eve already.',
  ],
  ['The path /v1 is not known.', 'The path /v1 is not known.'],
])('%s is told to a person as: %s', (detail, sentence) => {
  const problem = { status: 400, code: 'invalid_request', title: 'Invalid request', detail }
  expect(new ProblemError(problem).message).toBe(sentence)
})
