/**
 * Sequential test of "conversion fell", with predictive (beta-binomial) laws on both sides. A null of a fixed
 * conversion had 68 to 184 times its nominal false alarms when blocks differ mildly (concentration 20); the
 * predictive null keeps it, since it learns the block's own conversion as it goes. `exp` of the sum of the log
 * ratios is a nonnegative martingale under the null, so P(ever above 1/alpha) <= alpha (Ville).
 */

/** A Beta law of a range's conversion: its mean and how many sessions it is worth. */
export interface ConversionLaw {
  mean: number
  concentration: number
}

const MIN_P = 1e-4

const clampP = (p: number): number => Math.min(1 - MIN_P, Math.max(MIN_P, p))

/** Probability that the next session verifies, after `verified` of `sessions` did. */
export const predict = (law: ConversionLaw, verified: number, sessions: number): number =>
  clampP((law.concentration * law.mean + verified) / (law.concentration + sessions))

/** A narrow range under attack: Beta(1, 19), a twentieth verifies. */
export const PUMPED: ConversionLaw = { mean: 0.05, concentration: 20 }

/** A wide range under attack holds people too: half of its usual conversion is left. */
export const halved = (p: number): ConversionLaw => ({ mean: p / 2, concentration: 20 })

/** Log-likelihood ratio of one more outcome, natural log: positive speaks for the attack. */
export function logRatio(
  success: boolean,
  verified: number,
  sessions: number,
  usual: ConversionLaw,
  attacked: ConversionLaw,
): number {
  const q = predict(usual, verified, sessions)
  const a = predict(attacked, verified, sessions)
  return success ? Math.log(a / q) : Math.log((1 - a) / (1 - q))
}

/** Conversion of a child, shrunk to its parent's by the concentration between siblings. */
export const shrink = (
  parent: number,
  concentration: number,
  verified: number,
  sessions: number,
): number => (concentration * parent + verified) / (concentration + sessions)

/** Kullback-Leibler divergence of two Bernoulli laws, nats. */
export const divergence = (p1: number, p0: number): number =>
  (p1 <= 0 ? 0 : p1 * Math.log(p1 / p0)) + (p1 >= 1 ? 0 : (1 - p1) * Math.log((1 - p1) / (1 - p0)))

/** Wald's expected number of outcomes until a test of level `alpha` flags a range that converts at p1 instead of p0. */
export const expectedSampleSize = (alpha: number, p1: number, p0: number): number =>
  Math.log(1 / alpha) / divergence(p1, p0)
