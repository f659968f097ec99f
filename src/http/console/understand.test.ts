import { expect, test } from 'vitest'
import { parseNumber } from '../../phone/parse.js'
import type { SearchField } from './decisions-view.js'
import { understand } from './understand.js'

const read = (text: string) => understand(text, (typed) => parseNumber(typed))

const CASES: [string, SearchField, string][] = [
  ['+2348031234567', 'number', '+2348031234567'],
  [' 00234 803 123-4567 ', 'number', '+2348031234567'],
  ['2348031234567', 'number', '+2348031234567'],
  ['+234803123', 'range', '+234803123'],
  ['+234803123*', 'range', '+234803123'],
  ['AS64500', 'asn', '64500'],
  ['as 64500', 'asn', '64500'],
  ['105.112.3.4', 'ip', '105.112.3.4'],
  ['105.112.3.0/24', 'ip', '105.112.3.0/24'],
  ['2001:DB8:0::1', 'ip', '2001:db8::1'],
  ['2001:db8:1:2::/64', 'ip', '2001:db8:1:2::/64'],
  ['device:abc', 'device', 'abc'],
  ['account:42', 'account', '42'],
  ['fingerprint-ab12', 'device', 'fingerprint-ab12'],
]

test.each(CASES)('%s is a %s', (text, field, value) => {
  expect(read(text)).toMatchObject({ field, value, decision: null })
})

test('what may be several things says which', () => {
  expect(read('+2348031234567').others.map(({ field }) => field)).toEqual([
    'range',
    'device',
    'account',
  ])
  expect(read('fingerprint').others).toEqual([{ field: 'account', value: 'fingerprint' }])
})

test('the id of a decision leads to it, and nothing is nothing', () => {
  const id = `dec_${'0a'.repeat(16)}`
  expect(read(id)).toMatchObject({ field: null, decision: id })
  expect(read('   ')).toMatchObject({ field: null, decision: null, others: [] })
  expect(read('x'.repeat(300)).field).toBeNull()
})
