import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { DAY, HOUR } from '../units.js'
import { SIGNALS } from './catalogue.js'
import {
  createWeights,
  type Learned,
  MAX_STEP_PER_DAY,
  type Outcome,
  WEIGHT_LIMIT,
} from './weights.js'

const T0 = Date.UTC(2026, 10, 16)
const send = (at: number, outcome: Outcome, ...present: string[]): Learned => ({
  present,
  outcome,
  pLow: 0.65,
  late: false,
  quarantined: false,
  at,
})

/** Days of traffic: people (70 % verify) and pumped sends (none do), each showing signals at their own rates. */
function teach(
  weights: ReturnType<typeof createWeights>,
  days: number,
  pumpedShare: number,
  rates: Record<string, [people: number, pumped: number]>,
  more: Partial<Learned> = {},
): void {
  const random = createRandom(11)
  const hourly = 60
  for (let h = 0; h < 24 * days; h++)
    for (let k = 0; k < hourly; k++) {
      const bad = random.chance(pumpedShare)
      const outcome = !bad && random.chance(0.7) ? 'verified' : 'lost'
      const present = Object.keys(rates).filter((code) =>
        random.chance((rates[code] as [number, number])[bad ? 1 : 0]),
      )
      weights.observe({ ...send(T0 + h * HOUR + k, outcome, ...present), ...more })
    }
}

describe('learned weights', () => {
  it('begin at the start weights', () => {
    const weights = createWeights()
    for (const { code, start } of SIGNALS) expect(weights.weight(code)).toBe(start)
    expect(weights.weight('no.such')).toBe(0)
  })

  it('fall where people show a signal as often as bots, and stay where only bots do', () => {
    const weights = createWeights()
    teach(weights, 20, 0.1, { 'client.missing': [0.9, 0.9], 'network.hosting': [0.01, 0.6] })
    expect(Math.abs(weights.weight('client.missing'))).toBeLessThan(0.3)
    expect(weights.weight('network.hosting')).toBeGreaterThan(3)
  })

  it('are not learned away on quiet weeks, when every loss is a person’s', () => {
    const weights = createWeights()
    teach(weights, 28, 0, { 'network.hosting': [0.02, 0.5], 'client.missing': [0.8, 0.8] })
    // rarer among people than thought, but no pumped send has shown it
    expect(weights.weight('network.hosting')).toBeCloseTo(2, 1)
    expect(weights.weight('client.missing')).toBeLessThan(0)
  })

  it('learn nothing in quarantine', () => {
    const weights = createWeights()
    teach(weights, 5, 0.9, { 'network.hosting': [0.9, 0.01] }, { quarantined: true })
    expect(weights.weight('network.hosting')).toBe(2)
  })

  it('take a loss back that was verified after all', () => {
    const late = createWeights()
    const plain = createWeights()
    for (let h = 0; h < 200; h++) {
      const at = T0 + h * HOUR
      late.observe(send(at, 'lost', 'ip.numbers'))
      late.observe({ ...send(at, 'verified', 'ip.numbers'), late: true })
      plain.observe(send(at, 'verified', 'ip.numbers'))
    }
    expect(late.weight('ip.numbers')).toBe(plain.weight('ip.numbers'))
  })

  it('of signals about entered codes move by labels only', () => {
    const weights = createWeights()
    for (let h = 0; h < 480; h++)
      weights.observe(send(T0 + h * HOUR, 'verified', 'code.same_delay'))
    expect(weights.weight('code.same_delay')).toBe(2)
    for (let h = 480; h < 960; h++)
      weights.observe({ ...send(T0 + h * HOUR, 'fraud', 'code.same_delay'), late: true })
    for (let h = 480; h < 960; h++) weights.observe(send(T0 + 960 * HOUR + h, 'genuine'))
    weights.observe(send(T0 + 1_000 * HOUR, 'genuine'))
    expect(weights.weight('code.same_delay')).toBeGreaterThan(2)
  })

  it('move a quarter a day at most and stay in their bounds, whatever is fed', () => {
    const codes = SIGNALS.map((s) => s.code)
    const event = fc.record({
      outcome: fc.constantFrom<Outcome>('lost', 'verified', 'fraud', 'genuine'),
      present: fc.subarray(codes),
      times: fc.integer({ min: 1, max: 400 }),
      gapMs: fc.integer({ min: 0, max: 3 * DAY }),
      late: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(event, { minLength: 5, maxLength: 30 }), (events) => {
        const weights = createWeights()
        let at = T0
        for (const { outcome, present, times, gapMs, late } of events) {
          const before = Float64Array.from(weights.values)
          at += gapMs
          for (let i = 0; i < times; i++)
            weights.observe({ ...send(at, outcome, ...present), late })
          const days = Math.min(1, Math.ceil(gapMs / HOUR) / 24)
          codes.forEach((code, i) => {
            const moved = Math.abs(weights.weight(code) - (before[i] as number))
            expect(moved).toBeLessThanOrEqual(MAX_STEP_PER_DAY * days + 1e-9)
            expect(Math.abs(weights.weight(code))).toBeLessThanOrEqual(WEIGHT_LIMIT)
          })
        }
      }),
      { seed: 3, numRuns: 40 },
    )
  })

  it('go on after a restart as if there had been none', () => {
    const whole = createWeights()
    const rates: Record<string, [number, number]> = { 'network.hosting': [0.1, 0.6] }
    teach(whole, 3, 0.2, rates)
    const resumed = createWeights()
    resumed.restore(JSON.parse(JSON.stringify(whole.snapshot())))
    for (const weights of [whole, resumed])
      for (let h = 72; h < 120; h++) weights.observe(send(T0 + h * HOUR, 'lost', 'network.hosting'))
    expect([...Array.from(resumed.values)]).toEqual([...Array.from(whole.values)])
  })
})
