const DIGIT = 65_536

/**
 * Rows by time, earliest first, rows of one millisecond as they came: a radix sort of three 16-bit digits (8,900
 * years), linear, and no pass at all for a log that is in order already.
 * @param at Unix ms, whole or not
 */
export function timeOrder(at: Float64Array, size: number): Uint32Array {
  const order = new Uint32Array(size)
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  let sorted = true
  let before = Number.NEGATIVE_INFINITY
  for (let row = 0; row < size; row++) {
    const time = at[row] as number
    order[row] = row
    if (time < before) sorted = false
    before = time
    if (time < least) least = time
    if (time > most) most = time
  }
  if (sorted) return order
  let from: Uint32Array = order
  let to: Uint32Array = new Uint32Array(size)
  const counts = new Uint32Array(DIGIT + 1)
  for (let unit = 1; unit <= most - least; unit *= DIGIT) {
    counts.fill(0)
    for (let row = 0; row < size; row++) {
      const digit = (((at[row] as number) - least) / unit) & (DIGIT - 1)
      counts[digit + 1] = (counts[digit + 1] as number) + 1
    }
    for (let d = 0; d < DIGIT; d++)
      counts[d + 1] = (counts[d + 1] as number) + (counts[d] as number)
    for (let i = 0; i < size; i++) {
      const row = from[i] as number
      const digit = (((at[row] as number) - least) / unit) & (DIGIT - 1)
      const place = counts[digit] as number
      counts[digit] = place + 1
      to[place] = row
    }
    const spare = from
    from = to
    to = spare
  }
  return from
}
