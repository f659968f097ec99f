/**
 * e-Benjamini-Hochberg (Wang and Ramdas 2022): of N hypotheses flag the k largest e-values where the k-th is at least
 * N / (q k), for the largest such k. Holds the false discovery rate q under any dependence, so that a range and its
 * parent may both be tested.
 * @param evidence log e-values of those worth looking at, natural log, descending; the rest of the N count as below
 * @returns how many from the front are flagged
 */
export function flagged(evidence: readonly number[], active: number, rate: number): number {
  for (let k = evidence.length; k > 0; k--) {
    if ((evidence[k - 1] as number) >= Math.log(active / (rate * k))) return k
  }
  return 0
}
