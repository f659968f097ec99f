/**
 * Remembers the values used last, within a bound: two maps, a young and an old one. A full young map becomes the old
 * one and the old one is dropped, so that neither a look-up nor an eviction ever walks a list, and a flood of keys that
 * are seen once can neither grow it nor stop it.
 */
export class Recent<V> {
  readonly #half: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  /** @param capacity most entries kept, at least 2 */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 2) {
      throw new RangeError(`capacity must be a whole number of at least 2, got ${capacity}`)
    }
    this.#half = capacity >> 1
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: string): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) {
      this.#old.delete(key)
      this.set(key, old)
    }
    return old
  }

  set(key: string, value: V): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
