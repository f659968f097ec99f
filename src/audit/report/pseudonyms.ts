import { createHmac } from 'node:crypto'
import type { AuditResult } from '../audit-result.js'

/** Hexadecimal digits of a pseudonym: 64 bits, so that no two of a billion numbers are likely to share one. */
const DIGITS = 16
/** A number as the readers mask it in examples, and any run of digits as long as a number. */
const NUMBERS = /\+?\d{2,}[xX*•]+\d*|\+?\d{8,}/g
const HIDDEN = '(number)'

/** Names numbers without telling them. The same key gives the same names. */
export interface Pseudonyms {
  /** @param number digits of the E.164 number */
  of(number: number): string
}

/**
 * Keyed, for there are so few numbers that a bare hash of one is found by trying them all (GDPR recital 26; ENISA,
 * Pseudonymisation techniques and best practices, 2019, section 5).
 */
export function createPseudonyms(key: Buffer): Pseudonyms {
  return {
    of: (number) =>
      `n-${createHmac('sha256', key).update(String(number)).digest('hex').slice(0, DIGITS)}`,
  }
}

const without = (text: string): string => text.replace(NUMBERS, HIDDEN)

/**
 * The result with pseudonyms for numbers, whole or masked. Ranges stay: they are of a thousand numbers or more.
 * @param wholeNumbers those behind `topNumbers`, in its order
 */
export function pseudonymised(
  result: AuditResult,
  wholeNumbers: readonly number[],
  pseudonyms: Pseudonyms,
): AuditResult {
  return {
    ...result,
    files: result.files.map((file) => ({ ...file, path: without(file.path) })),
    skipped: result.skipped.map((left) => ({ ...left, examples: left.examples.map(without) })),
    topNumbers: result.topNumbers.map((top, i) => {
      const number = wholeNumbers[i]
      return { ...top, number: number === undefined ? HIDDEN : pseudonyms.of(number) }
    }),
  }
}
