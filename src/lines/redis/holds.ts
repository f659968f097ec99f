import type { Query } from '../../engine/state.js'
import type { Hold } from './charging.js'

/** What requests hold that are being decided: at most so many, and mostly a few. A Map of them would grow old with all that passed through it. */
export class Holds {
  readonly #holds: Hold[] = []

  constructor(readonly most: number) {}

  get isFull(): boolean {
    return this.#holds.length >= this.most
  }

  add(hold: Hold): void {
    this.#holds.push(hold)
  }

  take(query: Query): Hold | undefined {
    const at = this.#holds.findIndex(({ asked }) => asked.query === query)
    if (at < 0) return undefined
    const hold = this.#holds[at]
    const last = this.#holds.pop()
    if (last !== undefined && last !== hold) this.#holds[at] = last
    return hold
  }

  /** Those that were asked for before, by the monotonic clock; they hold nothing any more. */
  takeOlder(since: number): Hold[] {
    const old = this.#holds.filter((hold) => hold.since < since)
    for (const { asked } of old) this.take(asked.query)
    return old
  }
}
