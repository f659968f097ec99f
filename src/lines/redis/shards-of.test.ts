import { expect, test } from 'vitest'
import { shardsOf } from './shards-of.js'

test('one script has all keys, in a cluster those of one tag in their order; no keys are no script', () => {
  const items = [1, 2, 1].map((tag, n) => ({ n, name: { tag } }))
  const shards = (isCluster: boolean) =>
    shardsOf(items, isCluster).map((shard) => shard.map(({ n }) => n))
  expect(shards(false)).toEqual([[0, 1, 2]])
  expect(shards(true)).toEqual([[0, 2], [1]])
  expect(shardsOf([], false)).toEqual([])
  expect(shardsOf([], true)).toEqual([])
})
