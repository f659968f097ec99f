import { expect, test } from 'vitest'
import { TokenBucket, TokenBuckets } from './bucket.js'

const T0 = 1_795_000_000_000

test('gives its burst, then refills by the clock', () => {
  const bucket = new TokenBucket(2, 3, T0)
  expect([1, 2, 3].map(() => bucket.take(T0))).toEqual([0, 0, 0])
  expect(bucket.take(T0)).toBe(500)
  expect(bucket.take(T0 + 250)).toBe(250)
  expect(bucket.take(T0 + 500)).toBe(0)
  expect(bucket.take(T0 + 500)).toBe(500)
})

test('never holds more than its burst, and nothing for a clock that steps back', () => {
  const bucket = new TokenBucket(10, 2, T0)
  bucket.giveBack()
  expect([1, 2].map(() => bucket.take(T0 + 60_000))).toEqual([0, 0])
  expect(bucket.take(T0)).toBeGreaterThan(0)
  // the time before the step is not paid out twice
  expect(bucket.take(T0 + 50)).toBeGreaterThan(0)
  expect(bucket.take(T0 + 100)).toBe(0)
})

test('are kept for so many keys; the one idle for longest makes room', () => {
  const buckets = new TokenBuckets(1, 1, 2)
  expect(buckets.of('a', T0).take(T0)).toBe(0)
  expect(buckets.of('b', T0).take(T0)).toBe(0)
  buckets.of('a', T0)
  buckets.of('c', T0)
  expect(buckets.of('a', T0).take(T0)).toBeGreaterThan(0)
  expect(buckets.of('b', T0).take(T0)).toBe(0)
})
