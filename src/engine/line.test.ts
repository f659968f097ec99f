import { describe, expect, it } from 'vitest'
import {
  decay,
  freesAfter,
  inFlightWeight,
  kappaOf,
  limitOf,
  openingForDailyLoss,
  scaleLoss,
  trustOf,
  worstLoss,
} from './line.js'
import { DAY, HOUR } from './units.js'

describe('the line of credit', () => {
  it('halves in a half-life, and decays nothing when the clock steps back', () => {
    expect(decay(HOUR, HOUR)).toBeCloseTo(0.5, 12)
    expect(decay(3 * DAY, DAY)).toBeCloseTo(0.125, 12)
    expect(decay(0, HOUR)).toBe(1)
    expect(decay(-HOUR, HOUR)).toBe(1)
  })

  it('repays by the baseline: at 70 % one success pays for 0.54 failures', () => {
    expect(kappaOf(0.7, 1.25)).toBeCloseTo(0.5357, 4)
    expect(kappaOf(0.5, 1.25)).toBe(1.25)
    expect(kappaOf(0.4, 1)).toBeCloseTo(1.5, 12)
  })

  it('opens with its opening, grows with what was earned and with its chance fluctuation', () => {
    expect(limitOf(200_000, 0, 0.5, 2, 110_000)).toBe(200_000)
    expect(limitOf(5, 8, 0.5, 2, 1)).toBe(5 + 4 + 2 * 2)
    expect(limitOf(5, 8, 0.5, 0, 1)).toBe(9)
  })

  it('trusts nobody cold, half after six successes, and counts 5 % in flight at full trust', () => {
    expect(trustOf(0, 0, 1)).toBe(0)
    expect(trustOf(6, 0, 1)).toBe(0.5)
    expect(trustOf(6, 12, 1)).toBe(0.25)
    expect(trustOf(660_000, 0, 110_000)).toBe(0.5)
    expect(inFlightWeight(0)).toBe(1)
    expect(inFlightWeight(1)).toBeCloseTo(0.05, 12)
  })

  it('frees when the debt has decayed to the room for one more', () => {
    expect(freesAfter(1, 3, 1, HOUR)).toBe(0)
    expect(freesAfter(8, 3, 1, HOUR)).toBe(2 * HOUR)
    // a limit below one message never has room: it is not waited for endlessly
    expect(freesAfter(1, 0.5, 1, HOUR)).toBeCloseTo(HOUR * Math.log2(20), 3)
  })

  it('loses at most a full line and what decays out of it, on the stricter scale', () => {
    expect(scaleLoss(10, 2, DAY, 0)).toBe(20)
    expect(scaleLoss(10, 2, DAY, DAY)).toBeCloseTo(20 * (1 + Math.LN2), 9)
    const hour = worstLoss(10, 2, DAY, HOUR)
    expect(hour).toBeCloseTo(Math.min(20 * (1 + Math.LN2), 30 * (1 + Math.LN2 / 24)), 9)
  })

  it('the service opens so that a day cannot cost more than its budget', () => {
    for (const budget of [1, 50, 10_000]) {
      const opening = openingForDailyLoss(budget, 2, DAY, DAY)
      expect(worstLoss(opening, 2, DAY, DAY)).toBeCloseTo(budget, 6)
    }
  })
})
