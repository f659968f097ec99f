import type { Random } from '../random.js'
import { createCmaEs } from './cma-es.js'

export interface SearchOptions<T> {
  dimensions: number
  /** points tried at most */
  budget: number
  random: Random
  /** points to try first, each coordinate 0 to 1 */
  starts: readonly (readonly number[])[]
  /** Tries points, any number at once. */
  tryAll: (points: readonly (readonly number[])[]) => Promise<T[]>
  /** what is sought most of */
  worth: (tried: T) => number
}

export interface Found<T> {
  point: readonly number[]
  tried: T
}

/** Share of the budget for points that know nothing of each other. */
const RANDOM_SHARE = 0.3
/** Spread of the first generation around the best point: a quarter of the box reaches most of it. */
const FIRST_SIGMA = 0.25
/** Narrower than this everything tried is the same attack: begin elsewhere. */
const NARROWEST = 0.01

/**
 * Looks for the point worth most: what was thought of and random ones first, then CMA-ES from the best of them, and again from
 * the next best when it has narrowed down. The order of the points depends on the seed alone, not on who is done first.
 */
export async function search<T>(options: SearchOptions<T>): Promise<Found<T>[]> {
  const { dimensions, budget, random, starts, tryAll, worth } = options
  const found: Found<T>[] = []
  async function go(points: readonly (readonly number[])[]): Promise<T[]> {
    const tried = await tryAll(points)
    for (const [i, result] of tried.entries()) found.push({ point: points[i] ?? [], tried: result })
    return tried
  }
  const scattered = Math.max(0, Math.round(RANDOM_SHARE * budget) - starts.length)
  await go(
    [
      ...starts,
      ...Array.from({ length: scattered }, () => Array.from({ length: dimensions }, random.next)),
    ].slice(0, budget),
  )
  const springs = byWorth(found, worth)
  for (let spring = 0; found.length < budget; spring++) {
    const from = springs[spring % springs.length]
    if (from === undefined) break
    const strategy = createCmaEs({ start: from.point, sigma: FIRST_SIGMA, random })
    while (found.length < budget && strategy.width() > NARROWEST) {
      const generation = strategy.ask()
      const left = budget - found.length
      const tried = await go(generation.slice(0, left))
      if (tried.length < generation.length) break
      strategy.tell(tried.map((result) => -worth(result)))
    }
  }
  return byWorth(found, worth)
}

/** Worth most first; of equals the one that was tried first. */
const byWorth = <T>(found: readonly Found<T>[], worth: (tried: T) => number): Found<T>[] =>
  [...found].sort((a, b) => worth(b.tried) - worth(a.tried))
