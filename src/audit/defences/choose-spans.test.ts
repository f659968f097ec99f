import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../engine/units.js'
import { createMessageLog, OUTCOME, STATUS } from '../message-log.js'
import { chooseSpans } from './choose-spans.js'
import { surveyOf } from './survey.js'

const T0 = Date.UTC(2026, 0, 1)

/** Days of so many messages each; the `attack` of them all pumped. */
function logOf(options: { days: number; perDay: number; attack: (day: number) => boolean }) {
  const { days, perDay, attack } = options
  const log = createMessageLog()
  const labels: number[] = []
  for (let day = 0; day < days; day++)
    for (let i = 0; i < perDay; i++) {
      log.add({
        at: T0 + day * DAY + (i / perDay) * DAY,
        number: 2_348_030_000_000 + i,
        masked: 0,
        priceMicro: 100_000,
        currency: 'USD',
        segments: 1,
        status: STATUS.sent,
        outcome: OUTCOME.unknown,
        id: '',
        error: '',
        ip: '',
      })
      labels.push(attack(day) ? 1 : 0)
    }
  const judged = {
    certainty: Uint8Array.from(labels, (pumped) => 3 * pumped),
    probability: Float32Array.from(labels),
    order: Uint32Array.from(labels, (_, i) => i),
  }
  return { survey: surveyOf(log), judged }
}
const size = (spans: readonly { from: number; to: number }[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)

describe('the part of a log that is replayed', () => {
  const year = logOf({ days: 365, perDay: 20, attack: (day) => day === 100 || day === 101 })

  it('is all of it where that fits', () => {
    const chosen = chooseSpans(year.survey, year.judged, 7_300)
    expect(size(chosen.spans)).toBe(7_300)
    expect(chosen.spans.every(({ counted }) => counted)).toBe(true)
  })

  it('has what is unclear where nothing is more than that', () => {
    const { certainty, probability, order } = year.judged
    const unclear = {
      certainty: certainty.map((level) => (level === 0 ? 0 : 1)),
      probability: probability.map((p) => 0.4 * p),
      order,
    }
    const { spans } = chooseSpans(year.survey, unclear, 1_000)
    const attack = spans.filter(({ stratum }) => stratum === 1)
    expect(attack.map(({ from }) => from / 20)).toEqual([100, 101])
  })

  it('has the attack, a warm day before it, and days all over the year', () => {
    const { spans, all, unitMs } = chooseSpans(year.survey, year.judged, 1_000)
    expect(unitMs).toBe(DAY)
    expect(size(spans)).toBeLessThanOrEqual(1_000)
    expect(size(spans)).toBeGreaterThan(600)
    const attack = spans.filter(({ stratum }) => stratum === 1)
    expect(attack.map(({ from }) => from / 20)).toEqual([100, 101])
    const before = spans.find(({ from }) => from === 99 * 20)
    expect(before?.stratum).toBe(0)
    const others = spans.filter(({ stratum, counted }) => stratum === 0 && counted)
    const days = others.map(({ from }) => from / 20)
    expect(Math.min(...days)).toBeLessThan(15)
    expect(Math.max(...days)).toBeGreaterThan(350)
    expect(all[1]).toEqual({ rows: 40, fraudMicro: 4_000_000, fine: 0 })
    expect(all[0].fine).toBe(363 * 20)
  })

  it('spreads over a long attack instead of taking its beginning', () => {
    const long = logOf({ days: 100, perDay: 50, attack: (day) => day >= 20 && day < 80 })
    const { spans } = chooseSpans(long.survey, long.judged, 1_200)
    const attack = spans.filter(({ stratum, counted }) => stratum === 1 && counted)
    const days = attack.map(({ from }) => from / 50)
    expect(Math.min(...days)).toBeLessThan(30)
    expect(Math.max(...days)).toBeGreaterThan(65)
    expect(size(spans)).toBeLessThanOrEqual(1_200)
  })

  it('takes hours where a day is too much, and never more than it may', () => {
    const busy = logOf({ days: 3, perDay: 4_800, attack: (day) => day === 1 })
    const chosen = chooseSpans(busy.survey, busy.judged, 2_000)
    expect(chosen.unitMs).toBe(HOUR)
    expect(size(chosen.spans)).toBeLessThanOrEqual(2_000)
    expect(new Set(chosen.spans.map(({ stratum }) => stratum))).toEqual(new Set([0, 1]))
    const tiny = chooseSpans(busy.survey, busy.judged, 50)
    expect(size(tiny.spans)).toBeLessThanOrEqual(50)
    expect(size(tiny.spans)).toBeGreaterThan(0)
  })
})
