import { MINUTE } from '../engine/units.js'

/** Different failures remembered at most; the one that was told first makes room. */
const REMEMBERED = 100

/**
 * A failure that goes on is told once a minute: jobs meet a lost store several times a second, and their lines would push
 * what happened before it out of a log that is kept by size.
 * @param tell `again`: how often it was met since it was told last
 */
export function seldom(
  tell: (error: Error, again: number) => void,
  clock: () => number,
): (error: Error) => void {
  const told = new Map<string, { at: number; again: number }>()
  return (error) => {
    const now = clock()
    const last = told.get(error.message)
    const age = last === undefined ? MINUTE : now - last.at
    // a clock that was set back silences nothing
    if (last !== undefined && age >= 0 && age < MINUTE) {
      last.again += 1
      return
    }
    told.delete(error.message)
    if (told.size >= REMEMBERED) {
      const [oldest] = told.keys()
      if (oldest !== undefined) told.delete(oldest)
    }
    told.set(error.message, { at: now, again: 0 })
    tell(error, last?.again ?? 0)
  }
}
