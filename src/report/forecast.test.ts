import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY } from '../engine/units.js'
import { type DaySpend, daysAhead, forecastSpend } from './forecast.js'

const MONDAY = Date.UTC(2026, 9, 5)
const history = (spend: readonly number[]): DaySpend[] =>
  spend.map((microUsd, i) => ({ at: MONDAY + i * DAY, microUsd }))
const week = (from: number, days = 7) =>
  Array.from({ length: days }, (_, i) => ({ at: MONDAY + (from + i) * DAY, share: 1 }))

describe('a forecast', () => {
  it('needs a week', () => {
    expect(forecastSpend(history([1, 2, 3, 4, 5, 6]), week(6))).toBeNull()
    expect(forecastSpend(history([0, 0, 0, 0, 1, 2, 3, 4, 5, 6]), week(10))).toBeNull()
    expect(forecastSpend([], week(0))).toBeNull()
  })

  it('repeats what repeats itself, without doubt', () => {
    const days = [10, 20, 30, 40, 50, 5, 1]
    const { likely, low, high } =
      forecastSpend(history([...days, ...days, ...days]), week(21)) ?? expect.fail()
    expect(likely).toBeCloseTo(156)
    expect(low).toBeCloseTo(156)
    expect(high).toBeCloseTo(156)
  })

  it('takes the same weekdays: a Sunday is forecast from Sundays', () => {
    const days = [10, 10, 10, 10, 10, 10, 100]
    const of = history([...days, ...days, ...days])
    expect(forecastSpend(of, [{ at: MONDAY + 27 * DAY, share: 1 }])?.likely).toBeCloseTo(100)
    expect(forecastSpend(of, [{ at: MONDAY + 21 * DAY, share: 0.5 }])?.likely).toBeCloseTo(5)
  })

  it('is of one size with its unit, between its ends, and adds up', () => {
    const spends = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 7, maxLength: 56 })
    fc.assert(
      fc.property(spends, fc.integer({ min: 2, max: 9 }), (spend, times) => {
        const ahead = week(spend.length)
        const one = forecastSpend(history(spend), ahead) ?? expect.fail()
        const many = forecastSpend(history(spend.map((x) => x * times)), ahead) ?? expect.fail()
        expect(many.likely).toBeCloseTo(one.likely * times, 2)
        expect(many.high - many.low).toBeGreaterThanOrEqual((one.high - one.low) * 0.999)
        expect(one.low).toBeLessThanOrEqual(one.likely)
        expect(one.high).toBeGreaterThanOrEqual(one.likely)
        expect(one.low).toBeGreaterThanOrEqual(0)
        const apart = ahead.map((day) => forecastSpend(history(spend), [day])?.likely ?? 0)
        expect(apart.reduce((a, b) => a + b, 0)).toBeCloseTo(one.likely, 2)
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  it('holds about 95 of 100 weeks of normal days', () => {
    // Park and Miller's generator: the same weeks in every run
    let state = 42
    const uniform = (): number => {
      state = (state * 48_271) % 2_147_483_647
      return state / 2_147_483_647
    }
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
    const level = [100, 110, 105, 120, 130, 60, 50]
    const draw = (i: number): number => (level[i % 7] ?? 0) + 10 * normal()
    let held = 0
    for (let run = 0; run < 1_000; run++) {
      const past = Array.from({ length: 28 }, (_, i) => draw(i))
      const sum = Array.from({ length: 7 }, (_, i) => draw(i)).reduce((a, b) => a + b, 0)
      const { low, high } = forecastSpend(history(past), week(28)) ?? expect.fail()
      if (sum >= low && sum <= high) held++
    }
    expect(held).toBeGreaterThan(925)
    expect(held).toBeLessThan(975)
  })

  it('looks at the rest of today and every day until the end', () => {
    const noon = MONDAY + DAY / 2
    expect(daysAhead(noon, MONDAY + 3 * DAY)).toEqual([
      { at: MONDAY, share: 0.5 },
      { at: MONDAY + DAY, share: 1 },
      { at: MONDAY + 2 * DAY, share: 1 },
    ])
    expect(daysAhead(MONDAY + DAY - 1, MONDAY + DAY)).toHaveLength(1)
  })
})
