/**
 * A message log in columns: what every reader writes and the analysis reads. Some 40 bytes a message, so that ten
 * million of them fit in half a gigabyte; strings are kept once.
 */

/** What the provider says of a message. */
export const STATUS = { unknown: 0, sent: 1, delivered: 2, failed: 3 } as const
export type Status = (typeof STATUS)[keyof typeof STATUS]

/** Whether its code was entered. `unknown`: the log does not say, and no file of outcomes did. */
export const OUTCOME = { unknown: 0, verified: 1, unverified: 2 } as const
export type Outcome = (typeof OUTCOME)[keyof typeof OUTCOME]

/** One message as a reader gives it; the object may be reused for the next one. */
export interface Message {
  /** Unix ms */
  at: number
  /** digits of the E.164 number as an integer; masked digits are 0 */
  number: number
  /** how many of its last digits are masked, 0 to 9 */
  masked: number
  /** price of all its segments in millionths of the currency, never negative; NaN where the log has none */
  priceMicro: number
  /** ISO 4217, '' where the log has none */
  currency: string
  /** 1 to 255 */
  segments: number
  status: Status
  outcome: Outcome
  /** the provider's id, '' where there is none */
  id: string
  /** provider's error code, '' where there is none */
  error: string
  /** IP address of whoever asked, '' where the log has none */
  ip: string
}

const FIRST = 65_536

const numeric = (size: number) => ({
  at: new Float64Array(size),
  number: new Float64Array(size),
  priceMicro: new Float64Array(size),
  /** 53-bit hash of the provider's id; 0: none */
  id: new Float64Array(size),
  masked: new Uint8Array(size),
  segments: new Uint8Array(size),
  status: new Uint8Array(size),
  outcome: new Uint8Array(size),
  /** places in `currencies`, `errors`, `ips`; 0: '' */
  currency: new Uint8Array(size),
  error: new Uint16Array(size),
  ip: new Uint32Array(size),
})

export type Columns = ReturnType<typeof numeric>

/** Strings kept once; beyond `capacity` of them the rest reads ''. */
function createWords(capacity: number) {
  const words: string[] = ['']
  const places = new Map<string, number>([['', 0]])
  return {
    words,
    place(word: string): number {
      const known = places.get(word)
      if (known !== undefined) return known
      if (words.length >= capacity) return 0
      words.push(word)
      places.set(word, words.length - 1)
      return words.length - 1
    },
  }
}

/** 53 bits of a string: cyrb53, public domain. Two of ten million ids share one with a chance of 1 in 180. */
export function idHash(text: string): number {
  if (text === '') return 0
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}

export function createMessageLog() {
  let size = 0
  let columns = numeric(FIRST)
  const currencies = createWords(255)
  const errors = createWords(65_535)
  const ips = createWords(5_000_000)

  function grow(): void {
    const wider = numeric(columns.at.length * 2)
    for (const name of Object.keys(columns) as (keyof Columns)[]) wider[name].set(columns[name])
    columns = wider
  }

  return {
    get size(): number {
      return size
    },
    /** Valid up to `size`; another object after the log has grown. */
    get columns(): Columns {
      return columns
    },
    currencies: currencies.words as readonly string[],
    errors: errors.words as readonly string[],
    ips: ips.words as readonly string[],
    add(message: Message): void {
      if (size === columns.at.length) grow()
      columns.at[size] = message.at
      columns.number[size] = message.number
      columns.priceMicro[size] = message.priceMicro
      columns.id[size] = idHash(message.id)
      columns.masked[size] = message.masked
      columns.segments[size] = Math.min(255, message.segments)
      columns.status[size] = message.status
      columns.outcome[size] = message.outcome
      columns.currency[size] = currencies.place(message.currency)
      columns.error[size] = errors.place(message.error)
      columns.ip[size] = ips.place(message.ip)
      size++
    },
  }
}

export type MessageLog = ReturnType<typeof createMessageLog>
