import { expect, test } from 'vitest'
import { groupsOf } from './asked.js'

test('one script has all keys, in a cluster those of one tag; no keys are no script', () => {
  const slots = [1, 2, 1].map((tag) => ({ tag }))
  expect(groupsOf(slots, false)).toEqual([[0, 1, 2]])
  expect(groupsOf(slots, true)).toEqual([[0, 2], [1]])
  expect(groupsOf([], false)).toEqual([])
  expect(groupsOf([], true)).toEqual([])
})
