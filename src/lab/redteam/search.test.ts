import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.js'
import { search } from './search.js'

const peak = (point: readonly number[]): number =>
  -point.reduce((sum, v, i) => sum + (v - 0.1 * (i + 1)) ** 2, 0)

async function run(budget: number, starts: readonly (readonly number[])[] = [], dimensions = 5) {
  const batches: number[] = []
  const found = await search({
    dimensions,
    budget,
    random: createRandom(9),
    starts,
    worth: (value: number) => value,
    async tryAll(points) {
      batches.push(points.length)
      return points.map(peak)
    },
  })
  return { found, tried: batches.reduce((a, b) => a + b, 0) }
}

describe('the search', () => {
  it('gets far nearer than chance', async () => {
    const { found } = await run(400)
    expect(found[0]?.tried).toBeGreaterThan(-1e-4)
    const random = createRandom(9)
    const chance = Array.from({ length: 400 }, () => peak(Array.from({ length: 5 }, random.next)))
    expect(Math.max(...chance)).toBeLessThan(-1e-3)
  })

  it.each([1, 2, 7, 50])('tries no more than %d points, and uses them all', async (budget) => {
    const { found, tried } = await run(budget, [[0.5, 0.5, 0.5, 0.5, 0.5]])
    expect(tried).toBe(budget)
    expect(found).toHaveLength(budget)
  })

  it('tries what was thought of before anything else', async () => {
    const best = [0.1, 0.2, 0.3, 0.4, 0.5]
    const { found } = await run(1, [best])
    expect(found[0]).toEqual({ point: best, tried: peak(best) })
  })

  it('is the same for the same seed', async () => {
    expect((await run(60)).found).toEqual((await run(60)).found)
  })

  it('begins elsewhere when it has narrowed down', async () => {
    const { found } = await run(600, [], 2)
    expect(found).toHaveLength(600)
  })
})
