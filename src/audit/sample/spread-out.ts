import { BLOCK_DIGITS } from '../../lab/world/ranges.js'
import type { World } from '../../lab/world/world.js'

/**
 * Share of a country's customers in one block at most. A full block of 10,000 numbers is 0.07 % of the subscriptions of
 * Portugal, 0.02 % of Poland's and 0.01 % of Germany's (some 15, 55 and 105 million).
 */
const LARGEST_SHARE = 0.001
/** So many may share a block before shares mean anything. */
const FEW = 3
/** Where a country has hardly any blocks the last draw stands. */
const DRAWS = 24

/**
 * A world whose people do not crowd: operators count by their rank, so one with a single block would have as many
 * customers as one with thousands, and a year of them would look like a pumped block.
 */
export function spreadOut(world: World): World {
  const blocks = new Map<string, number>()
  const people = new Map<string, number>()
  return {
    ...world,
    number(country, random) {
      const all = (people.get(country) ?? 0) + 1
      people.set(country, all)
      const most = FEW + LARGEST_SHARE * all
      for (let drawn = 1; ; drawn++) {
        const number = world.number(country, random)
        const block = number.slice(0, -BLOCK_DIGITS)
        const here = blocks.get(block) ?? 0
        if (here >= most && drawn < DRAWS) continue
        blocks.set(block, here + 1)
        return number
      }
    },
  }
}
