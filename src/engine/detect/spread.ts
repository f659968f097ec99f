/**
 * How much sibling blocks differ: concentration of the Beta law between them, by moments and without a sweep. Two
 * sessions of one block covary by p (1 - p) rho, rho = 1 / (k + 1), so a session against the mean of those before it
 * in its block is an unbiased look at rho; weighted by how well that mean is known.
 */
export interface Spread {
  /** weighted sum of the looks, and of the weights; 1 / sqrt(weight) is the standard error of rho */
  sum: number
  weight: number
}

const MIN_K = 20
const MAX_K = 60
/** Between the clamps, until blocks have spoken. */
const PRIOR_RHO = 1 / 41
/** Weight of the prior: a standard error of 0.01. */
const PRIOR_WEIGHT = 10_000
/** Older looks are halved beyond this. */
const MAX_WEIGHT = 400_000

export const createSpread = (): Spread => ({ sum: 0, weight: 0 })

/** One more session of a block, of which `verified` of `sessions` had verified. @param p usual conversion there */
export function addSession(
  spread: Spread,
  success: boolean,
  verified: number,
  sessions: number,
  p: number,
): void {
  if (sessions < 1) return
  const weight = 1 / (1 / sessions + PRIOR_RHO)
  spread.sum += (weight * ((success ? 1 : 0) - p) * (verified / sessions - p)) / (p * (1 - p))
  spread.weight += weight
  if (spread.weight > MAX_WEIGHT) {
    spread.sum /= 2
    spread.weight /= 2
  }
}

/** Sessions that the parent's conversion is worth as a prior of a child: 20 (blocks differ much) to 60 (hardly). */
export function concentrationOf(spread: Spread): number {
  const rho = (spread.sum + PRIOR_WEIGHT * PRIOR_RHO) / (spread.weight + PRIOR_WEIGHT)
  return rho <= 1 / (MAX_K + 1) ? MAX_K : Math.max(MIN_K, 1 / rho - 1)
}
