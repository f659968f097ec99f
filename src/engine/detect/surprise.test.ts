import { expect, it } from 'vitest'
import { DAY, MINUTE } from '../units.js'
import { surpriseOf } from './surprise.js'

/** A block of a route whose blocks see 0.2 requests a day. */
const COLD = 0.2 / DAY

it('is overwhelming for three requests in minutes where one in five days is usual', () => {
  expect(surpriseOf(3, 3, COLD, 30 * DAY, 1)).toBeGreaterThan(11)
  expect(surpriseOf(0, 0, COLD, 30 * DAY, 1)).toBe(0)
})

it('is none in a block that is always busy, in a flash crowd, or over a week', () => {
  // 50 requests a day, as ever
  expect(surpriseOf(2, 500, COLD, 30 * DAY, 1)).toBeLessThan(1)
  expect(surpriseOf(1, 1, COLD, 30 * DAY, 200)).toBeLessThan(
    surpriseOf(1, 1, COLD, 30 * DAY, 1) - 2,
  )
  expect(surpriseOf(3, 3, COLD, 30 * DAY, 1, 7 * DAY)).toBeLessThan(1.5)
})

it('rises with every request and falls with the usual rate', () => {
  const at = (n: number, rate: number): number => surpriseOf(n, n, rate, DAY, 1, 10 * MINUTE)
  for (let n = 1; n < 20; n++) expect(at(n + 1, COLD)).toBeGreaterThan(at(n, COLD))
  expect(at(4, 50 * COLD)).toBeLessThan(at(4, COLD))
})
