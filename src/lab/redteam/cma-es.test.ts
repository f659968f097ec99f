import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.js'
import { createCmaEs, eigenOf } from './cma-es.js'

type Value = (x: readonly number[]) => number

function minimise(value: Value, start: readonly number[], evaluations: number, seed = 3) {
  const strategy = createCmaEs({ start, sigma: 0.5, random: createRandom(seed) })
  let best = Number.POSITIVE_INFINITY
  for (let used = 0; used < evaluations; ) {
    const asked = strategy.ask()
    const values = asked.map(value)
    strategy.tell(values)
    best = Math.min(best, ...values)
    used += asked.length
  }
  return { best, width: strategy.width() }
}
const sphere: Value = (x) => x.reduce((sum, v) => sum + v * v, 0)
/** A valley a thousand times longer than wide, across all coordinates. */
const valley: Value = (x) => {
  const along = x.reduce((sum, v) => sum + v, 0) / Math.sqrt(x.length)
  return 1e6 * (sphere(x) - along * along) + (along - 2) ** 2
}
const rosenbrock: Value = (x) =>
  x
    .slice(1)
    .reduce((sum, v, i) => sum + 100 * (v - (x[i] ?? 0) ** 2) ** 2 + (1 - (x[i] ?? 0)) ** 2, 0)

describe('CMA-ES', () => {
  it('comes down a bowl', () => {
    const { best, width } = minimise(sphere, [3, -2, 1, 4, 0.5, 1], 2_000)
    expect(best).toBeLessThan(1e-9)
    expect(width).toBeLessThan(1e-3)
  })

  it('learns the direction of a narrow valley, which equal steps in all directions do not get down', () => {
    expect(minimise(valley, [1, 1, 1, 1, 1], 6_000).best).toBeLessThan(1e-6)
  })

  it('follows a bent valley', () => {
    expect(minimise(rosenbrock, [-1, 1, 0, 0], 6_000).best).toBeLessThan(1e-6)
  })

  it('looks at the order of values only', () => {
    const start = [1, 2, 3]
    const plain = createCmaEs({ start, sigma: 0.3, random: createRandom(5) })
    const bent = createCmaEs({ start, sigma: 0.3, random: createRandom(5) })
    for (let generation = 0; generation < 20; generation++) {
      const [one, other] = [plain.ask(), bent.ask()]
      expect(other).toEqual(one)
      plain.tell(one.map(sphere))
      bent.tell(one.map((x) => Math.log(sphere(x)) * 7 - 1_000))
    }
  })
})

describe('eigenvalues', () => {
  it('and vectors make up the matrix again', () => {
    const random = createRandom(1)
    const n = 7
    const half = Array.from({ length: n }, () => Array.from({ length: n }, random.next))
    const symmetric = half.map((row, i) => row.map((v, j) => v + (half[j]?.[i] ?? 0)))
    const { values, vectors } = eigenOf(symmetric)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const made = values.reduce(
          (sum, value, k) => sum + value * (vectors[i]?.[k] ?? 0) * (vectors[j]?.[k] ?? 0),
          0,
        )
        expect(made).toBeCloseTo(symmetric[i]?.[j] ?? Number.NaN, 9)
      }
    }
  })
})
