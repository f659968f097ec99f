import { median } from '../../engine/median.js'

/** A trend over equally spaced values: slope of Theil and Sen, and the test of Mann and Kendall. */
export interface Slope {
  /** per step: the median of all slopes between two values */
  slope: number
  /** standard normal under no trend, ties allowed for */
  z: number
}

/** Robust: neither is moved by a few odd values (Mann 1945, Kendall 1975; Theil 1950, Sen 1968). */
export function slopeOf(values: readonly number[]): Slope {
  const n = values.length
  const slopes: number[] = []
  let s = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const rise = (values[j] as number) - (values[i] as number)
      s += Math.sign(rise)
      slopes.push(rise / (j - i))
    }
  }
  const ties = new Map<number, number>()
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1)
  let variance = n * (n - 1) * (2 * n + 5)
  for (const t of ties.values()) variance -= t * (t - 1) * (2 * t + 5)
  const deviation = Math.sqrt(variance / 18)
  return { slope: median(slopes), z: deviation > 0 ? (s - Math.sign(s)) / deviation : 0 }
}
