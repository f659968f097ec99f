/**
 * Ranges of addresses as one sorted array of starts with a value each, so that a look-up is one binary search. Equal
 * neighbours are joined; a gap is a start of its own with value 0. Where two ranges overlap (in the data one pair does)
 * the later one begins at its own start. Works on numbers and on bigints.
 */
export class Starts {
  starts = []
  values = []
  #next
  #zero
  #one

  /** @param {0 | 0n} zero the first address */
  constructor(zero) {
    this.#zero = zero
    this.#one = typeof zero === 'bigint' ? 1n : 1
  }

  /** The range from `from` to `to`, both in it. */
  add(from, to, value) {
    if (this.#next === undefined) {
      if (from > this.#zero) this.#push(this.#zero, 0)
    } else if (from <= this.starts.at(-1) || to < this.#next - this.#one) {
      throw new Error(`range at ${from} is nested or out of order: the format of the data changed`)
    } else if (from > this.#next) this.#push(this.#next, 0)
    this.#push(from, value)
    this.#next = to + this.#one
  }

  /** What follows the last range is nobody's. @param limit first address that does not exist */
  close(limit) {
    if (this.#next < limit) this.#push(this.#next, 0)
  }

  #push(start, value) {
    if (this.values.at(-1) === value) return
    this.starts.push(start)
    this.values.push(value)
  }
}

/**
 * IPv6 is kept by /64, the upper half of the address: a /64 has the value of the range that holds its first address. (Of
 * 103,197 ranges 103 begin inside a /64, and nothing looks closer than /64.)
 * @param {Starts} starts @param {bigint} from @param {bigint} to @param {number} value
 */
export function addUpperHalves(starts, from, to, value) {
  const first = (from + 0xffffffffffffffffn) >> 64n
  const last = to >> 64n
  if (first <= last) starts.add(first, last, value)
}

/** The arrays of one table. @param {Starts} v4 @param {Starts} v6 by upper halves @param {(value: number) => number} index */
export function arraysOf(v4, v6, index) {
  return {
    v4Starts: Uint32Array.from(v4.starts),
    v4Values: Uint32Array.from(v4.values, index),
    v6High: Uint32Array.from(v6.starts, (start) => Number(start >> 32n)),
    v6Low: Uint32Array.from(v6.starts, (start) => Number(start & 0xffffffffn)),
    v6Values: Uint32Array.from(v6.values, index),
  }
}
