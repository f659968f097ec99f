/**
 * How much is under way, and when nothing is. A Set of the promises would cost more than what they do: each of its
 * tables, once old, keeps alive what the next ones held until all memory is looked through.
 */
export class Outstanding {
  #count = 0
  #waiting: (() => void)[] = []

  begin(): void {
    this.#count++
  }

  end(n = 1): void {
    this.#count -= n
    if (this.#count > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Nothing is under way. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
