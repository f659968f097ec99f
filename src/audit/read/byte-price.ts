import { Buffer } from 'node:buffer'

const MINUS = 45
const DOT = 46
const ZERO = 48
const NINE = 57

/** Which mark of a column's prices begins the decimals, where a single value leaves it open. */
export type DecimalMark = 'point' | 'comma'

/** More digits than this carry no money. */
const MOST_DIGITS = 15

/** `null`: the field says in words that there is no price. NaN: it is no number. */
export type PriceField = number | null

/** `**` is a call, and slow */
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, i) => 10 ** i)

const NO_PRICE: ReadonlySet<string> = new Set([
  '',
  'null',
  'none',
  'nil',
  'nan',
  'na',
  'n/a',
  'undefined',
  '\\n',
  '-',
  '--',
])

/**
 * Reads an amount from bytes as units of the currency, never negative: providers book what they charge as a debit
 * (Twilio's prices are negative).
 *
 * Thousands may be separated by a point, comma, space or apostrophe; a sign or code of a currency may stand around.
 */
export function readPrice(
  bytes: Uint8Array,
  start: number,
  end: number,
  mark: DecimalMark,
): PriceField {
  let mantissa = 0
  let decimals = -1
  let digits = 0
  let i = start
  if (i < end && bytes[i] === MINUS) i++
  for (; i < end; i++) {
    const byte = bytes[i] as number
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + (byte - ZERO)
      digits++
      if (decimals >= 0) decimals++
    } else if (byte === DOT && decimals < 0) decimals = 0
    else break
  }
  // 1.234 in a column with decimal commas is read below
  const open = mark === 'comma' && decimals === 3
  if (i === end && digits > 0 && digits <= MOST_DIGITS && !open)
    return decimals > 0 ? mantissa / (POWERS[decimals] as number) : mantissa
  return readWords(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .toString('utf8', start, end)
      .trim(),
    mark,
  )
}

const LONGEST_WORDS = 64

function readWords(text: string, mark: DecimalMark): PriceField {
  // a field of megabytes is no price, and the patterns below take the square of its length
  if (text.length > LONGEST_WORDS) return Number.NaN
  if (NO_PRICE.has(text.toLowerCase())) return null
  // 5 \u00a2 is not 5 of the currency
  if (text.includes('\u00a2')) return Number.NaN
  const bare = text
    .replace(/[\u200e\u200f\u202a-\u202e]/g, '')
    .replace(/^[("'=]+|[)"']+$/g, '')
    .replace(/^[+\-\u2212]?\s*(?:\p{L}{1,4}\.?\s?)?\p{Sc}?\s*/u, '')
    .replace(/\s*(?:\p{Sc}|\p{L}{2,4}\.?)$/u, '')
    .replace(/^[+\-\u2212]/, '')
  if (/^\d+(?:\.\d+)?e[+-]?\d{1,2}$/i.test(bare)) return Number(bare)
  const plain = bare.replace(/(?<=\d)[\s'\u2019\u00a0\u202f](?=\d{3}(?!\d))/g, '')
  if (!/^(?:\d[\d.,]*|[.,]\d+)$/.test(plain)) return Number.NaN
  const decimal = decimalOf(plain, mark)
  const [whole = '', ...fraction] = decimal === '' ? [plain] : plain.split(decimal)
  if (fraction.length > 1) return Number.NaN
  const groups = whole.split(/[.,]/)
  if (groups.slice(1).some((group) => group.length !== 3) || /[.,]/.test(fraction[0] ?? ''))
    return Number.NaN
  return Number(`${groups.join('')}.${fraction[0] ?? '0'}`)
}

/** The mark that begins the decimals of one value, '' where it has none. */
function decimalOf(text: string, mark: DecimalMark): '' | '.' | ',' {
  const point = text.lastIndexOf('.')
  const comma = text.lastIndexOf(',')
  if (point === -1 && comma === -1) return ''
  if (point !== -1 && comma !== -1) return point > comma ? '.' : ','
  const only = point === -1 ? ',' : '.'
  if (text.indexOf(only) !== text.lastIndexOf(only)) return ''
  if (proves(text)) return only
  return only === (mark === 'comma' ? ',' : '.') ? only : ''
}

/** Whether a value with one kind of mark can only mean decimals: no thousands look like 0,075 or 12,5. */
const proves = (text: string): boolean => {
  const [whole = '', fraction = ''] = text.split(/[.,]/)
  return fraction.length !== 3 || /^0*$/.test(whole) || whole.length > 3
}

/** The decimal mark of a column, from some of its values. */
export function decimalMarkOf(values: readonly string[]): DecimalMark {
  const comma = values.some((value) => {
    const text = value.replace(/[^\d.,]/g, '')
    const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','))
    if (last === -1 || text[last] !== ',') return false
    if (text.includes('.')) return true
    return text.indexOf(',') === last && proves(text)
  })
  return comma ? 'comma' : 'point'
}

export const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

/** Signs that are of one currency only; the longer before those that they hold. */
const SIGNS = Object.entries({
  ...{ US$: 'USD', R$: 'BRL', NZ$: 'NZD', HK$: 'HKD', A$: 'AUD', C$: 'CAD', S$: 'SGD' },
  ...{
    '€': 'EUR',
    '£': 'GBP',
    '₹': 'INR',
    '₦': 'NGN',
    '₵': 'GHS',
    '₽': 'RUB',
    '₺': 'TRY',
    '₱': 'PHP',
  },
  ...{
    '₫': 'VND',
    '₩': 'KRW',
    '₴': 'UAH',
    '₪': 'ILS',
    '฿': 'THB',
    '৳': 'BDT',
    '₸': 'KZT',
    zł: 'PLN',
  },
})

/** Currency in a price's own text, such as `EUR 0.05` or `£0.03`; '' where it names none. A bare `$` says nothing. */
export function currencyIn(text: string): string {
  const code = /(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])/.exec(text)?.[0].toUpperCase()
  if (code !== undefined && CURRENCIES.has(code)) return code
  return SIGNS.find(([sign]) => text.includes(sign))?.[1] ?? ''
}

/** Codes that are words in the name of a column as well: `cost_all`. */
const WORDS: ReadonlySet<string> = new Set(['ALL', 'TOP', 'TRY'])

/** Currency that the name of a column of prices ends in, such as `price_eur`, `Cost (USD)` or `PriceInUSD`; '' for none. */
export function currencyOfName(name: string): string {
  const code =
    /(?:[^A-Za-z]|[a-z](?=[A-Z]))([A-Za-z]{3})[)\]]?$/.exec(name.trim())?.[1]?.toUpperCase() ?? ''
  return CURRENCIES.has(code) && !WORDS.has(code) ? code : ''
}
