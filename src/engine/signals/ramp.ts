/** Rises in a straight line from 0 at `from` to 1 at `to`; how a measure becomes a strength. */
export function ramp(x: number, from: number, to: number): number {
  const y = (x - from) / (to - from)
  return y > 0 ? (y < 1 ? y : 1) : 0
}
