import { HOUR, MINUTE, SECOND } from '../../engine/units.js'

const FIRST_MS = 5 * SECOND
const LONGEST_MS = 30 * MINUTE
/** A message older than this is given up, ms: what was pressing then is history. */
export const GIVE_UP_MS = 72 * HOUR

/** A sink that asks to be left alone is left alone for so long at most, ms: what it is told of is pressing. */
export const MOST_RETRY_AFTER_MS = HOUR

/**
 * Time until the next attempt: doubles from 5 s to 30 min, each between half of it and all of it, so that messages that
 * failed together do not come back together.
 * @param attempts failed so far, 1 or more @param random [0, 1) @param askedMs for how long the sink asked to be left alone
 */
export function backoffMs(attempts: number, random: number, askedMs = 0): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  return Math.max(Math.round(whole * (0.5 + random / 2)), Math.min(askedMs, MOST_RETRY_AFTER_MS))
}
