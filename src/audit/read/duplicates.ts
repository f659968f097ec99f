import type { MessageLog } from '../message-log.js'

/** Rows looked at together: what is held of them fits into the second-level cache. */
const TOGETHER = 4096
const MOST_PARTS = 1 << 14

/**
 * Finds rows that are the same message: the same id and number, or without ids the same number, time and price (where no
 * digit is masked: sequential numbers of one block in one second are no duplicates). Times of whole minutes say less: what
 * counts there is for whoever asks to know.
 *
 * Rows are first put into parts by their hash, so that each part is searched within the cache of the processor: a table
 * over a whole log costs a miss of the cache a row, which is more than reading it.
 *
 * @param onDuplicate is told of each row that repeats an earlier one, `first`
 */
export function findDuplicates(
  log: MessageLog,
  onDuplicate: (row: number, first: number) => void,
): void {
  const { size } = log
  const { id, number, at, priceMicro, masked } = log.columns
  let bits = 0
  while (1 << bits < MOST_PARTS && size > TOGETHER << bits) bits++
  const shift = 32 - bits
  const partOf = (hash: number): number => (bits === 0 ? 0 : hash >>> shift)

  const hashOf = (row: number): number => {
    const key = id[row] as number
    const other = key !== 0 ? key : (at[row] as number) + ((priceMicro[row] as number) || 0)
    const to = number[row] as number
    let hash = Math.imul(other | 0, 0x9e3779b1) ^ (other / 4_294_967_296)
    hash ^= Math.imul(to | 0, 0x27d4eb2f) ^ Math.imul((to / 4_294_967_296) | 0, 0x165667b1)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b)
    return (hash ^ (hash >>> 16)) >>> 0
  }

  const ends = new Uint32Array((1 << bits) + 1)
  const hashes = new Uint32Array(size)
  for (let row = 0; row < size; row++) {
    const hash = hashOf(row)
    hashes[row] = hash
    const part = partOf(hash) + 1
    ends[part] = (ends[part] as number) + 1
  }
  for (let part = 1; part < ends.length; part++)
    ends[part] = (ends[part] as number) + (ends[part - 1] as number)
  const rows = new Uint32Array(size)
  const sorted = new Uint32Array(size)
  for (let row = 0; row < size; row++) {
    const hash = hashes[row] as number
    const part = partOf(hash)
    const place = ends[part] as number
    rows[place] = row
    sorted[place] = hash
    ends[part] = place + 1
  }

  const same = (a: number, b: number): boolean =>
    id[a] === id[b] &&
    number[a] === number[b] &&
    (id[a] !== 0 ||
      (at[a] === at[b] &&
        masked[a] === 0 &&
        masked[b] === 0 &&
        Object.is(priceMicro[a], priceMicro[b])))

  let slots = new Uint32Array(0)
  let from = 0
  for (let part = 0; part < 1 << bits; part++) {
    const to = ends[part] as number
    let wide = 16
    while (wide < (to - from) * 2) wide *= 2
    if (slots.length < wide) slots = new Uint32Array(wide)
    else slots.fill(0, 0, wide)
    for (let place = from; place < to; place++) {
      const hash = sorted[place] as number
      let slot = hash & (wide - 1)
      for (;;) {
        const known = slots[slot] as number
        if (known === 0) {
          slots[slot] = place + 1
          break
        }
        const row = rows[place] as number
        const first = rows[known - 1] as number
        if (sorted[known - 1] === hash && same(first, row)) {
          onDuplicate(row, first)
          break
        }
        slot = (slot + 1) & (wide - 1)
      }
    }
    from = to
  }
}
