import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../engine/units.js'
import { nowWindow } from './overview.js'
import { beforeSpan, bucketsOf, SPANS, spanOf } from './span.js'

const NOW = Date.UTC(2026, 10, 21, 13, 25)

describe('a span', () => {
  it('holds at least the time of its name, in whole buckets', () => {
    const length = { '1h': HOUR, '7d': 7 * DAY, '30d': 30 * DAY }
    for (const name of ['1h', '7d', '30d'] as const) {
      const { from, to, period } = spanOf(name, NOW)
      const bucket = period === 'day' ? DAY : HOUR
      expect(to).toBe(NOW)
      expect(to - from).toBeGreaterThanOrEqual(length[name])
      expect(to - from).toBeLessThan(length[name] + bucket)
      expect(from % bucket).toBe(0)
    }
  })

  it('is that of the overview where it is called 24 hours there too', () => {
    const { period, from, to } = nowWindow('24h', NOW)
    expect(spanOf('24h', NOW)).toMatchObject({ period, from, to })
  })

  it('shows a course of a day or more, in the buckets of the span', () => {
    expect(bucketsOf(spanOf('1h', NOW))).toHaveLength(24)
    expect(bucketsOf(spanOf('24h', NOW))).toHaveLength(24)
    expect(bucketsOf(spanOf('7d', NOW))).toHaveLength(8)
    expect(bucketsOf(spanOf('30d', NOW))).toHaveLength(31)
  })

  it('learns what is usual from whole days that it does not hold itself', () => {
    for (const name of SPANS) {
      const span = spanOf(name, NOW)
      const { from, to } = beforeSpan(span)
      expect(to).toBeLessThanOrEqual(span.from)
      expect((to - from) % DAY).toBe(0)
      expect(to - from).toBe(28 * DAY)
    }
  })
})
