import { expect, it } from 'vitest'
import { createRandom } from '../../lab/random.js'
import { createWorld } from '../../lab/world/create-world.js'
import { spreadOut } from './spread-out.js'

const PEOPLE = 20_000

function largestBlock(draw: () => string): number {
  const blocks = new Map<string, number>()
  for (let i = 0; i < PEOPLE; i++) {
    const block = draw().slice(0, -4)
    blocks.set(block, (blocks.get(block) ?? 0) + 1)
  }
  return Math.max(...blocks.values())
}

it('has no block with more of the people than it has of the numbers', () => {
  const world = createWorld()
  for (const country of ['PL', 'PT', 'FR']) {
    const random = createRandom(5)
    const crowded = largestBlock(() => world.number(country, random))
    const spread = spreadOut(world)
    expect(crowded).toBeGreaterThan(100)
    expect(largestBlock(() => spread.number(country, random))).toBeLessThanOrEqual(24)
  }
})

it('gives numbers even where a country has hardly any blocks', () => {
  const one = { ...createWorld(), number: () => '+35191000000' }
  const spread = spreadOut(one)
  const random = createRandom(1)
  for (let i = 0; i < 10; i++) expect(spread.number('PT', random)).toBe('+35191000000')
})
