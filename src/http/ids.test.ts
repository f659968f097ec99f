import { expect, test } from 'vitest'
import { idOfSid, isDecisionId, isVerificationId, sidOf } from './ids.js'

const HEX = '0123456789abcdef'.repeat(2)

test('ids and SIDs turn into each other', () => {
  expect(sidOf('VE', `ver_${HEX}`)).toBe(`VE${HEX}`)
  expect(sidOf('VL', `dec_${HEX}`)).toBe(`VL${HEX}`)
  expect(idOfSid('VE', `VE${HEX}`)).toBe(`ver_${HEX}`)
  expect(idOfSid('VL', `VL${HEX.toUpperCase()}`)).toBe(`dec_${HEX}`)
})

test.each([
  '',
  'VE',
  `VL${HEX}`,
  `VE${HEX}0`,
  `VE${HEX.slice(1)}`,
  `VE${HEX.slice(1)}g`,
  `+${HEX}`,
])('%s is no SID of a verification', (text) => {
  expect(idOfSid('VE', text)).toBeNull()
})

test('what cannot be an id is none', () => {
  expect(isVerificationId(`ver_${HEX}`)).toBe(true)
  expect(isDecisionId(`dec_${HEX}`)).toBe(true)
  for (const id of ['', 'ver_', `dec_${HEX}`, `ver_${HEX}0`, `ver_${HEX.toUpperCase()}`]) {
    expect(isVerificationId(id)).toBe(false)
  }
})
