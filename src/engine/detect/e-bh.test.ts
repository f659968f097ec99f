import fc from 'fast-check'
import { expect, it } from 'vitest'
import { flagged } from './e-bh.js'

it('flags one of 5,000 at 5 % from e = 1e5, and twenty from e = 5e3 each', () => {
  expect(flagged([Math.log(1e5)], 5_000, 0.05)).toBe(1)
  expect(flagged([Math.log(0.99e5)], 5_000, 0.05)).toBe(0)
  expect(flagged(new Array(20).fill(Math.log(5_000.1)), 5_000, 0.05)).toBe(20)
  expect(flagged(new Array(19).fill(Math.log(5_000.1)), 5_000, 0.05)).toBe(0)
  expect(flagged([], 10, 0.01)).toBe(0)
})

it('flags the largest set that the definition allows, and more evidence never flags less', () => {
  const evidence = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { maxLength: 40 })
  fc.assert(
    fc.property(evidence, fc.integer({ min: 40, max: 100_000 }), (found, active) => {
      const sorted = found.sort((a, b) => b - a)
      const k = flagged(sorted, active, 0.01)
      const passes = (j: number): boolean => (sorted[j - 1] ?? 0) >= Math.log(active / (0.01 * j))
      if (k > 0) expect(passes(k)).toBe(true)
      for (let j = k + 1; j <= sorted.length; j++) expect(passes(j)).toBe(false)
      expect(
        flagged(
          sorted.map((e) => e + 1),
          active,
          0.01,
        ),
      ).toBeGreaterThanOrEqual(k)
    }),
    { seed: 11, numRuns: 200 },
  )
})
