import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import {
  divergence,
  expectedSampleSize,
  halved,
  logRatio,
  PUMPED,
  predict,
  shrink,
} from './predictive.js'

const random = createRandom(20_261_121)

/** Beta with whole shapes, as a ratio of gammas. */
function beta(a: number, b: number): number {
  let x = 0
  let y = 0
  for (let i = 0; i < a; i++) x += random.exponential(1)
  for (let i = 0; i < b; i++) y += random.exponential(1)
  return x / (x + y)
}

/** Outcomes until the test with a restart at 0 flags, at most `most`; 0 when it does not. */
function outcomesToFlag(
  p: number,
  law: { mean: number; concentration: number },
  alpha: number,
  most: number,
): number {
  const bar = Math.log(1 / alpha)
  let llr = 0
  let n = 0
  let s = 0
  for (let i = 1; i <= most; i++) {
    const success = random.chance(p)
    llr = Math.max(0, llr + logRatio(success, s, n, law, PUMPED))
    n = llr === 0 ? 0 : n + 1
    s = llr === 0 ? 0 : s + (success ? 1 : 0)
    if (llr >= bar) return i
  }
  return 0
}

describe('predictive test', () => {
  it('keeps its level when blocks differ: 60 sessions, Beta(12, 8) between blocks, nominal 1e-3', () => {
    const law = { mean: 0.6, concentration: 20 }
    const streams = 60_000
    const bar = Math.log(1_000)
    let predictive = 0
    let fixed = 0
    for (let i = 0; i < streams; i++) {
      const p = beta(12, 8)
      let llr = 0
      let plain = 0
      let flagged = false
      let plainly = false
      for (let n = 0, s = 0; n < 60; n++) {
        const success = random.chance(p)
        llr += logRatio(success, s, n, law, PUMPED)
        plain += success ? Math.log(0.05 / 0.6) : Math.log(0.95 / 0.4)
        if (success) s++
        flagged ||= llr >= bar
        plainly ||= plain >= bar
      }
      if (flagged) predictive++
      if (plainly) fixed++
    }
    // Ville: at most nominal; 60 expected, 3.3 standard deviations of room
    expect(predictive / streams).toBeLessThan(1e-3 + 3.3 * Math.sqrt(1e-3 / streams))
    expect(fixed).toBeGreaterThan(5 * predictive)
  })

  it('needs at most 1.2 times the sample size of Wald, and up to 1.3 where blocks may differ', () => {
    const alpha = 1e-4
    const ratio = (p0: number, concentration: number): number => {
      const streams = 4_000
      let sum = 0
      for (let i = 0; i < streams; i++)
        sum += outcomesToFlag(0.02, { mean: p0, concentration }, alpha, 500)
      return sum / streams / expectedSampleSize(alpha, 0.02, p0)
    }
    // Wald's bound knows the conversion; the predictive null pays for not knowing it
    for (const p0 of [0.6, 0.7, 0.8]) {
      expect(ratio(p0, 200)).toBeLessThan(1.2)
      expect(ratio(p0, 40)).toBeLessThan(1.3)
    }
  })

  it('never flags a block that converts as usual, however long', () => {
    for (let i = 0; i < 200; i++)
      expect(outcomesToFlag(0.7, { mean: 0.7, concentration: 40 }, 1e-6, 2_000)).toBe(0)
  })

  it('states the published sample size: 8.5 outcomes at 0.70 against 0.02, alpha 1e-4', () => {
    expect(expectedSampleSize(1e-4, 0.02, 0.7)).toBeCloseTo(8.46, 1)
    expect(divergence(0.3, 0.3)).toBe(0)
    expect(divergence(0, 0.5)).toBeCloseTo(Math.LN2)
  })

  it('learns: a null that saw only failures is no longer surprised by them', () => {
    const law = { mean: 0.7, concentration: 20 }
    expect(predict(law, 0, 0)).toBeCloseTo(0.7)
    expect(predict(law, 0, 200)).toBeLessThan(0.07)
    expect(logRatio(false, 0, 200, law, PUMPED)).toBeLessThan(
      logRatio(false, 0, 0, law, PUMPED) / 10,
    )
    expect(halved(0.7)).toEqual({ mean: 0.35, concentration: 20 })
    expect(shrink(0.7, 40, 0, 0)).toBeCloseTo(0.7)
    expect(shrink(0.7, 40, 400, 400)).toBeGreaterThan(0.95)
  })
})
