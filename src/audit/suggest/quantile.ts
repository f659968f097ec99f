/**
 * The value that a share of the others do not exceed: linear between order statistics (type 7 of Hyndman and Fan 1996).
 * @param sorted ascending @param share 0 to 1 @returns 0 for none
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return 0
  const place = share * (sorted.length - 1)
  const low = sorted[Math.floor(place)] as number
  const high = sorted[Math.ceil(place)] as number
  return low + (place - Math.floor(place)) * (high - low)
}
