import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../engine/units.js'
import {
  burstSignal,
  clusterSignal,
  conversionSignal,
  failingSignal,
  newCountries,
} from './signals.js'
import { usualPeak } from './usual-peak.js'

const NOW = Date.UTC(2026, 10, 20, 12, 34)
const hours = (days: number, requests: (day: number, hour: number) => number) =>
  Array.from({ length: days * 24 }, (_, i) => ({
    at: Math.floor(NOW / HOUR) * HOUR - (i + 1) * HOUR,
    requests: requests(Math.floor(i / 24), i % 24),
  }))

describe('the usual peak', () => {
  it('is the median of the busiest hours: one day of an attack moves nothing', () => {
    const calm = usualPeak(
      hours(7, (_, hour) => (hour === 5 ? 1_200 : 100)),
      NOW,
    )
    const attacked = usualPeak(
      hours(7, (day, hour) => (day === 2 ? 50_000 : hour === 5 ? 1_200 : 100)),
      NOW,
    )
    expect(calm).toEqual({ hourly: 1_200, fiveMinutes: 130, days: 7 })
    expect(attacked).toEqual(calm)
  })

  it('is not known before a day is, and forgets after a week', () => {
    expect(usualPeak(hours(1, () => 10).slice(0, 23), NOW)).toBeNull()
    expect(
      usualPeak(
        hours(1, () => 10),
        NOW,
      ),
    ).not.toBeNull()
    expect(usualPeak([{ at: NOW - 9 * DAY, requests: 5_000 }], NOW)).toBeNull()
  })
})

describe('signals', () => {
  const usual = { hourly: 1_200, fiveMinutes: 130, days: 7 }
  it('of volume: over twice the usual peak, and never by a few requests', () => {
    expect(burstSignal(260, usual).state).toBe('watch')
    expect(burstSignal(261, usual)).toMatchObject({ state: 'alarm', threshold: 260 })
    expect(burstSignal(19, { ...usual, fiveMinutes: 1 }).state).not.toBe('alarm')
    expect(burstSignal(10_000, null).state).toBe('quiet')
  })
  it('of conversion: below 30 % of at least 20', () => {
    expect(conversionSignal({ sends: 19, verified: 0 }).state).toBe('quiet')
    expect(conversionSignal({ sends: 20, verified: 5 }).state).toBe('alarm')
    expect(conversionSignal({ sends: 20, verified: 6 }).state).toBe('watch')
    expect(conversionSignal({ sends: 20, verified: 12 }).state).toBe('fine')
  })
  it('of delivery and of single sources: a fifth', () => {
    expect(failingSignal({ sends: 100, failed: 20 }).state).toBe('alarm')
    expect(failingSignal({ sends: 100, failed: 19 }).state).toBe('watch')
    expect(clusterSignal(20, 100).state).toBe('alarm')
    expect(clusterSignal(19, 19).state).toBe('quiet')
  })
  it('of countries: those that nobody asked for before, once something is known', () => {
    const recent = [
      { key: 'NG', requests: 50 },
      { key: 'TJ', requests: 3 },
      { key: 'UZ', requests: 2 },
    ]
    expect(newCountries(recent, null)).toEqual([])
    expect(newCountries(recent, new Set(['NG']))).toEqual([{ country: 'TJ', requests: 3 }])
  })
})
