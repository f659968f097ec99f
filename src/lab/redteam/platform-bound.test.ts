import { describe, expect, it } from 'vitest'
import { boundFor } from './platform-bound.js'

describe('the bound for an attack', () => {
  const bound = {
    allMicroUsd: 100,
    abroadMicroUsd: 15,
    countries: { NG: 40, GH: 30, LK: 10, UZ: 9 },
  }
  const isMarket = (country: string): boolean => country === 'NG' || country === 'GH'
  it.each([
    [['NG'], 40],
    [['NG', 'NG'], 40],
    [['LK'], 10],
    [['LK', 'UZ'], 15],
    [['NG', 'GH', 'LK', 'UZ'], 85],
    // a country without a bound of its own is bounded by all
    [['NG', 'GH', 'XX'], 85],
  ])('on %j is %d', (targets, most) => {
    expect(boundFor(bound, targets, isMarket)).toBe(most)
  })
  it('is never over that of all', () => {
    const narrow = { ...bound, allMicroUsd: 50 }
    expect(boundFor(narrow, ['NG', 'GH', 'LK'], isMarket)).toBe(50)
  })
  it('knows no abroad where there are no markets', () => {
    const open = { ...bound, abroadMicroUsd: null }
    expect(boundFor(open, ['LK', 'UZ'], () => true)).toBe(19)
  })
})
