import type { Random } from '../random.js'

/** A figure and the interval that resampling of its seeds gives. */
export interface Estimate {
  value: number
  /** 2.5 % and 97.5 % of the resampled values */
  low: number
  high: number
}

const RESAMPLES = 2_000

/**
 * Percentile bootstrap over seeds (Efron 1979). The same draws of seeds serve every contender, so a difference between
 * two of them is paired. @param figure of a draw of seeds, with repetition
 */
export function bootstrap(
  seeds: readonly number[],
  figure: (seeds: readonly number[]) => number,
  random: Random,
  resamples = RESAMPLES,
): Estimate {
  const value = figure(seeds)
  if (seeds.length < 2) return { value, low: value, high: value }
  const draws = Array.from({ length: resamples }, () =>
    figure(Array.from(seeds, () => random.pick(seeds))),
  ).sort((a, b) => a - b)
  const at = (share: number): number =>
    draws[Math.min(draws.length - 1, Math.floor(share * draws.length))] as number
  return { value, low: at(0.025), high: at(0.975) }
}
