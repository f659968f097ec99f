import { expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { addSession, concentrationOf, createSpread } from './spread.js'

/** Blocks that convert at 0.7 +- `apart`: concentration p (1 - p) / apart^2 - 1. */
function estimate(apart: number): number {
  const random = createRandom(7)
  const spread = createSpread()
  for (let block = 0; block < 6_000; block++) {
    const p = 0.7 + (random.chance(0.5) ? apart : -apart)
    for (let n = 0, s = 0; n < 20; n++) {
      const success = random.chance(p)
      addSession(spread, success, s, n, 0.7)
      if (success) s++
    }
  }
  return concentrationOf(spread)
}

it('finds how much blocks differ, between 20 and 60', () => {
  expect(concentrationOf(createSpread())).toBeCloseTo(40)
  expect(estimate(0)).toBe(60)
  expect(estimate(0.2)).toBe(20)
  const between = estimate(Math.sqrt(0.21 / 31))
  expect(between).toBeGreaterThan(25)
  expect(between).toBeLessThan(37)
})
