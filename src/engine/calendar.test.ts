import { describe, expect, it } from 'vitest'
import { periodEnd, periodNumber } from './calendar.js'
import type { CapPeriod } from './policy.js'

const at = Date.parse
const PERIODS: CapPeriod[] = ['hour', 'day', 'month']

describe('calendar periods', () => {
  it.each([
    ['hour', '2026-11-16T12:59:59.999Z', '2026-11-16T13:00:00Z'],
    ['day', '2026-11-16T12:00:00Z', '2026-11-17T00:00:00Z'],
    ['month', '2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'],
    ['month', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00Z'],
  ] as const)('the %s of %s ends at %s', (period, now, end) => {
    expect(periodEnd(period, at(now))).toBe(at(end))
  })

  it('changes its number exactly at its end', () => {
    for (const period of PERIODS) {
      for (const now of ['2026-11-16T12:34:56Z', '2026-12-31T23:30:00Z', '2028-02-29T01:00:00Z']) {
        const end = periodEnd(period, at(now))
        expect(periodNumber(period, end - 1)).toBe(periodNumber(period, at(now)))
        expect(periodNumber(period, end)).toBe(periodNumber(period, at(now)) + 1)
      }
    }
  })
})
