import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY, USD } from '../units.js'
import { noWriteOffs, writeOff, writeOffLimits } from './write-off.js'

const keys = (operatorRange: string, country: string) => ({
  service: 'signup',
  country,
  operatorRange,
  block: '',
  subBlock: '',
})
const LIMITS = writeOffLimits(200_000, 50 * USD)

it('is 12, 25 and 150 blocks at USD 50 a day, and scales with the budget', () => {
  expect(LIMITS).toEqual({ operator: 2_400_000, country: 5_000_000, service: 30_000_000 })
  expect(writeOffLimits(200_000, 5 * USD).operator).toBe(240_000)
})

it('grants what is left of each line, and all again the next day', () => {
  const first = writeOff(noWriteOffs(), LIMITS, keys('NG/1', 'NG'), 2_000_000, 5 * DAY)
  expect(first.allowed).toEqual({ operator: 2_000_000, country: 2_000_000, service: 2_000_000 })
  const second = writeOff(first.state, LIMITS, keys('NG/1', 'NG'), 2_000_000, 5 * DAY + 1)
  expect(second.allowed).toEqual({ operator: 400_000, country: 2_000_000, service: 2_000_000 })
  const other = writeOff(second.state, LIMITS, keys('NG/2', 'NG'), 2_000_000, 5 * DAY + 2)
  expect(other.allowed).toEqual({ operator: 2_000_000, country: 1_000_000, service: 2_000_000 })
  const nextDay = writeOff(other.state, LIMITS, keys('NG/1', 'NG'), 2_000_000, 6 * DAY)
  expect(nextDay.allowed.operator).toBe(2_000_000)
})

it('never writes off more than the budget of a day, whatever is asked and whatever the clock does', () => {
  const ask = fc.record({
    operator: fc.constantFrom('NG/1', 'NG/2', 'KE/1'),
    amount: fc.integer({ min: 0, max: 4_000_000 }),
    at: fc.integer({ min: 0, max: 2 * DAY - 1 }),
  })
  fc.assert(
    fc.property(fc.array(ask, { maxLength: 60 }), (asks) => {
      let state = noWriteOffs()
      const granted = new Map<string, number>()
      for (const { operator, amount, at } of asks) {
        const step = writeOff(state, LIMITS, keys(operator, operator.slice(0, 2)), amount, at)
        state = step.state
        const key = `${operator}|${state.day}`
        granted.set(key, (granted.get(key) ?? 0) + step.allowed.operator)
      }
      for (const sum of granted.values()) expect(sum).toBeLessThanOrEqual(LIMITS.operator)
    }),
    { seed: 5, numRuns: 200 },
  )
})
