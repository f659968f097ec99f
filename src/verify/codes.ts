import { createHmac, timingSafeEqual } from 'node:crypto'

/** Codes kept valid at once: the newest and the one before, so that a message overtaken by its resend still works. */
const VALID_CODES = 2

/**
 * A code of `digits` decimal digits, uniform: bytes are drawn until they fall in a range that divides evenly.
 * @param digits 4 to 10
 */
export function drawCode(digits: number, random: (bytes: number) => Buffer): string {
  const codes = 10 ** digits
  // 48 bits hold 10 digits with room; values over the largest multiple would favour small codes
  const bound = Math.floor(2 ** 48 / codes) * codes
  for (;;) {
    const value = random(6).readUIntBE(0, 6)
    if (value < bound) return String(value % codes).padStart(digits, '0')
  }
}

/** HMAC-SHA-256 over verification and code: equal codes of two verifications do not look equal at rest. */
export const hashCode = (secret: Buffer, verificationId: string, code: string): string =>
  createHmac('sha256', secret).update(`${verificationId}|${code}`).digest('base64url')

/** Adds a code to those kept for a verification. */
export const addCode = (kept: string | null, hash: string): string =>
  [hash, ...(kept === null ? [] : kept.split(','))].slice(0, VALID_CODES).join(',')

/**
 * Takes back a code that never left: what was kept before it was added is kept again, beside what came since. An
 * application gives its own code again with a resend: that one may have been out before.
 */
export function takeBackCode(
  kept: string | null,
  hash: string,
  before: string | null,
): string | null {
  const earlier = before?.split(',') ?? []
  const since = kept?.split(',').filter((each) => each !== hash) ?? []
  const left = [...new Set([...since, ...earlier])].slice(0, VALID_CODES)
  return left.length === 0 ? null : left.join(',')
}

/** Compared with where no code is out. No hash has these characters. */
const NO_CODE = '.'.repeat(43)

/**
 * Constant-time: as many hashes are compared in full as could be kept, whichever matches and whether or not any is kept.
 * Whoever measures answers learns neither how much of a code was right nor whether there was one.
 */
export function codeMatches(kept: string | null, hash: string): boolean {
  const known = kept === null ? [] : kept.split(',')
  const given = Buffer.from(hash)
  let match = false
  for (let i = 0; i < VALID_CODES; i++) {
    const one = Buffer.from(known[i] ?? NO_CODE)
    if (one.length === given.length && timingSafeEqual(one, given)) match = true
  }
  return match
}

/** 4 to 10 decimal digits. */
export const isCode = (text: string): boolean => /^[0-9]{4,10}$/.test(text)
