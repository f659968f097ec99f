import { expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { chainsOf } from './chains.js'

it('gives the rows of a key in order, as a map of lists would, and forgets those that are dropped', () => {
  const random = createRandom(5)
  const keys = Float64Array.from(
    { length: 5_000 },
    () => 998_900_000_000 + random.below(900) * 4_294_967_291,
  )
  const lists = new Map<number, number[]>()
  for (const [row, key] of keys.entries()) lists.set(key, [...(lists.get(key) ?? []), row])
  const rows = Uint32Array.from(keys, (_, row) => row).reverse()
  const chains = chainsOf(keys, rows)
  for (const [key, list] of lists) {
    const found: number[] = []
    for (let row = chains.first(key); row >= 0; row = chains.next[row] as number) found.push(row)
    expect(found).toEqual(list)
  }
  const [key = 0, list = []] = [...lists][0] ?? []
  for (const row of list) {
    expect(chains.first(key)).toBe(row)
    chains.drop(key)
  }
  expect(chains.first(key)).toBe(-1)
  chains.drop(key)
  expect(chains.first(1)).toBe(-1)
})
