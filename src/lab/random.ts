/** Seeded random source (mulberry32): a scenario gives the same traffic on every machine. */
export interface Random {
  /** uniform in [0, 1) */
  next(): number
  /** uniform integer in [0, n) */
  below(n: number): number
  pick<T>(from: readonly T[]): T
  /** true with probability p */
  chance(p: number): boolean
  /** exponential with the given mean */
  exponential(mean: number): number
  /** lognormal with the given median; sigma of the logarithm */
  lognormal(median: number, sigma: number): number
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    below: (n) => Math.floor(next() * n),
    pick<T>(from: readonly T[]): T {
      const value = from[Math.floor(next() * from.length)]
      if (value === undefined) throw new RangeError('pick: nothing to pick from')
      return value
    },
    chance: (p) => next() < p,
    exponential: (mean) => -mean * Math.log(1 - next()),
    lognormal: (median, sigma) => median * Math.exp(sigma * normal()),
  }
}
