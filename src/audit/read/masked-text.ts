import { maskNumber } from '../../engine/mask.js'

/** At most this much of a stranger's file is repeated. */
const LONGEST = 200

/** `2026-03-01T10:00:00Z`, `01.03.2026 10:00`; nothing longer that only begins so. */
const TIME =
  /^(?:\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?|\d{1,2}[./]\d{1,2}[./]20\d\d(?: \d{1,2}:\d\d(?::\d\d)?)?)$/
const TIME_OR_NUMBER =
  /\d{4}-\d\d-\d\d(?:[T ][\d:.+Z-]+)?|(?<![\d.+(])\d{1,2}[./]\d{1,2}[./]20\d\d(?: \d{1,2}:\d\d(?::\d\d)?)?(?![ ().-]*\d)|\+?\(?\d[\d ().-]{5,}\d/g

/**
 * Text as messages may show it: every run of digits that could be a phone number loses its middle (`+23480******34`).
 * Times keep their digits.
 */
export function maskedText(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(TIME_OR_NUMBER, (run) => {
      if (TIME.test(run)) return run
      const digits = run.replace(/\D/g, '')
      if (digits.length < 7) return run
      return maskNumber(run.startsWith('+') ? `+${digits}` : digits)
    })
}
