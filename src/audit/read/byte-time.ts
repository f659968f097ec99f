import { Buffer } from 'node:buffer'
import type { Zone } from './zone.js'

const ZERO = 48
const COLON = 58
const DAY = 86_400_000

export interface TimeOptions {
  /** for times without an offset */
  zone: Zone
  /** 03/04/2026 is the third of April */
  dayFirst: boolean
}

const MONTHS = new Map(
  'jan feb mar apr may jun jul aug sep oct nov dec'
    .split(' ')
    .map((name, i) => [key3(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)), i + 1]),
)

function key3(a: number, b: number, c: number): number {
  return ((a | 32) << 16) | ((b | 32) << 8) | (c | 32)
}

/** Hours behind UTC: RFC 2822 section 4.3. Other abbreviations mean several zones. */
const ZONES: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  EDT: 4,
  EST: 5,
  CDT: 5,
  CST: 6,
  MDT: 6,
  MST: 7,
  PDT: 7,
  PST: 8,
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 48 && byte <= 57
const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && (byte | 32) >= 97 && (byte | 32) <= 122

/**
 * Reads a time from bytes as Unix ms; NaN: not a time. ISO 8601 and what databases make of it, RFC 2822, dates with
 * slashes, points or names of months, 12-hour clocks, Unix seconds to microseconds.
 */
export function createTimeReader({ zone, dayFirst }: TimeOptions) {
  let bytes: Uint8Array = new Uint8Array(0)
  let at = 0
  let end = 0
  let lastDate = -1
  let lastDay = Number.NaN

  /** digits from `at` on, at most `most` of them; -1: none */
  function digits(most: number): number {
    let value = 0
    const from = at
    while (at < end && at - from < most) {
      const digit = (bytes[at] as number) - ZERO
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    return at === from ? -1 : value
  }

  function skip(marks: string): void {
    while (at < end && marks.includes(String.fromCharCode(bytes[at] as number))) at++
  }

  function day(year: number, month: number, date: number): number {
    const key = year * 10_000 + month * 100 + date
    if (key === lastDate) return lastDay
    const ms = Date.UTC(year, month - 1, date)
    const made = new Date(ms)
    lastDate = key
    lastDay =
      year >= 1970 && made.getUTCMonth() === month - 1 && made.getUTCDate() === date
        ? ms
        : Number.NaN
    return lastDay
  }

  /** `10:00[:00[.000]] [PM] [zone]` behind the date, to Unix ms. */
  function clock(midnight: number): number {
    while (at < end && !isDigit(bytes[at])) {
      const byte = bytes[at] as number
      // T, space, comma, underscore
      if ((byte | 32) !== 116 && byte !== 32 && byte !== 44 && byte !== 95) return Number.NaN
      at++
    }
    if (at >= end) return zone(midnight)
    let hour = digits(2)
    let minute = 0
    let second = 0
    let ms = 0
    const packed = isDigit(bytes[at])
    if (packed || bytes[at] === COLON) {
      if (!packed) at++
      minute = digits(2)
      if (packed ? isDigit(bytes[at]) : bytes[at] === COLON) {
        if (!packed) at++
        second = digits(2)
        if (bytes[at] === 46 || bytes[at] === 44) {
          at++
          const from = at
          const fraction = digits(3)
          ms = fraction < 0 ? 0 : fraction * 10 ** (3 - (at - from))
          while (isDigit(bytes[at]) && at < end) at++
        }
      }
    }
    if (minute < 0 || second < 0 || minute > 59 || second > 60) return Number.NaN
    if (bytes[at] === 32) skip(' ')
    const half = halfOfDay()
    if (half >= 0) {
      if (hour < 1 || hour > 12) return Number.NaN
      hour = (hour % 12) + half
      skip(' ')
    }
    if (hour < 0 || hour > 24) return Number.NaN
    return offset(midnight + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms)
  }

  /** `AM`, `p.m.`, `p. m.`: hours to add, 0 or 12; -1 where there is none, and nothing is read. */
  function halfOfDay(): number {
    const from = at
    const first = (bytes[at] as number) | 32
    if (at + 1 >= end || (first !== 97 && first !== 112)) return -1
    at++
    skip('. ')
    if (at < end && ((bytes[at] as number) | 32) === 109) {
      at++
      skip('.')
      return first === 112 ? 12 : 0
    }
    at = from
    return -1
  }

  function offset(local: number): number {
    if (at >= end) return zone(local)
    const byte = bytes[at] as number
    if (byte === 90 && at + 1 === end) return local
    if (byte === 43 || byte === 45) {
      at++
      const from = at
      let hours = digits(4)
      let minutes = 0
      if (hours < 0) return Number.NaN
      if (at - from > 2) {
        minutes = hours % 100
        hours = Math.floor(hours / 100)
      } else if (bytes[at] === COLON && at < end) {
        at++
        minutes = digits(2)
      }
      if (hours > 14 || minutes < 0 || minutes > 59) return Number.NaN
      // "+0000 UTC" of Go: the offset has said it all
      const ms = (hours * 60 + minutes) * 60_000
      return byte === 43 ? local - ms : local + ms
    }
    skip(' (')
    let name = ''
    while (at < end && isLetter(bytes[at])) name += String.fromCharCode(bytes[at++] as number)
    const behind = ZONES[name.toUpperCase()]
    if (behind === undefined) return Number.NaN
    // "GMT+0200" of JavaScript
    if (behind === 0 && at < end && (bytes[at] === 43 || bytes[at] === 45)) return offset(local)
    return local + behind * 3_600_000
  }

  function month(): number {
    if (at + 2 >= end) return -1
    const found = MONTHS.get(
      key3(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number),
    )
    while (at < end && isLetter(bytes[at])) at++
    return found ?? -1
  }

  /** `Mon, 15 Jan 2024 ...`, `Jan 15, 2024 ...` */
  function named(): number {
    let found = month()
    if (found < 0) {
      skip('., ')
      if (isLetter(bytes[at])) found = month()
    }
    skip('., -/')
    const date = digits(2)
    skip('., -/')
    if (found < 0) found = month()
    skip('., -/')
    const year = digits(4)
    return found < 0 || date < 0 ? Number.NaN : clock(day(year, found, date))
  }

  /** `15/01/2024 ...`, `15-Jan-2024 ...`, `1/15/24 ...`; the first part has been read. */
  function slashed(first: number): number {
    const dots = bytes[at] === 46
    skip('./- ')
    if (isLetter(bytes[at])) {
      const named = month()
      skip('., -/')
      const year = digits(4)
      return named < 0 ? Number.NaN : clock(day(year < 100 ? 2000 + year : year, named, first))
    }
    const second = digits(2)
    skip('./-')
    const short = digits(4)
    const year = short < 100 ? 2000 + short : short
    const daysFirst = dots || dayFirst
    return daysFirst ? clock(day(year, second, first)) : clock(day(year, first, second))
  }

  /** `2026-01-15T10:00:00`, alone or with a Z: what most logs hold in every row. NaN: read it the long way. */
  function common(from: Uint8Array, i: number, length: number): number {
    if (length !== 19 && !(length === 20 && from[i + 19] === 90)) return Number.NaN
    if (from[i + 4] !== 45 || from[i + 7] !== 45 || from[i + 13] !== 58 || from[i + 16] !== 58)
      return Number.NaN
    if (from[i + 10] !== 84 && from[i + 10] !== 32) return Number.NaN
    const date = pair(from, i) * 1_000_000 + pair(from, i + 2) * 10_000 + pair(from, i + 5) * 100
    const hour = pair(from, i + 11)
    const minute = pair(from, i + 14)
    const second = pair(from, i + 17)
    const key = date + pair(from, i + 8)
    if (!(key > 0 && hour < 24 && minute < 60 && second < 60)) return Number.NaN
    const midnight =
      key === lastDate
        ? lastDay
        : day(Math.floor(key / 10_000), Math.floor(key / 100) % 100, key % 100)
    const local = midnight + hour * 3_600_000 + minute * 60_000 + second * 1000
    return length === 20 ? local : zone(local)
  }

  return (from: Uint8Array, start: number, stop: number): number => {
    const quick = common(from, start, stop - start)
    if (!Number.isNaN(quick)) return quick
    bytes = from
    at = start
    end = stop
    if (at >= end) return Number.NaN
    for (let i = at; i < end; i++)
      if ((from[i] as number) > 127) return read(plainSpaces(from, start, stop))
    return read(null)
  }

  /** @param other what to read in place of the field; null: the field itself */
  function read(other: Uint8Array | null): number {
    if (other !== null) {
      bytes = other
      at = 0
      end = other.length
      if (end === 0) return Number.NaN
    }
    const start = at
    if (!isDigit(bytes[at])) return isLetter(bytes[at]) ? named() : Number.NaN
    const first = digits(19)
    const length = at - start
    if (length === 4 && at < end) {
      at++
      const second = digits(2)
      at++
      const third = digits(2)
      return third < 0 ? Number.NaN : clock(day(first, second, third))
    }
    if (length <= 2) return slashed(first)
    if (length === 14) return packed(Math.floor(first / 100), first % 100)
    if (length === 12 && first < FIRST_MESSAGE) return packed(first, 0)
    if (length === 8 && (at === end || ((bytes[at] as number) | 32) === 116))
      return clock(day(Math.floor(first / 10_000), Math.floor(first / 100) % 100, first % 100))
    return unix(first, length)
  }

  /** `20260115100000` of operators' records. @param minutes `202601151000` */
  function packed(minutes: number, second: number): number {
    const date = Math.floor(minutes / 10_000)
    const hour = Math.floor(minutes / 100) % 100
    const minute = minutes % 100
    if (hour > 23 || minute > 59 || second > 59) return Number.NaN
    const midnight = day(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100)
    return offset(midnight + hour * 3_600_000 + minute * 60_000 + second * 1000)
  }

  function unix(value: number, length: number): number {
    if (at < end && bytes[at] === 46 && length < 12) {
      at++
      const from = at
      const fraction = digits(6)
      if (fraction >= 0) return value * 1000 + Math.floor(fraction * 10 ** (3 - (at - from)))
    }
    // 1 to 11 digits would be days of 1970 as ms
    if (length === 9 || length === 10) return value * 1000
    if (length === 12 || length === 13) return value
    if (length === 16) return Math.floor(value / 1000)
    return length === 19 ? Math.floor(value / 1e6) : Number.NaN
  }
}

/** Spaces that do not break, which browsers put before AM, as plain ones, and no marks of direction. */
const plainSpaces = (bytes: Uint8Array, start: number, end: number): Buffer =>
  Buffer.from(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .toString('utf8', start, end)
      .replace(/[\u00a0\u2007-\u200a\u202f]/g, ' ')
      .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
      .trim(),
  )

/** Two digits; NaN, which spreads, where they are none. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO
  const ones = (bytes[at + 1] as number) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Earliest text message: nothing in a log is older. https://en.wikipedia.org/wiki/SMS#Initial_development */
export const FIRST_MESSAGE = Date.UTC(1992, 11, 3)

/** Whether dates such as 03/04/2026 of a column name the day first, from some of its values; `null`: they do not tell. */
export function dayFirstOf(values: readonly string[]): boolean | null {
  for (const value of values) {
    const parts = /^\s*(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b/.exec(value)
    if (parts === null) continue
    if (Number(parts[1]) > 12) return true
    if (Number(parts[2]) > 12) return false
  }
  return null
}

export { DAY }
