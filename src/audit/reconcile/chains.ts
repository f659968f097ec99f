/** Rows of equal key, one after the other. */
export interface Chains {
  /** first row of a key; -1: none */
  first(key: number): number
  /** The first row of the key is done with: the next one takes its place. */
  drop(key: number): void
  /** next row of the same key, per row; -1: it is the last */
  next: Int32Array
}

/**
 * An index over a column, in 12 bytes a slot: a Map of ten million numbers takes ten times as much.
 * @param rows last first: chains run the other way
 */
export function chainsOf(keys: Float64Array, rows: Uint32Array): Chains {
  const slots = 2 ** Math.ceil(Math.log2(1.5 * rows.length + 16))
  const mask = slots - 1
  const keyOf = new Float64Array(slots)
  // row + 1; 0: free, -1: a key whose rows are all done with
  const head = new Int32Array(slots)
  const next = new Int32Array(keys.length).fill(-1)

  function slotOf(key: number): number {
    const mixed = Math.imul(
      (key | 0) ^ Math.imul(Math.floor(key / 2 ** 32), 0x85ebca6b),
      0x9e3779b1,
    )
    let slot = (mixed ^ (mixed >>> 15)) & mask
    while (head[slot] !== 0 && keyOf[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  for (const row of rows) {
    const key = keys[row] as number
    const slot = slotOf(key)
    const before = head[slot] as number
    keyOf[slot] = key
    next[row] = before > 0 ? before - 1 : -1
    head[slot] = row + 1
  }
  return {
    next,
    first: (key) => Math.max(-1, (head[slotOf(key)] as number) - 1),
    drop(key) {
      const slot = slotOf(key)
      const row = (head[slot] as number) - 1
      if (row < 0) return
      const following = next[row] as number
      head[slot] = following === -1 ? -1 : following + 1
    },
  }
}
