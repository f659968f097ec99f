/**
 * A message log in columns: what every reader writes and the analysis reads. Some 40 bytes a message, so that ten
 * million of them fit in half a gigabyte; strings are kept once.
 */

import { Buffer } from 'node:buffer'

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
  let last = ''
  let lastPlace = 0
  return {
    words,
    place(word: string): number {
      if (word === last) return lastPlace
      let place = places.get(word)
      if (place === undefined) {
        if (words.length >= capacity) return 0
        place = words.push(word) - 1
        places.set(word, place)
      }
      last = word
      lastPlace = place
      return place
    },
  }
}

/** 53 bits of an id. Two of ten million ids share one with a chance of 1 in 180. */
export function idHash(text: string): number {
  const bytes = Buffer.from(text)
  return idHashBytes(bytes, 0, bytes.length)
}

/**
 * {@link idHash} of bytes, without making a string of them: two lanes of multiply and shift over four bytes at a time, mixed
 * as in MurmurHash3 (public domain).
 */
export function idHashBytes(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return 0
  let a = 0xdeadbeef ^ (end - start)
  let b = 0x41c6ce57
  let i = start
  for (; i + 3 < end; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24)
    a = Math.imul(a ^ word, 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b ^ word, 0x5f356495)
    b ^= b >>> 13
  }
  for (; i < end; i++) {
    a = Math.imul(a ^ (bytes[i] as number), 0x9e3779b1)
    b = Math.imul(b ^ (bytes[i] as number), 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  b = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}

/** @param capacity messages to make room for at once; memory is only taken when they come */
export function createMessageLog(capacity = FIRST) {
  let size = 0
  let columns = numeric(Math.max(FIRST, capacity))
  const currencies = createWords(255)
  const errors = createWords(65_535)
  const ips = createWords(5_000_000)
  let billedIn = ''

  function grow(wanted = 0): void {
    const wider = numeric(Math.max(wanted, columns.at.length * 2))
    for (const name of Object.keys(columns) as (keyof Columns)[])
      wider[name].set(columns[name].subarray(0, size))
    columns = wider
  }

  function write(message: Omit<Message, 'id'>, id: number): void {
    if (size === columns.at.length) grow()
    columns.at[size] = message.at
    columns.number[size] = message.number
    columns.priceMicro[size] = message.priceMicro
    columns.id[size] = id
    columns.masked[size] = message.masked
    columns.segments[size] = Math.min(255, message.segments)
    columns.status[size] = message.status
    columns.outcome[size] = message.outcome
    columns.currency[size] = currencies.place(message.currency)
    columns.error[size] = errors.place(message.error)
    columns.ip[size] = ips.place(message.ip)
    size++
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
    /** the one currency of its prices, ISO 4217; '' where nobody named one */
    get billedIn(): string {
      return billedIn === '' ? (currencies.words[1] ?? '') : billedIn
    },
    set billedIn(currency: string) {
      billedIn = currency
    },
    errors: errors.words as readonly string[],
    ips: ips.words as readonly string[],
    add(message: Message): void {
      write(message, idHash(message.id))
    },
    /** {@link add} for who has the hash of the id and not its text. @param id {@link idHash}, 0: none */
    addHashed(message: Omit<Message, 'id'>, id: number): void {
      write(message, id)
    },
    /** Room for this many messages without copying. */
    reserve(capacity: number): void {
      while (columns.at.length < capacity) grow(capacity)
    },
    /** Drops what is not to be kept; the order stays. */
    retain(keep: (row: number) => boolean): void {
      const rows = new Uint32Array(size)
      let kept = 0
      for (let row = 0; row < size; row++) if (keep(row)) rows[kept++] = row
      for (const column of Object.values(columns)) {
        for (let to = 0; to < kept; to++) column[to] = column[rows[to] as number] as number
      }
      size = kept
    },
  }
}

export type MessageLog = ReturnType<typeof createMessageLog>
