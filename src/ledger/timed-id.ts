/** What rows are called by, beside who made them and when: requests, verifications, messages. */
export type IdPrefix = 'dec' | 'ver' | 'msg'

const TIME_DIGITS = 12
const RANDOM_BYTES = 10
const SHAPE = new RegExp(`^[a-z]{3}_[0-9a-f]{${TIME_DIGITS + 2 * RANDOM_BYTES}}$`)

/**
 * 32 hex digits behind the prefix: the time, so that ids ascend and the ledger's indexes are written at their end,
 * and 80 random bits, so that none can be guessed.
 * @param random source of cryptographically secure bytes
 */
export const timedId = (prefix: IdPrefix, at: number, random: (bytes: number) => Buffer): string =>
  `${firstId(prefix, at)}${random(RANDOM_BYTES).toString('hex')}`

/** Ids of this time and later begin so, or come after it in the order of bytes. @param at Unix ms, not before 1970 */
export const firstId = (prefix: IdPrefix, at: number): string =>
  `${prefix}_${Math.max(0, Math.floor(at)).toString(16).padStart(TIME_DIGITS, '0')}`

/** When an id was made, Unix ms; `null` for one that was not made here. */
export function timeOf(id: string): number | null {
  return SHAPE.test(id) ? Number.parseInt(id.slice(4, 4 + TIME_DIGITS), 16) : null
}
