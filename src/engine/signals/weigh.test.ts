import { describe, expect, it } from 'vitest'
import { createCalibration, logistic } from './calibration.js'
import { SIGNALS } from './catalogue.js'
import { sampleContext, type Variation } from './sample.js'
import { weigh } from './weigh.js'
import { createWeights } from './weights.js'

const PRIOR = -4
const start = { weights: createWeights().values, prior: PRIOR, calibration: createCalibration() }
const judge = (v: Variation = {}) => weigh(sampleContext(v), start)

describe('weighing', () => {
  it('leaves an ordinary request at the prior', () => {
    const { raw, p, score, evidence, present } = judge()
    expect(raw).toBe(PRIOR)
    expect(p).toBeCloseTo(logistic(PRIOR), 2)
    expect(score).toBe(2)
    expect(evidence).toEqual([])
    expect(present).toEqual([])
  })

  it('counts only the strongest of a group, and learns from all of it', () => {
    const { evidence, present, raw } = judge({
      ip: { numbers1h: 60 },
      subnet: { numbers1h: 60 },
      device: { numbers1h: 60, lostLong: 30 },
    })
    expect(evidence.map((e) => e.code)).toEqual(['device.numbers'])
    expect(present).toEqual(['ip.numbers', 'subnet.numbers', 'device.numbers', 'device.conversion'])
    expect(raw).toBeCloseTo(PRIOR + 3)
  })

  it('adds groups, strongest first, with what was seen', () => {
    const { evidence, raw, score } = judge({
      block: { lost15m: 9, lost1h: 9 },
      source: { hosting: true },
      client: { userAgent: 'curl/8.5' },
    })
    expect(evidence.map((e) => e.code)).toEqual([
      'block.conversion_15m',
      'client.automation',
      'network.hosting',
    ])
    expect(evidence[0]).toMatchObject({ observed: 0, expected: 0.7, windowMs: 900_000 })
    expect(evidence[2]).toMatchObject({ observed: null, expected: null, windowMs: null })
    expect(raw).toBeCloseTo(PRIOR + 3.5 + 2.5 + 2)
    expect(score).toBe(98)
  })

  it('gives each request its own evidence', () => {
    const first = judge({ ip: { numbers1h: 41 } })
    const kept = structuredClone(first)
    judge({ ip: { numbers1h: 900 }, source: { hosting: true } })
    judge()
    expect(first).toEqual(kept)
    expect(judge({ ip: { numbers1h: 41 } })).toEqual(kept)
    expect(JSON.parse(JSON.stringify(first))).toEqual(kept)
  })

  it('is not talked out of a sign of pumping by an innocent habit of the same group', () => {
    const weights = Float64Array.from(SIGNALS, (s) =>
      s.code === 'client.missing' ? -4 : s.code === 'client.automation' ? 2 : s.start,
    )
    const both: Variation = {
      client: { userAgent: 'curl/8.5', deviceId: null, sessionId: null },
    }
    const hidden: Variation = { client: { deviceId: null, sessionId: null } }
    const of = (v: Variation) => weigh(sampleContext(v), { ...start, weights })
    expect(of(both).evidence[0]).toMatchObject({ code: 'client.automation', logOdds: 2 })
    expect(of(hidden).evidence[0]).toMatchObject({ code: 'client.missing', logOdds: -2 })
  })

  it('grows with a signal’s strength', () => {
    const scores = [4, 8, 16, 41].map((numbers1h) => judge({ ip: { numbers1h } }).raw)
    expect([...scores].sort((a, b) => a - b)).toEqual(scores)
    expect(new Set(scores).size).toBe(4)
  })
})
