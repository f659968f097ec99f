import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { HOUR } from '../units.js'
import { createBaseRate } from './base-rate.js'
import { createCalibration, logistic, logOddsOf } from './calibration.js'

const T0 = Date.UTC(2026, 10, 16)

/** Sends whose raw log-odds say twice as much as they should: true log-odds are half of the raw ones. */
function overconfident(seed: number, n: number) {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, i) => {
    const raw = -6 + 12 * random.next()
    const pumped = random.chance(logistic(raw / 2))
    const p = random.chance(0.5) ? 0.62 : 0.8
    const verified = !pumped && random.chance(p)
    return { raw, pumped, sample: { raw, p, verified, late: false, at: T0 + i * 60_000 } }
  })
}

describe('calibration', () => {
  it('takes log-odds at their word until outcomes say better', () => {
    const map = createCalibration()
    for (const raw of [-5, -2, 0, 1.3, 4]) {
      expect(map.probability(raw)).toBeCloseTo(logistic(raw), 1)
    }
    expect(map.probability(-50)).toBeLessThan(0.001)
    expect(map.probability(50)).toBeGreaterThan(0.999)
  })

  it('learns probabilities from who verifies: predicted and true shares agree in every tenth', () => {
    const map = createCalibration()
    for (const { sample } of overconfident(1, 40_000)) map.observe(sample)
    const bins = Array.from({ length: 10 }, () => ({ n: 0, said: 0, was: 0 }))
    for (const { raw, pumped } of overconfident(2, 40_000)) {
      const said = map.probability(raw)
      const bin = bins[Math.min(9, Math.floor(10 * said))]
      if (bin === undefined) continue
      bin.n++
      bin.said += said
      bin.was += pumped ? 1 : 0
    }
    let error = 0
    for (const { n, said, was } of bins) {
      if (n < 200) continue
      expect(Math.abs(said - was) / n).toBeLessThan(0.08)
      error += Math.abs(said - was)
    }
    // expected calibration error; at their word the log-odds are off by 0.13
    expect(error / 40_000).toBeLessThan(0.04)
  })

  it('never falls as the evidence grows', () => {
    const map = createCalibration()
    const random = createRandom(5)
    // outcomes that contradict the order: noise must not turn a stronger case into a weaker one
    for (let i = 0; i < 5_000; i++)
      map.observe({
        raw: -8 + 16 * random.next(),
        p: 0.7,
        verified: random.chance(0.5),
        late: false,
        at: T0 + i * 60_000,
      })
    let before = -1
    for (let raw = -9; raw <= 9; raw += 0.1) {
      const p = map.probability(raw)
      expect(p).toBeGreaterThanOrEqual(before - 1e-12)
      expect(p >= 0 && p <= 1).toBe(true)
      before = p
    }
  })

  it('moves once an hour and survives a restart', () => {
    const map = createCalibration()
    const half = overconfident(1, 3_000)
    for (const { sample } of half) map.observe(sample)
    const resumed = createCalibration()
    resumed.restore(JSON.parse(JSON.stringify(map.snapshot())))
    for (const raw of [-3, 0, 3]) expect(resumed.probability(raw)).toBe(map.probability(raw))
    const at = T0 + 4_000 * 60_000
    for (const one of [map, resumed]) {
      one.observe({ raw: 3, p: 0.7, verified: true, late: false, at })
      one.observe({ raw: 3, p: 0.7, verified: true, late: true, at: at + HOUR })
    }
    expect(resumed.probability(3)).toBe(map.probability(3))
  })
})

describe('the base rate', () => {
  const shareAfter = (sends: number, verifiedShare: number): number => {
    const rate = createBaseRate()
    const random = createRandom(9)
    for (let i = 0; i < sends; i++)
      rate.observe(0.7, random.chance(verifiedShare), false, T0 + i * 1_000)
    return rate.share()
  }
  it('starts at what the trade reports, falls on clean traffic, rises under attack, within bounds', () => {
    expect(shareAfter(0, 0)).toBeCloseTo(0.048)
    expect(shareAfter(20_000, 0.7)).toBe(0.002)
    expect(shareAfter(20_000, 0.58)).toBeGreaterThan(0.1)
    expect(shareAfter(20_000, 0)).toBe(0.3)
  })
  it('gives the prior log-odds, and takes late verifications', () => {
    const rate = createBaseRate()
    expect(rate.logOdds()).toBeCloseTo(logOddsOf(0.048))
    for (let i = 0; i < 1_000; i++) rate.observe(0.7, false, false, T0)
    const attacked = rate.share()
    for (let i = 0; i < 700; i++) rate.observe(0.7, true, true, T0)
    expect(attacked).toBe(0.3)
    expect(rate.share()).toBeLessThan(0.05)
    const resumed = createBaseRate()
    resumed.restore(JSON.parse(JSON.stringify(rate.snapshot())))
    expect(resumed.share()).toBe(rate.share())
  })
})
