const PLUS = 43
const ZERO = 48
const NINE = 57
const DOT = 46

/** X x * # ? _ and the bullet of some consoles stand for a digit somebody took out. */
const MASKS: ReadonlySet<number> = new Set([...'Xx*#?_'].map((mark) => mark.charCodeAt(0)))
const WIDE = 0xe2
/** space that does not break, in two bytes: C2 A0 */
const NO_BREAK = 0xc2
/** space ( ) - . / and the quotes, apostrophe and equals sign that keep a spreadsheet from calculating: ="+234..." */
const PUNCTUATION: ReadonlySet<number> = new Set([...' ()-./\'"=\t'].map((c) => c.charCodeAt(0)))

/** E.164 has at most 15 digits; the shortest numbers in use have 7 with their calling code. */
const MOST_DIGITS = 15
const FEWEST_DIGITS = 7
/** With more than this masked not even the country would be left. */
const MOST_MASKED = 9

const OPEN = 40
const CLOSE = 41

/** Spaces, hyphens, and marks of direction, U+2000 to U+2015, U+2028 to U+202F and U+2066 to U+2069: E2 and these. */
const isUnseen = (second: number, third: number): boolean =>
  second === 0x80
    ? third <= 0x95 || (third >= 0xa8 && third <= 0xaf)
    : second === 0x81 && third >= 0xa6 && third <= 0xa9

const kinds = new Uint8Array(256)
const DIGIT = 1
const MASK = 2
const FILL = 3
for (let byte = 0; byte < 256; byte++)
  kinds[byte] =
    byte >= ZERO && byte <= NINE ? DIGIT : MASKS.has(byte) ? MASK : PUNCTUATION.has(byte) ? FILL : 0

/** What a field of a phone number held. One object, reused: read it before the next field. */
export interface NumberField {
  /** digits as an integer, masked ones 0; NaN: no number */
  number: number
  masked: number
  /** began with a plus sign or 00 */
  international: boolean
}

/**
 * Reads a phone number from bytes, whatever its punctuation. From the first masked digit on everything counts as masked:
 * `+23480****12` tells no more of a range than `+23480xxxxxx`.
 */
export function createNumberReader() {
  const field: NumberField = { number: Number.NaN, masked: 0, international: false }

  return (bytes: Uint8Array, start: number, end: number): NumberField => {
    let number = 0
    let digits = 0
    let masked = 0
    let plus = false
    let zeros = 0
    let i = start
    // a column of numbers that went through floating point: 2348031234567.0
    let stop = end
    if (end - start > 8 && bytes[end - 1] === ZERO && bytes[end - 2] === DOT) stop = end - 2
    for (; i < stop; i++) {
      const byte = bytes[i] as number
      const kind = kinds[byte]
      if (kind === DIGIT) {
        // +44 (0)7700 900123: the trunk zero is of calls within the country
        if (byte === ZERO && bytes[i - 1] === OPEN && bytes[i + 1] === CLOSE && digits > 0) continue
        if (masked > 0) masked++
        else {
          if (digits === 0 && byte === ZERO) {
            zeros++
            continue
          }
          number = number * 10 + (byte - ZERO)
        }
        digits++
      } else if (kind === MASK) {
        masked++
        digits++
      } else if (byte === PLUS && digits === 0 && zeros === 0 && !plus) plus = true
      else if (byte === WIDE && i + 2 < stop) {
        if (!isUnseen(bytes[i + 1] as number, bytes[i + 2] as number)) {
          masked++
          digits++
        }
        i += 2
      } else if (byte === NO_BREAK && bytes[i + 1] === 0xa0 && i + 1 < stop) i++
      else if (kind !== FILL) {
        digits = 0
        break
      }
    }
    field.masked = masked
    field.international = plus ? zeros === 0 : zeros >= 2
    const trunk = !plus && zeros === 1
    const fits =
      digits >= FEWEST_DIGITS &&
      digits <= MOST_DIGITS &&
      masked <= MOST_MASKED &&
      masked < digits &&
      !(plus && zeros > 0)
    const value = masked === 0 ? number : number * 10 ** masked
    field.number = fits && !trunk ? value : Number.NaN
    return field
  }
}
