import { setTimeout as pause } from 'node:timers/promises'
import { LedgerError } from '../port.js'
import { asLedgerError } from './faults.js'

/**
 * How long SQLite itself waits for a lock, ms: it blocks the whole process, so hardly at all. The rest of the time is
 * waited out here, where other requests go on.
 */
export const SPIN_MS = 5
const PAUSE_MS = 20

/** Runs database work. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs work again while another process holds the lock, for about `totalMs`, and turns faults of the store into
 * LedgerError.
 */
export function locksAndFaults(file: string, totalMs: number): Attempt {
  return async (work) => {
    for (let waited = 0; ; waited += SPIN_MS + PAUSE_MS) {
      try {
        return await work()
      } catch (cause) {
        const error = asLedgerError(cause, file)
        const locked = error instanceof LedgerError && error.fault === 'locked'
        if (!locked || waited >= totalMs) throw error
      }
      await pause(PAUSE_MS)
    }
  }
}
