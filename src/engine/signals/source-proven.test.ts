import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY } from '../units.js'
import type { SourceCounters } from './counters.js'
import { sampleContext, type Variation } from './sample.js'
import type { Observed } from './signal.js'
import { sourcesProven } from './source-proven.js'

const SOURCES = ['ip', 'subnet', 'device', 'account'] as const
type Source = (typeof SOURCES)[number]
/** Verified messages at which each says all it has to say. */
const FULL: Record<Source, number> = { ip: 2, subnet: 4, device: 1, account: 1 }

function read(of: Source, source: Partial<SourceCounters>, more: Variation = {}) {
  const signal = sourcesProven.find((s) => s.code === `${of}.proven`)
  const seen: Observed = { observed: null, expected: null, windowMs: null }
  const context = sampleContext({ ...more, [of]: source })
  return { strength: signal?.read(context, seen) ?? Number.NaN, seen }
}

describe.each(SOURCES)('a source that verified before: %s', (of) => {
  const full = FULL[of]

  it('speaks for a request, in a straight line up to all it has to say', () => {
    expect(read(of, { verifiedLong: full / 4 }).strength).toBeCloseTo(1 / 4)
    expect(read(of, { verifiedLong: full / 2 }).strength).toBeCloseTo(1 / 2)
    expect(read(of, { verifiedLong: full }).strength).toBe(1)
    expect(read(of, { verifiedLong: 50 * full }).strength).toBe(1)
    const { start } = sourcesProven.find((s) => s.code === `${of}.proven`) ?? { start: 0 }
    expect(start).toBeLessThan(0)
  })

  it('says what it saw', () => {
    const { seen } = read(of, { verifiedLong: 7.5 })
    expect(seen).toEqual({ observed: 7.5, expected: 0, windowMs: DAY })
  })

  it('a source without a code entered says nothing', () => {
    for (const lostLong of [0, 30]) {
      const { strength, seen } = read(of, { verifiedLong: 0, lostLong })
      expect(strength).toBe(0)
      expect(seen).toEqual({ observed: null, expected: null, windowMs: null })
    }
  })

  it('loses as people lose and still speaks; a farm that loses more than people says nothing', () => {
    // baseline 70 %: three lost among ten verified is what people do
    expect(read(of, { verifiedLong: 10, lostLong: 4 }).strength).toBeGreaterThan(0.95)
    expect(read(of, { verifiedLong: 10, lostLong: 20 }).strength).toBeLessThan(0.2)
    expect(read(of, { verifiedLong: 10, lostLong: 60 }).strength).toBe(0)
  })

  it('where nobody reports outcomes it says nothing', () => {
    expect(read(of, { verifiedLong: 10 }, { unreported: true }).strength).toBe(0)
  })

  it('more verified never weakens it, more lost never strengthens it', () => {
    const amount = fc.double({ min: 0, max: 200, noNaN: true })
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.double({ min: 0.4, max: 0.9, noNaN: true }),
        (verifiedLong, lostLong, more, p) => {
          const base = read(of, { verifiedLong, lostLong }, { p }).strength
          const proven = read(of, { verifiedLong: verifiedLong + more, lostLong }, { p }).strength
          const worse = read(of, { verifiedLong, lostLong: lostLong + more }, { p }).strength
          expect(proven).toBeGreaterThanOrEqual(base - 1e-9)
          expect(worse).toBeLessThanOrEqual(base + 1e-9)
        },
      ),
      { seed: 14, numRuns: 200 },
    )
  })
})

it('a request without an account is told nothing by one', () => {
  const signal = sourcesProven.find((s) => s.code === 'account.proven')
  const seen: Observed = { observed: null, expected: null, windowMs: null }
  expect(signal?.read(sampleContext(), seen)).toBe(0)
})
