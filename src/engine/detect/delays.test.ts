import { expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { SECOND } from '../units.js'
import { addDelay, createDelays, isSlow, verifiedBy } from './delays.js'

it('begins with published delays: 91 % by a minute, 99 % by two, rising from 0', () => {
  const delays = createDelays()
  expect(verifiedBy(delays, 0)).toBe(0)
  expect(verifiedBy(delays, 60 * SECOND)).toBeCloseTo(0.91, 1)
  expect(verifiedBy(delays, 120 * SECOND)).toBeGreaterThan(0.98)
  let before = 0
  for (let age = 0; age < 1_500 * SECOND; age += SECOND) {
    const share = verifiedBy(delays, age)
    expect(share).toBeGreaterThanOrEqual(before)
    before = share
  }
  expect(before).toBeCloseTo(1)
})

it('learns the route, and knows when it is slower than that', () => {
  const random = createRandom(3)
  const delays = createDelays()
  for (let i = 0; i < 2_000; i++) addDelay(delays, random.lognormal(60_000, 0.5), true)
  expect(verifiedBy(delays, 60 * SECOND)).toBeCloseTo(0.5, 1)
  expect(isSlow(delays)).toBe(false)
  for (let i = 0; i < 60; i++) addDelay(delays, random.lognormal(180_000, 0.5), false)
  expect(isSlow(delays)).toBe(true)
  for (let i = 0; i < 200; i++) addDelay(delays, random.lognormal(60_000, 0.5), true)
  expect(isSlow(delays)).toBe(false)
})
