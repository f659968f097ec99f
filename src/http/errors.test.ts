import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ACCESS_ERRORS } from '../desk/access/faults.js'
import { LIFE_ERRORS } from '../verify/types.js'
import { ERROR_CODES, errorEntry, HTTP_ERRORS } from './errors.js'
import { errorsPage } from './errors-page.js'
import { TWILIO_ERRORS } from './twilio-errors.js'

test('the catalogue has every code there is, and no other', () => {
  expect([...ERROR_CODES].sort()).toEqual(
    [...LIFE_ERRORS, ...HTTP_ERRORS, ...ACCESS_ERRORS, ...TWILIO_ERRORS].sort(),
  )
})

test('every entry is complete', () => {
  for (const code of ERROR_CODES) {
    const { status, twilio, twilioStatus = status, title, mend } = errorEntry(code)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
    expect(twilioStatus).toBeLessThan(600)
    expect(String(twilio)).toMatch(/^(20|60)\d{3}$/)
    expect(title).toMatch(/^[A-Z].*[^.]$/)
    expect(mend).toMatch(/^.+$/)
    expect(mend.length).toBeGreaterThan(10)
  }
})

test('docs/errors.md is the catalogue, both ways', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  expect(page).toBe(errorsPage())
  const documented = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (\d+) \((\d+)\)/gm)]
  expect(documented.map(([, code]) => code)).toEqual(ERROR_CODES)
})

// https://www.twilio.com/docs/api/errors
test.each([
  ['too_many_checks', 429, 60202],
  ['too_many_sends', 429, 60203],
  ['validation', 400, 60200],
  ['verdict_line_type', 403, 60205],
  ['verdict_refused', 403, 60410],
  ['verdict_geo', 403, 60605],
  ['verification_expired', 404, 20404],
  ['not_found', 404, 20404],
  ['unauthenticated', 401, 20003],
  ['resend_too_soon', 429, 60212],
  ['rate_limited', 429, 20429],
] as const)('%s is Twilio’s %i with code %i', (code, status, twilio) => {
  const entry = errorEntry(code)
  expect([entry.twilioStatus ?? entry.status, entry.twilio]).toEqual([status, twilio])
})
