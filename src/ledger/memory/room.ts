import { LedgerError } from '../port.js'
import type { Log, Logged } from './log.js'

/** Rows that must stay are kept up to this many times the capacity; then no more are taken. */
const HARD = 2
/** Share of the capacity that a sweep makes free, so that not every row pays for one. */
const SWEEP = 0.1
/** A sweep that frees nothing costs a pass over the table: not again for so many rows. */
const IDLE_ROWS = 100

/**
 * Keeps a table within its capacity: the oldest rows that may go are dropped. Rows that must stay (reserved credit,
 * open verifications) may exceed it, up to twice; beyond that nothing is taken, for a row dropped there would be money
 * forgotten.
 */
export class Room<T> {
  #sweepAt: number
  /** rows to take or refuse before the next look for rows that may go: the last one found none */
  #skip = 0

  constructor(
    readonly capacity: number,
    readonly log: Log<T>,
    readonly mayGo: (entry: Logged<T>) => boolean,
    readonly drop: (entry: Logged<T>) => void,
  ) {
    this.#sweepAt = capacity
  }

  /** @throws LedgerError 'full' when `count` rows more would pass the hard bound */
  admit(count: number): void {
    const hard = this.capacity * HARD
    if (this.log.size + count > Math.min(this.#sweepAt, hard) && this.#skip-- <= 0) this.#sweep()
    if (this.log.size + count <= hard) return
    throw new LedgerError(
      'full',
      `${this.log.size} rows with reserved credit or open verifications wait in memory: raise its capacity, or keep the ledger in SQLite`,
    )
  }

  #sweep(): void {
    const target = this.capacity * (1 - SWEEP)
    const before = this.log.size
    for (const entry of this.log.after(0)) {
      if (this.log.size <= target) break
      if (this.mayGo(entry)) this.drop(entry)
    }
    this.#skip = this.log.size === before ? IDLE_ROWS : 0
    this.#sweepAt = Math.max(this.capacity, this.log.size + this.capacity * SWEEP)
  }
}
