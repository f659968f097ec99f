import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import { describe, expect, test } from 'vitest'
import { COUNTRIES, callingCodeOf, countryHint } from './countries.js'
import { listEntry } from './list-entry.js'
import { closest } from './suggest.js'

describe('countries', () => {
  test('are those of the numbering plans, with their calling codes', () => {
    expect([...COUNTRIES].sort()).toEqual(getCountries().sort())
    for (const country of getCountries())
      expect(callingCodeOf(country)).toBe(getCountryCallingCode(country))
  })

  test.each([
    ['Nigeria', 'write NG'],
    ['côte d’ivoire', 'write CI'],
    ['ng', 'write NG in capitals'],
    ['UK', 'write GB'],
    ['USA', 'write US'],
    ['+234', 'calling code +234 is NG: write NG'],
    ['00371', 'calling code +371 is LV: write LV'],
    ['+44', 'calling code +44 has 4 countries; name those you mean (GB, GG, IM, JE)'],
  ])('%s: %s', (written, hint) => {
    expect(countryHint(written)).toBe(hint)
  })
})

describe('list entries', () => {
  test.each([
    ['+2348031234567', '+2348031234567'],
    ['+23480*', '+23480*'],
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.0/24', '203.0.113.0/24'],
    ['2001:DB8:0:0::/48', '2001:db8::/48'],
    ['2001:db8::1', '2001:db8::1'],
    ['as64500', 'AS64500'],
    ['device:abc', 'device:abc'],
    ['account:7', 'account:7'],
  ])('%s', (written, entry) => {
    expect(listEntry(written)).toBe(entry)
  })

  test.each([
    '*',
    '+',
    '+*',
    '2348031234567',
    '203.0.113.0/28',
    '203.0.113.7/24',
    'AS0',
    'device:',
    'fe80::1%eth0',
    '::/0',
    '',
  ])('%j is none', (written) => {
    expect(listEntry(written)).toBeNull()
  })
})

describe('what was probably meant', () => {
  const known = ['rateLimits', 'spendCaps', 'markets', 'mode']
  test.each([
    ['rate_limits', 'rateLimits'],
    ['RateLimit', 'rateLimits'],
    ['market', 'markets'],
    ['mdoe', 'mode'],
    ['spendcap', 'spendCaps'],
  ])('%s: %s', (word, meant) => {
    expect(closest(word, known)).toBe(meant)
  })

  test('nothing for a word far from all', () => {
    expect(closest('template', known)).toBeUndefined()
    expect(closest('x', known)).toBeUndefined()
    expect(closest('', known)).toBeUndefined()
  })
})
