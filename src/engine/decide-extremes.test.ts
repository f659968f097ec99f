import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Case, judge, KNOWN, NOW, PRICE } from '../../test/scenarios/judge.js'
import { LINE_INDEX } from './compile.js'
import type { Verdict } from './decision.js'
import { DEFAULT_LINES } from './defaults.js'
import { LINES, type LineName, type ServicePolicy } from './policy.js'
import { NO_SENSE } from './sense.js'
import { DAY, HOUR, USD } from './units.js'

/** Whatever a policy file may say, at the ends of what it may, and whatever is on the lines. */

const RANK: Record<Verdict, number> = { allow: 0, challenge: 1, hold: 2, deny: 3 }
const between = (...values: readonly [number, number, ...number[]]) =>
  fc.oneof(fc.constantFrom(...values), fc.double({ min: values[0], max: values[1], noNaN: true }))
const risk = between(0, 1, 0.5)
const line = fc.constantFrom(...LINES)
const amounts = fc.dictionary(line, between(0, 1_000, 0.5, 1, 2, 1e6)) as fc.Arbitrary<
  Partial<Record<LineName, number>>
>
const lines = fc
  .record({ money: between(100, 100_000 * USD), messages: between(1, 1_000_000) })
  .chain(({ money, messages }) =>
    fc.record({ narrow: fc.boolean(), slowHalfLifeMs: fc.constantFrom(HOUR, DAY, 30 * DAY) }).map(
      (common) =>
        Object.fromEntries(
          LINES.map((name, i) => {
            const opening = i < 6 ? money : messages
            const atLeast = messages
            const sizes = { opening, openingOutside: opening, atLeast, atLeastOutside: atLeast }
            return [name, { ...DEFAULT_LINES[name], ...sizes, ...common }]
          }),
        ) as ServicePolicy['lines'],
    ),
  )
const policy: fc.Arbitrary<Partial<ServicePolicy>> = fc.record(
  {
    lines,
    hard: between(1, 10),
    margin: between(1, 5),
    z: between(0, 6),
    sizeShare: between(0, 1),
    fraudBudgetMicroUsd: between(0.01 * USD, 1_000_000 * USD),
    risk: fc.record({
      ...{ challenge: risk, challengeWhenFull: risk, duringAttack: risk, spare: risk, from: risk },
    }),
    knownGood: fc.record({ forMs: between(0, 90 * DAY), unverified: between(0, 100) }),
  },
  { requiredKeys: [] },
)
const sense = fc.record({ p: risk, learned: fc.boolean(), elevated: fc.boolean() }).map((s) => ({
  weighed: { ...NO_SENSE.weighed, p: s.p, score: Math.round(100 * s.p) },
  learned: s.learned,
  facing: { ...NO_SENSE.facing, elevated: s.elevated },
}))
const price = between(0, 100 * USD, 1, 50_000)
const made: fc.Arbitrary<Case> = fc
  .record({
    ...{ policy, sense, lost: amounts, reserved: amounts, earned: amounts, price },
    passed: fc.boolean(),
    country: fc.constantFrom('NG', 'LK'),
    state: fc.constantFrom({}, KNOWN, { sessionAt: NOW - 60_000 }, { verifiedAt: NOW + HOUR }),
    seen: between(0, 1e6, 1, 3, 5),
  })
  .map(({ price: priceMicroUsd, ...rest }) => ({
    ...rest,
    facts: (facts) => ({ ...facts, priceMicroUsd }),
  }))

it('is a decision of finite figures, whose charge fits where it was decided on', () => {
  fc.assert(
    fc.property(made, (c) => {
      const { demand, reasons, utilisation, retryAt } = judge(c)
      expect(utilisation).toBeGreaterThanOrEqual(0)
      const figures = reasons.flatMap(({ observed, limit }) => [observed, limit])
      for (const n of [utilisation, retryAt ?? NOW, ...figures])
        if (typeof n === 'number') expect(Number.isFinite(n)).toBe(true)
      for (const { until } of reasons) if (until !== null) expect(until).toBeGreaterThanOrEqual(NOW)
      if (demand === null) return
      for (const [i, name] of LINES.entries()) {
        const [cost, ceiling] = [demand.costs[i] ?? Number.NaN, demand.ceilings[i] ?? Number.NaN]
        const unit = i < LINE_INDEX.number ? PRICE : 1
        const reserved = (c.reserved?.[name] ?? 0) * unit
        expect(cost).toBeGreaterThanOrEqual(0)
        if (cost > 0) expect(ceiling * (1 + 1e-9), name).toBeGreaterThanOrEqual(reserved + cost)
      }
    }),
    { seed: 20_261_122, numRuns: 3_000 },
  )
})

it('is never milder for more that was lost, on whatever line', () => {
  fc.assert(
    fc.property(made, line, between(0.5, 1e5), (c, name, more) => {
      const [less, worse] = [
        judge(c),
        judge({ ...c, lost: { ...c.lost, [name]: (c.lost?.[name] ?? 0) + more } }),
      ]
      expect(RANK[worse.would]).toBeGreaterThanOrEqual(RANK[less.would])
    }),
    { seed: 20_261_123, numRuns: 3_000 },
  )
})
