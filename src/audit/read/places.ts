/** Places of numbers, as a Map would keep them, in 12 bytes a slot. Keys are positive; one put twice has the last place. */
export function createPlaces(count: number) {
  let size = 16
  while (size < count * 2) size *= 2
  const keys = new Float64Array(size)
  const values = new Int32Array(size)

  function slotOf(key: number): number {
    let hash = Math.imul(key | 0, 0x9e3779b1) ^ (key / 4_294_967_296)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    let slot = (hash ^ (hash >>> 13)) & (size - 1)
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (size - 1)
    return slot
  }

  return {
    put(key: number, place: number): void {
      const slot = slotOf(key)
      keys[slot] = key
      values[slot] = place
    },
    /** -1: none */
    get(key: number): number {
      const slot = slotOf(key)
      return keys[slot] === 0 ? -1 : (values[slot] as number)
    },
  }
}
