import { createHmac } from 'node:crypto'
import type { AuditResult } from '../audit-result.js'
import type { MessageLog } from '../message-log.js'

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

/** The whole numbers behind masked ones: of those that look alike, one with as many messages. */
function behind(log: MessageLog, top: AuditResult['topNumbers']): Map<string, number> {
  const entries = top.map(({ number, messages }) => {
    const [open = ''] = number.slice(1).split('x')
    return { number, messages, open, end: Number(number.slice(-4)) }
  })
  const ends = new Set(entries.map(({ end }) => end))
  const counts = new Map<number, number>()
  const { number } = log.columns
  for (let row = 0; row < log.size; row++) {
    const value = number[row] as number
    if (!ends.has(value % 10_000)) continue
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const found = new Map<string, number>()
  for (const [value, messages] of counts) {
    const digits = String(value)
    const entry = entries.find(
      (e) => e.messages === messages && e.end === value % 10_000 && digits.startsWith(e.open),
    )
    if (entry !== undefined) found.set(`${entry.number} ${entry.messages}`, value)
  }
  return found
}

const without = (text: string): string => text.replace(NUMBERS, HIDDEN)

/** The result with pseudonyms for numbers, whole or masked. Ranges stay: they are of a thousand numbers or more. */
export function pseudonymised(
  result: AuditResult,
  log: MessageLog,
  pseudonyms: Pseudonyms,
): AuditResult {
  const numbers = behind(log, result.topNumbers)
  return {
    ...result,
    files: result.files.map((file) => ({ ...file, path: without(file.path) })),
    skipped: result.skipped.map((left) => ({ ...left, examples: left.examples.map(without) })),
    topNumbers: result.topNumbers.map((top) => {
      const number = numbers.get(`${top.number} ${top.messages}`)
      return { ...top, number: number === undefined ? HIDDEN : pseudonyms.of(number) }
    }),
  }
}
