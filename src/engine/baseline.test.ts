import { describe, expect, it } from 'vitest'
import { createBaseline } from './baseline.js'
import { DAY, HOUR, MINUTE, SECOND } from './units.js'

const T0 = Date.UTC(2026, 10, 16)
const open = () =>
  createBaseline({
    priorOf: (_, country) => (country === 'NG' ? 0.7 : 0.5),
    maturityMs: () => 120 * SECOND,
  })
type Baseline = ReturnType<typeof open>

/** So many sessions an hour with this conversion, from `from` for `hours`. */
function feed(
  baseline: Baseline,
  hours: number,
  perHour: number,
  p: number,
  from = T0,
  delayMs = 20 * SECOND,
): void {
  for (let h = 0; h < hours; h++)
    for (let k = 0; k < perHour; k++) {
      const sentAt = from + h * HOUR + Math.floor((k * HOUR) / perHour)
      const verified = Math.floor((k + 1) * p + 1e-9) > Math.floor(k * p + 1e-9)
      baseline.observe({
        service: 's',
        country: 'NG',
        operatorRange: 'NG/MTN',
        abroad: false,
        late: false,
        verified,
        priceMicroUsd: 100_000,
        sentAt,
        at: sentAt + (verified ? delayMs : 2 * MINUTE),
      })
    }
}
const norms = (b: Baseline, at: number) => b.norms('s', 'NG', 'NG/MTN', at)

describe('the baseline', () => {
  it('starts at its priors and is careful with them', () => {
    const b = open()
    expect(norms(b, T0).p).toBe(0.7)
    expect(norms(b, T0).pLow).toBeCloseTo(0.7 - 2 * Math.sqrt(0.21 / 50 + 0.015 ** 2), 9)
    expect(b.norms('s', 'LK', 'LK/Dialog', T0)).toMatchObject({
      p: 0.5,
      pLow: 0.4,
      countryHourlyMicroUsd: 0,
    })
  })

  it('moves at most two points a week, however strong the evidence', () => {
    for (const p of [0.05, 0.95]) {
      const b = open()
      feed(b, 24 * 7, 50, p)
      const moved = norms(b, T0 + 7 * DAY).p - 0.7
      expect(Math.abs(moved)).toBeLessThanOrEqual(0.02 + 1e-9)
      expect(Math.abs(moved)).toBeGreaterThan(0.015)
      expect(Math.sign(moved)).toBe(p < 0.5 ? -1 : 1)
    }
  })

  it('hours with a handful of sessions say nothing', () => {
    const b = open()
    feed(b, 24 * 7, 4, 1)
    expect(norms(b, T0 + 7 * DAY).p).toBe(0.7)
  })

  it('is robust: an attack in a third of the hours leaves it where it was', () => {
    const b = open()
    for (let day = 0; day < 10; day++) {
      feed(b, 16, 40, 0.7, T0 + day * DAY)
      feed(b, 8, 400, 0.02, T0 + day * DAY + 16 * HOUR)
    }
    expect(Math.abs(norms(b, T0 + 10 * DAY).p - 0.7)).toBeLessThan(0.011)
  })

  it('a gate that denies everything is not learned from: no news moves nothing', () => {
    const b = open()
    feed(b, 48, 40, 0.7)
    const before = norms(b, T0 + 2 * DAY).p
    expect(norms(b, T0 + 2 * DAY + HOUR).p).toBeCloseTo(before, 2)
    // what was denied is no session; what verifies late corrects the hour and counts once
    const late = {
      service: 's',
      country: 'NG',
      operatorRange: 'NG/MTN',
      abroad: false,
      priceMicroUsd: 1,
      sentAt: T0,
      at: T0,
    }
    const c = open()
    for (let h = 0; h < 30; h++)
      for (let k = 0; k < 10; k++) {
        c.observe({ ...late, verified: false, late: false, at: T0 + h * HOUR })
        c.observe({ ...late, verified: true, late: true, at: T0 + h * HOUR })
      }
    expect(norms(c, T0 + 30 * HOUR).p).toBeGreaterThan(0.7)
    expect(norms(c, T0 + 30 * HOUR).p).toBeLessThanOrEqual(0.9)
  })

  it('knows the usual verified spend of an hour after a day, by its median', () => {
    const b = open()
    feed(b, 23, 10, 1)
    expect(norms(b, T0 + 23 * HOUR).countryHourlyMicroUsd).toBe(0)
    feed(b, 3, 10, 1, T0 + 23 * HOUR)
    feed(b, 1, 10_000, 1, T0 + 26 * HOUR)
    const usual = norms(b, T0 + 28 * HOUR)
    expect(usual.countryHourlyMicroUsd).toBe(1_000_000)
    expect(usual.operatorHourlyMicroUsd).toBe(1_000_000)
    expect(usual.serviceHourlyMicroUsd).toBe(1_000_000)
    expect(usual.abroadHourlyMicroUsd).toBe(0)
  })

  it('learns how long people take: p95, between one minute and ten', () => {
    const b = open()
    expect(b.maturity('s', 'NG')).toBe(120 * SECOND)
    feed(b, 30, 10, 1, T0, 10 * SECOND)
    expect(b.maturity('s', 'NG')).toBe(MINUTE)
    feed(b, 30, 100, 1, T0 + 30 * HOUR, 240 * SECOND)
    const slow = b.maturity('s', 'NG')
    expect(slow).toBeGreaterThanOrEqual(240 * SECOND)
    expect(slow).toBeLessThanOrEqual(340 * SECOND)
    feed(b, 30, 1_000, 1, T0 + 60 * HOUR, 3_000 * SECOND)
    expect(b.maturity('s', 'NG')).toBe(10 * MINUTE)
  })

  it('counts sends per active block of a full day', () => {
    const b = open()
    for (let k = 0; k < 300; k++) b.sent('s', 'NG', `b${k % 100}`, T0 + k * SECOND)
    expect(b.meanPerBlock('s', 'NG')).toBe(0)
    b.sent('s', 'NG', 'b1', T0 + DAY)
    expect(b.meanPerBlock('s', 'NG')).toBeGreaterThan(2.4)
    expect(b.meanPerBlock('s', 'NG')).toBeLessThan(3.6)
  })

  it('learns on when a clock that was years ahead comes back', () => {
    const b = open()
    feed(b, 48, 10, 0.7)
    feed(b, 1, 10, 0.7, T0 + 5 * 365 * DAY)
    b.sent('s', 'NG', 'b1', T0 + 5 * 365 * DAY)
    const back = T0 + 3 * DAY
    for (let day = 0; day < 8; day++) {
      for (let k = 0; k < 30; k++) b.sent('s', 'NG', `b${k % 10}`, back + day * DAY + k * MINUTE)
      feed(b, 24, 10, 0.9, back + day * DAY)
    }
    const usual = norms(b, back + 8 * DAY)
    expect(usual.p).toBeGreaterThan(0.715)
    expect(usual.countryHourlyMicroUsd).toBe(900_000)
    expect(b.meanPerBlock('s', 'NG')).toBeCloseTo(3, 0)
  })

  it('is the same after a snapshot through JSON', () => {
    const b = open()
    feed(b, 60, 20, 0.8)
    b.sent('s', 'NG', 'b1', T0)
    const c = open()
    c.restore(JSON.parse(JSON.stringify(b.snapshot())))
    const at = T0 + 61 * HOUR
    expect(norms(c, at)).toEqual(norms(b, at))
    expect(c.maturity('s', 'NG')).toBe(b.maturity('s', 'NG'))
    expect(c.snapshot()).toEqual(b.snapshot())
  })

  it('forgets the longest idle when it is full', () => {
    const b = createBaseline({ priorOf: () => 0.7, maturityMs: () => 1, capacity: 10 })
    for (let k = 0; k < 25; k++) b.sent('s', `C${k}`, 'b', T0 + k * HOUR)
    expect(b.snapshot().countries.map(([key]) => key)).toEqual(
      Array.from({ length: 10 }, (_, k) => `s|C${15 + k}`),
    )
  })
})
