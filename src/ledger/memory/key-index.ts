/** Entries by a key that several share, in order of writing. */
export class KeyIndex<T> {
  readonly #byKey = new Map<string, Set<T>>()

  add(key: string, entry: T): void {
    const entries = this.#byKey.get(key)
    if (entries === undefined) this.#byKey.set(key, new Set([entry]))
    else entries.add(entry)
  }

  remove(key: string, entry: T): void {
    const entries = this.#byKey.get(key)
    entries?.delete(entry)
    if (entries?.size === 0) this.#byKey.delete(key)
  }

  /** Takes all of a key out. */
  take(key: string): T[] {
    const entries = this.of(key)
    this.#byKey.delete(key)
    return entries
  }

  of(key: string): T[] {
    return [...(this.#byKey.get(key) ?? [])]
  }
}
