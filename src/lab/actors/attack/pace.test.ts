import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../../engine/units.js'
import { createRandom } from '../../random.js'
import { createPace, type Pace, rhythmAt } from './pace.js'

const FROM = Date.UTC(2026, 2, 10)

function times(pace: Pace, speed = 1): number[] {
  const { next } = createPace(pace, FROM, createRandom(3))
  const all: number[] = []
  for (let at = next(speed); at < Number.POSITIVE_INFINITY; at = next(speed)) all.push(at)
  return all
}
const gapsOf = (all: readonly number[]): number[] => all.slice(1).map((at, i) => at - (all[i] ?? 0))
const within = (all: readonly number[], from: number, to: number): number =>
  all.filter((at) => at >= FROM + from && at < FROM + to).length

describe('the pace of an attack', () => {
  it('is spread evenly when flat, and jittered as people are', () => {
    const all = times({ startMs: 0, durationMs: 4 * HOUR, attempts: 4_000 })
    expect(all.length).toBeGreaterThan(3_800)
    expect(within(all, 0, HOUR) / all.length).toBeCloseTo(0.25, 1)
    const gaps = gapsOf(all)
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length
    const sd = Math.sqrt(gaps.reduce((a, b) => a + (b - mean) ** 2, 0) / gaps.length)
    expect(sd / mean).toBeGreaterThan(0.9)
    expect(sd / mean).toBeLessThan(1.1)
  })

  it('can keep the beat of a machine', () => {
    const regular = gapsOf(
      times({ startMs: 0, durationMs: HOUR, attempts: 360, timing: 'regular' }),
    )
    for (const gap of regular) expect(gap).toBeCloseTo(10_000, 3)
    const jittered = gapsOf(
      times({ startMs: 0, durationMs: HOUR, attempts: 360, timing: { jitter: 0.2 } }),
    )
    expect(Math.min(...jittered)).toBeGreaterThan(7_999)
    expect(Math.max(...jittered)).toBeLessThan(12_001)
    expect(Math.max(...jittered) - Math.min(...jittered)).toBeGreaterThan(3_000)
  })

  it('never makes more attempts than planned', () => {
    expect(times({ startMs: 0, durationMs: HOUR, attempts: 50 }, 10)).toHaveLength(50)
    expect(times({ startMs: 0, durationMs: HOUR, attempts: 50 }, 0.2).length).toBeLessThan(20)
  })

  it('ramps up: three quarters come in the second half', () => {
    const all = times({
      startMs: 0,
      durationMs: HOUR,
      attempts: 2_000,
      shape: { kind: 'ramp' },
    })
    expect(within(all, HOUR / 2, HOUR) / all.length).toBeCloseTo(0.75, 1)
  })

  it('bursts are silent in between', () => {
    const shape = { kind: 'bursts', everyMs: HOUR, forMs: 180_000 } as const
    const all = times({ startMs: 0, durationMs: 6 * HOUR, attempts: 3_000, shape })
    expect(all.length).toBeGreaterThan(2_800)
    for (const at of all) expect((at - FROM) % HOUR).toBeLessThan(180_000)
  })

  it('copies the day of a country', () => {
    const shape = { kind: 'diurnal', utcOffsetHours: 1 } as const
    const all = times({ startMs: 0, durationMs: DAY, attempts: 10_000, shape })
    const evening = within(all, 18 * HOUR, 20 * HOUR)
    const night = within(all, 2 * HOUR, 4 * HOUR)
    expect(evening / night).toBeGreaterThan(3)
    expect(evening / (all.length / 12)).toBeCloseTo(1.6, 1)
  })

  it('lies low and goes on afterwards', () => {
    const pace = createPace({ startMs: 0, durationMs: HOUR, attempts: 100 }, FROM, createRandom(1))
    pace.skipTo(FROM + HOUR / 2)
    expect(pace.next(1)).toBeGreaterThan(FROM + HOUR / 2)
    pace.skipTo(FROM + 2 * HOUR)
    expect(pace.next(1)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the rhythm of a day', () => {
  it('is lowest at four, highest at eight in the evening, and one on average', () => {
    expect(rhythmAt(4)).toBeCloseTo(0.4, 6)
    expect(rhythmAt(20)).toBeCloseTo(1.6, 6)
    const hours = Array.from({ length: 2_400 }, (_, i) => rhythmAt(i / 100))
    expect(hours.reduce((a, b) => a + b, 0) / hours.length).toBeCloseTo(1, 3)
  })
})
