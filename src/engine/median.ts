/** Middle value; 0 for none. Sorts its argument. */
export function median(values: number[]): number {
  if (values.length === 0) return 0
  values.sort((a, b) => a - b)
  const middle = values.length >> 1
  const high = values[middle] ?? 0
  return values.length % 2 === 1 ? high : ((values[middle - 1] ?? 0) + high) / 2
}
