import { expect, test } from 'vitest'
import { shardsOf } from './shards-of.js'

test('one script has all keys, in a cluster those of one tag; no keys are no script', () => {
  const [a, b, c] = [1, 2, 1].map((tag) => ({ name: { tag } }))
  const items = [a, b, c].filter((item) => item !== undefined)
  expect(shardsOf(items, false)).toEqual([items])
  expect(shardsOf(items, true)).toEqual([[a, c], [b]])
  expect(shardsOf([], false)).toEqual([])
  expect(shardsOf([], true)).toEqual([])
})
