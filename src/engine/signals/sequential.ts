import { ramp } from './ramp.js'
import type { Signal } from './signal.js'
import { softened } from './softened.js'

/** Subscriber numbers of a block. */
const BLOCK_NUMBERS = 10_000
/** Two numbers are neighbours when they are this far apart at most. */
const NEIGHBOUR_DISTANCE = 1
/** Surprise (-ln of the chance) at which neighbours begin to speak, and at which they are no chance any more. */
const SURPRISE_FROM = 3
const SURPRISE_TO = 10

/** Expected pairs of direct neighbours among k numbers drawn uniformly from a block: k(k-1)/2 * 2d/10^4. */
export const expectedNeighbours = (k: number): number =>
  ((k * (k - 1)) / 2) * ((2 * NEIGHBOUR_DISTANCE) / BLOCK_NUMBERS)

/** Neighbouring numbers among the last ones asked for in the block. */
export const sequential: Signal = {
  code: 'block.sequential',
  group: 'range',
  start: 2.5,
  why: 'Three consecutive numbers among eight drawn at random have a chance of 3e-6; only naive bots count upwards, and companies enrol consecutive numbers too, which verify.',
  says: 'pairs of neighbouring numbers among the last ones of this block',
  unit: 'pairs',
  read({ counters: { block } }, seen) {
    if (block.neighbours < 1 || block.remembered < 2) return 0
    const expected = expectedNeighbours(block.remembered)
    // Poisson tail, bounded by its first term: P(X >= n) <= expected^n / n!
    let surprise = 0
    for (let i = 1; i <= block.neighbours; i++) surprise += Math.log(i / expected)
    const strength = softened(ramp(surprise, SURPRISE_FROM, SURPRISE_TO), block)
    if (strength === 0) return 0
    seen.observed = block.neighbours
    seen.expected = expected
    return strength
  },
}
