import { setImmediate as turn } from 'node:timers/promises'

/**
 * Runs work one after the other, each in a turn of the event loop of its own: a page of the console asks for dozens of
 * sums, and while SQLite reads one the whole process stands still. What came meanwhile is served in between.
 */
export function oneATurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(() => turn()).then(work)
    // its failure is its own
    last = mine.catch(() => undefined)
    return mine
  }
}
