/** One entry of a log. */
export interface Logged<T> {
  readonly seq: number
  value: T
  gone: boolean
}

/** Fewer holes than this are not worth a copy of the array. */
const MIN_HOLES = 1_000

/** Entries in order of their sequence numbers, which never come twice; taken out anywhere, read from anywhere. */
export class Log<T> {
  #entries: Logged<T>[] = []
  #holes = 0
  #last = 0

  /** The last number handed out, 0 at first; it stays when its entry is taken out. */
  get last(): number {
    return this.#last
  }

  get size(): number {
    return this.#entries.length - this.#holes
  }

  push(value: T): Logged<T> {
    const entry = { seq: ++this.#last, value, gone: false }
    this.#entries.push(entry)
    return entry
  }

  remove(entry: Logged<T>): void {
    if (entry.gone) return
    entry.gone = true
    this.#holes++
    // a walk that is under way keeps the old array
    if (this.#holes > MIN_HOLES && this.#holes * 2 > this.#entries.length) {
      this.#entries = this.#entries.filter((kept) => !kept.gone)
      this.#holes = 0
    }
  }

  /** Oldest first, from the first one past `seq`. */
  *after(seq: number): Generator<Logged<T>> {
    const entries = this.#entries
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((entries[middle]?.seq ?? 0) <= seq) low = middle + 1
      else high = middle
    }
    for (let i = low; i < entries.length; i++) {
      const entry = entries[i]
      if (entry !== undefined && !entry.gone) yield entry
    }
  }

  *newestFirst(): Generator<Logged<T>> {
    const entries = this.#entries
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i]
      if (entry !== undefined && !entry.gone) yield entry
    }
  }
}
