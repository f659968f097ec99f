import { expect, it } from 'vitest'
import { createRandom } from '../random.js'
import { bootstrap } from './bootstrap.js'

const mean = (draw: readonly number[]): number => draw.reduce((a, b) => a + b, 0) / draw.length
const seeds = Array.from({ length: 20 }, (_, i) => i + 1)

it('gives an interval about as wide as theory says, and the same one each time', () => {
  const once = bootstrap(seeds, mean, createRandom(1))
  expect(once.value).toBe(10.5)
  // standard error of the mean of 1 to 20: sqrt(33.25 / 20) = 1.29
  expect(once.low).toBeGreaterThan(10.5 - 2.9)
  expect(once.low).toBeLessThan(10.5 - 2.1)
  expect(once.high).toBeGreaterThan(10.5 + 2.1)
  expect(once.high).toBeLessThan(10.5 + 2.9)
  expect(bootstrap(seeds, mean, createRandom(1))).toEqual(once)
})

it('says nothing of the spread of one seed', () => {
  expect(bootstrap([7], mean, createRandom(1))).toEqual({ value: 7, low: 7, high: 7 })
})

it('pairs differences: a constant one has no spread', () => {
  const { low, high } = bootstrap(
    seeds,
    (draw) => mean(draw.map((s) => s + 3)) - mean(draw),
    createRandom(1),
  )
  expect(low).toBeCloseTo(3)
  expect(high).toBeCloseTo(3)
})
