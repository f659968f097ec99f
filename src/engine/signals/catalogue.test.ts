import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, MINUTE, SECOND } from '../units.js'
import { SIGNALS } from './catalogue.js'
import { sampleContext, type Variation } from './sample.js'
import { type Observed, SIGNAL_GROUPS } from './signal.js'
import { WEIGHT_LIMIT } from './weights.js'

const drift = { psi: 0.2, threshold: 0.1, share: 0.3, usual: 0.02, part: 0.6 }
/** mean and coefficient of variation to sums */
const sums = (n: number, mean: number, cv: number) => ({
  n,
  sum: n * mean,
  squares: n * mean ** 2 * (1 + cv ** 2),
})
const silent = { sends1h: 1, sends15m: 1 }
const hits = { number: 0, range: 0, source: 0 }
const carrier = { simSwappedMsAgo: null, tenureMs: null, recycled: null, active: null }

/** Per signal: an innocent request that comes near it, and requests that show it more and more. */
const ROWS: Record<string, [near: Variation, ...shown: Variation[]]> = {
  'number.voip': [{ number: { type: 'FIXED_LINE_OR_MOBILE' } }, { number: { type: 'VOIP' } }],
  'number.fixed_line': [
    { number: { type: 'FIXED_LINE_OR_MOBILE' } },
    { number: { type: 'FIXED_LINE' } },
  ],
  'number.shared_revenue': [{}, { number: { type: 'PREMIUM_RATE' } }],
  'number.no_handset': [{}, { number: { type: 'PAGER' } }],
  'number.unknown_type': [{}, { number: { type: 'UNKNOWN' } }],
  'number.unallocated': [{ number: { operator: null } }, { number: { allocated: false } }],
  'block.sequential': [
    { block: { neighbours: 0, remembered: 16 } },
    // one pair of neighbours means less the more numbers are remembered
    { block: { neighbours: 1, remembered: 16 } },
    { block: { neighbours: 1, remembered: 8 } },
    { block: { neighbours: 2, remembered: 8 } },
  ],
  'block.concentration': [
    { block: { sends1h: 1 } },
    { block: { sends1h: 2 } },
    { block: { sends1h: 3 } },
    { block: { sends1h: 40 } },
  ],
  'operator.burst': [
    { operator: { sends1h: 70, sends15m: 20 } },
    { operator: { sends1h: 160 } },
    { operator: { sends15m: 80 } },
    { operator: { sends1h: 4000 } },
  ],
  'country.burst': [
    { country: { sends1h: 70, sends15m: 20 } },
    { country: { sends1h: 160 } },
    { country: { sends1h: 4000 } },
  ],
  'country.off_peak': [
    // as much by day is nothing
    { country: { ...silent, sends1h: 30, usualHourly: 20 } },
    { country: { ...silent, sends1h: 20, usualHourly: 4, usualSpread: 1 } },
    { country: { ...silent, sends1h: 30, usualHourly: 4, usualSpread: 1 } },
    { country: { ...silent, sends1h: 30, usualHourly: 1, usualSpread: 1 } },
  ],
  'block.regular': [
    { block: { gaps: sums(30, MINUTE, 1) } },
    { block: { gaps: sums(8, MINUTE, 0.1) } },
    { block: { gaps: sums(30, MINUTE, 0.5) } },
    { block: { gaps: sums(30, MINUTE, 0.1) } },
  ],
  'ip.regular': [
    { ip: { gaps: sums(7, MINUTE, 0) } },
    { ip: { gaps: sums(12, MINUTE, 0.3) } },
    { ip: { gaps: sums(40, MINUTE, 0.1) } },
  ],
  'device.regular': [
    { device: { gaps: sums(7, MINUTE, 0) } },
    { device: { gaps: sums(40, MINUTE, 0.1) } },
  ],
  'network.regular': [
    { network: { gaps: sums(60, MINUTE, 0.8) } },
    { network: { gaps: sums(40, MINUTE, 0.1) } },
  ],
  'country.new': [
    { country: { firstSeenDays: 15 } },
    { country: { firstSeenDays: 1, verifiedLong: 200 } },
    { country: { firstSeenDays: 10 } },
    { country: { firstSeenDays: null } },
  ],
  'country.outside_markets': [{}, { inMarket: false }],
  'country.mix_drift': [
    { mix: { ...drift, psi: 0.09 } },
    { mix: { ...drift, part: 0.1 } },
    { mix: drift },
    { mix: { ...drift, psi: 0.5 } },
  ],
  'ip.numbers': [
    { ip: { numbers1h: 41, verifiedLong: 30 } },
    { ip: { numbers1h: 41, verifiedLong: 20 } },
    { ip: { numbers1h: 41, verifiedLong: 3 } },
    { ip: { numbers1h: 41 } },
  ],
  'subnet.numbers': [{ subnet: { numbers1h: 8 } }, { subnet: { numbers1h: 41 } }],
  'network.numbers': [{ network: { numbers1h: 40 } }, { network: { numbers1h: 400 } }],
  'device.numbers': [{ device: { numbers1h: 2 } }, { device: { numbers1h: 9 } }],
  'account.numbers': [{ account: { numbers1h: 2 } }, { account: { numbers1h: 9 } }],
  'ip.countries': [
    { ip: { countries1d: 2 } },
    { ip: { countries1d: 3 } },
    { ip: { countries1d: 9 } },
  ],
  'ip.conversion': [
    { ip: { verifiedLong: 7, lostLong: 3 } },
    { ip: { verifiedLong: 1, lostLong: 5 } },
    { ip: { lostLong: 5 } },
    { ip: { lostLong: 20 } },
  ],
  'subnet.conversion': [{ subnet: { verifiedLong: 7, lostLong: 3 } }, { subnet: { lostLong: 20 } }],
  'network.conversion': [
    { network: { verifiedLong: 70, lostLong: 40 } },
    { network: { verifiedLong: 70, lostLong: 90 } },
    { network: { lostLong: 90 } },
  ],
  'device.conversion': [{ device: { lostLong: 1 } }, { device: { lostLong: 6 } }],
  'account.conversion': [{ account: { lostLong: 1 } }, { account: { lostLong: 6 } }],
  'ip.proven': [
    { ip: { verifiedLong: 0 } },
    { ip: { verifiedLong: 1 } },
    { ip: { verifiedLong: 2 } },
  ],
  'subnet.proven': [
    { subnet: { verifiedLong: 0 } },
    { subnet: { verifiedLong: 1 } },
    { subnet: { verifiedLong: 4 } },
  ],
  'device.proven': [
    { device: { verifiedLong: 0 } },
    { device: { verifiedLong: 0.5 } },
    { device: { verifiedLong: 1 } },
  ],
  'account.proven': [
    { account: { verifiedLong: 0 } },
    { account: { verifiedLong: 0.5 } },
    { account: { verifiedLong: 1 } },
  ],
  'cluster.numbers': [
    { cluster: { numbers: 40, verified: 26 } },
    { cluster: { numbers: 40, verified: 10 } },
    { cluster: { numbers: 40, verified: 0 } },
  ],
  'network.hosting': [{}, { source: { hosting: true } }],
  'network.tor': [{ anonymity: 'vpn' }, { anonymity: 'tor' }],
  'network.vpn': [{ anonymity: null }, { anonymity: 'vpn' }],
  'ip.other_country': [
    { source: { country: 'GB' }, route: { verified: 700, lost: 250 } },
    { source: { country: 'GB' }, route: { verified: 7, lost: 3 } },
    { source: { country: 'GB' }, route: { verified: 1, lost: 3 } },
    { source: { country: 'GB' }, route: null },
  ],
  'client.automation': [
    { client: { userAgent: 'MyApp/2.1 CFNetwork/1390 Darwin/22' } },
    { client: { userAgent: 'python-requests/2.32' } },
  ],
  'client.no_activity': [
    { client: { precedingEvents: null, sessionAgeMs: 20 * SECOND } },
    { client: { precedingEvents: null, sessionAgeMs: 7 * SECOND } },
    { client: { precedingEvents: 0, sessionAgeMs: 20 * SECOND } },
    { client: { precedingEvents: 0, sessionAgeMs: SECOND } },
  ],
  'client.missing': [
    { client: { deviceId: null } },
    { client: { deviceId: null, userAgent: null } },
    { client: { deviceId: null, userAgent: null, sessionId: null } },
  ],
  'block.never_resent': [
    { block: { lostLong: 30, resentLong: 6 } },
    { block: { lostLong: 12, resentLong: 0 } },
    { block: { lostLong: 60, resentLong: 0 } },
  ],
  'code.entered_fast': [
    { device: { delays: sums(20, 15 * SECOND, 1) } },
    { device: { delays: sums(20, 6 * SECOND, 1) } },
    { block: { delays: sums(5, 2 * SECOND, 1) } },
  ],
  'code.same_delay': [
    { ip: { delays: sums(20, 20 * SECOND, 0.9) } },
    { ip: { delays: sums(20, 20 * SECOND, 0.3) } },
    { block: { delays: sums(20, 20 * SECOND, 0.05) } },
  ],
  'block.conversion_15m': [
    { block: { verified15m: 7, lost15m: 3 } },
    { block: { lost15m: 4 } },
    { block: { lost15m: 9 } },
  ],
  'block.conversion_1h': [
    { block: { lost1h: 1 } },
    { block: { lost1h: 4 } },
    { block: { lost1h: 9 } },
  ],
  'operator.conversion_15m': [
    { operator: { verified15m: 70, lost15m: 40 } },
    { operator: { verified15m: 70, lost15m: 90 } },
    { operator: { verified15m: 5, lost15m: 90 } },
  ],
  'operator.conversion_1h': [
    { operator: { verified1h: 70, lost1h: 40 } },
    { operator: { verified1h: 5, lost1h: 90 } },
  ],
  'country.conversion_15m': [
    { country: { verified15m: 70, lost15m: 40 } },
    { country: { verified15m: 5, lost15m: 90 } },
  ],
  'country.conversion_1h': [
    { country: { verified1h: 70, lost1h: 40 } },
    { country: { verified1h: 5, lost1h: 90 } },
  ],
  'block.first_failed': [
    { block: { failed1h: 1, sends1h: 20 } },
    { block: { failed1h: 4, sends1h: 9 } },
    { block: { failed1h: 9, sends1h: 9 } },
  ],
  'operator.first_failed': [
    { operator: { failed1h: 6, sends1h: 60 } },
    { operator: { failed1h: 40, sends1h: 60 } },
  ],
  'carrier.inactive': [
    { carrier: { ...carrier, active: true } },
    { carrier: { ...carrier, active: false } },
  ],
  'carrier.new_line': [
    { carrier: { ...carrier, tenureMs: 90 * DAY } },
    { carrier: { ...carrier, tenureMs: 30 * DAY } },
    { carrier: { ...carrier, tenureMs: 2 * DAY } },
  ],
  'carrier.sim_swap': [
    { carrier: { ...carrier, simSwappedMsAgo: 30 * DAY } },
    { carrier: { ...carrier, simSwappedMsAgo: 3 * DAY } },
    { carrier: { ...carrier, simSwappedMsAgo: DAY / 2 } },
  ],
  'carrier.recycled': [{ carrier }, { carrier: { ...carrier, recycled: true } }],
  'intel.number': [
    { intel: hits },
    { intel: { ...hits, number: 0.4 } },
    { intel: { ...hits, number: 1 } },
  ],
  'intel.range': [{ intel: hits }, { intel: { ...hits, range: 1 } }],
  'intel.source': [{ intel: hits }, { intel: { ...hits, source: 1 } }],
}

const blank = (): Observed => ({ observed: null, expected: null, windowMs: null })

describe('every signal', () => {
  it('has its rows here, a code of its own and a start weight with a reason', () => {
    expect(SIGNALS.map((s) => s.code).sort()).toEqual(Object.keys(ROWS).sort())
    for (const { start, why, says, group } of SIGNALS) {
      expect(Math.abs(start)).toBeLessThanOrEqual(WEIGHT_LIMIT)
      expect(why.length).toBeGreaterThan(20)
      expect(says.length).toBeGreaterThan(5)
      expect(SIGNAL_GROUPS).toContain(group)
    }
  })

  it.each(SIGNALS)('$code is absent in an ordinary request and grows with what shows it', (s) => {
    const [near = {}, ...shown] = ROWS[s.code] ?? [{}]
    const quiet = blank()
    // what people prove is there in an ordinary request
    const ordinary = s.group === 'proof' ? near : {}
    expect(s.read(sampleContext(ordinary), quiet)).toBe(0)
    expect(quiet).toEqual(blank())
    const faint = s.read(sampleContext(near), blank())
    expect(faint).toBeLessThan(0.15)
    const strengths = shown.map((v) => {
      const seen = blank()
      const strength = s.read(sampleContext(v), seen)
      expect(strength).toBeLessThanOrEqual(1)
      // a figure is given with its unit, or neither; but what a pair of countries verified may be unknown
      if (s.code !== 'ip.other_country') expect(seen.observed === null).toBe(s.unit === null)
      return strength
    })
    let before = faint
    for (const strength of strengths) {
      expect(strength).toBeGreaterThan(before)
      before = strength
    }
    if (s.code !== 'client.missing') expect(before).toBeGreaterThan(0.5)
  })
})

describe('whatever the counters say', () => {
  const count = fc.double({ min: 0, max: 1e6, noNaN: true })
  const maybe = fc.option(count, { nil: null })
  const sumsOf = fc.record({ n: count, sum: count, squares: count })
  const range = fc.record({
    sends15m: count,
    verified15m: count,
    lost15m: count,
    sends1h: count,
    verified1h: count,
    lost1h: count,
    failed1h: count,
    verifiedLong: count,
    lostLong: count,
    resentLong: count,
    usualHourly: maybe,
    usualSpread: maybe,
    usualFlat: maybe,
    gaps: sumsOf,
    delays: sumsOf,
    neighbours: fc.nat(16),
    remembered: fc.nat(16),
    firstSeenDays: maybe,
  })
  const source = fc.record({
    numbers1h: count,
    countries1d: count,
    verifiedLong: count,
    lostLong: count,
    gaps: sumsOf,
    delays: sumsOf,
  })

  it('a strength is between 0 and 1, and what is absent has shown nothing', () => {
    fc.assert(
      fc.property(
        range,
        source,
        fc.double({ min: 0.4, max: 0.9, noNaN: true }),
        fc.boolean(),
        (r, s, p, unreported) => {
          const context = sampleContext({
            block: r,
            operator: r,
            country: r,
            ip: s,
            subnet: s,
            network: s,
            device: s,
            account: s,
            p,
            unreported,
          })
          for (const signal of SIGNALS) {
            const seen = blank()
            const strength = signal.read(context, seen)
            expect(strength >= 0 && strength <= 1, signal.code).toBe(true)
            if (strength === 0) expect(seen).toEqual(blank())
            else expect(Number.isNaN(seen.observed ?? 0)).toBe(false)
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('a service that reports no outcomes', () => {
  const strength = (code: string, v: Variation): number =>
    SIGNALS.find((s) => s.code === code)?.read(sampleContext(v), blank()) ?? Number.NaN

  it('is not judged by conversion', () => {
    for (const { code } of SIGNALS.filter((s) => s.code.includes('conversion'))) {
      const shown = ROWS[code]?.at(-1) ?? {}
      expect(strength(code, { ...shown, unreported: true })).toBe(0)
    }
  })

  it('has its sources judged by the volume they had on other days', () => {
    // 300 a day behind one address, 41 this hour: its peak; after 10 a day it is not
    expect(strength('ip.numbers', { unreported: true, ip: { numbers1h: 41, lostLong: 450 } })).toBe(
      0,
    )
    expect(
      strength('ip.numbers', { unreported: true, ip: { numbers1h: 41, lostLong: 14 } }),
    ).toBeGreaterThan(0.5)
  })
})

it('neighbours that verify are a company that enrols its people', () => {
  const signal = SIGNALS.find((s) => s.code === 'block.sequential')
  const of = (verified1h: number) =>
    signal?.read(
      sampleContext({ block: { neighbours: 9, remembered: 16, verified1h, lost1h: 4 } }),
      blank(),
    ) ?? 0
  expect(of(40)).toBeLessThan(0.2 * of(0))
})
