/** Drift of the country mix, seen from one country. */
export interface Drift {
  /** population stability index of the last hours against the usual mix of these hours */
  psi: number
  /** above it the mix has drifted: 1.05 chi-square (99.9 %) over the effective sample */
  threshold: number
  /** this country's share now and usually, 0 to 1 */
  share: number
  usual: number
  /** part of the index that this country's surplus brings, 0 to 1; 0 where it has none */
  part: number
}
