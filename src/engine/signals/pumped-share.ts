/** Messages of prior evidence with which conversion is shrunk to the baseline (beta-binomial predictive). */
const PRIOR_MESSAGES = 20
/** Conversion under attack that the test looks for: p/4, at least 5 %. */
const ATTACKED = (p: number): number => Math.max(0.05, p / 4)

/** Shrunk conversion of a range or source: q = (k p + S) / (k + N). */
const shrunkConversion = (verified: number, lost: number, p: number): number =>
  (PRIOR_MESSAGES * p + verified) / (PRIOR_MESSAGES + verified + lost)

/** Share of the sends that must have been pumped for them to convert as they do: 1 - q/p. */
export const pumpedShare = (verified: number, lost: number, p: number): number =>
  Math.max(0, 1 - shrunkConversion(verified, lost, p) / p)

/** Log-likelihood ratio of "conversion fell to p/4" against the baseline. */
export function conversionFell(verified: number, lost: number, p: number): number {
  const p1 = ATTACKED(p)
  return verified * Math.log(p1 / p) + lost * Math.log((1 - p1) / (1 - p))
}
