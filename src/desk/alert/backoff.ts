import { HOUR, MINUTE, SECOND } from '../../engine/units.js'

const FIRST_MS = 5 * SECOND
const LONGEST_MS = 30 * MINUTE
/** A message older than this is given up, ms: what was pressing then is history. */
export const GIVE_UP_MS = 72 * HOUR

/**
 * Time until the next attempt: doubles from 5 s to 30 min, each between half of it and all of it, so that messages that
 * failed together do not come back together.
 * @param attempts failed so far, 1 or more @param random [0, 1)
 */
export function backoffMs(attempts: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  return Math.round(whole * (0.5 + random / 2))
}
