import { expect, it } from 'vitest'
import { changeOf } from './report-text.js'

it('a change is told in percent while that can be read, and in times from tenfold on', () => {
  expect(changeOf(112, 100)).toBe('+12 %')
  expect(changeOf(39, 100)).toBe('−61 %')
  expect(changeOf(999, 100)).toBe('+899 %')
  expect(changeOf(1_000, 100)).toBe('10 times')
  expect(changeOf(256_117, 100)).toBe('2,561 times')
  expect(changeOf(100, 100)).toBe('unchanged')
  expect(changeOf(0, 0)).toBe('unchanged')
  expect(changeOf(7, 0)).toBe('none before')
})
