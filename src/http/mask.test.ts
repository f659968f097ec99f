import { expect, test } from 'vitest'
import { maskEntry, maskNumber, scrub } from './mask.js'

test.each([
  ['+2348031234567', '+23480******67'],
  ['+14155550123', '+14155****23'],
  ['+12345678', '+12345*78'],
  ['+1234567', '********'],
  ['', ''],
])('%s is shown as %s', (number, shown) => {
  expect(maskNumber(number)).toBe(shown)
})

test('text that others wrote loses its numbers and keeps its words', () => {
  expect(scrub('cannot send to +2348031234567: at line 123456')).toBe(
    'cannot send to +23480******67: at line 123456',
  )
  expect(scrub('2348031234567 and 1234567')).toBe('234803*****67 and *******')
})

test('of list entries only whole numbers are people', () => {
  expect(maskEntry('+2348031234567')).toBe('+23480******67')
  expect(maskEntry('+234803*')).toBe('+234803*')
  expect(maskEntry('203.0.113.7')).toBe('203.0.113.7')
})
