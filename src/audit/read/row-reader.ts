import { parseNumber } from '../../phone/parse.js'
import { idHashBytes, type Message, OUTCOME, type Outcome, STATUS } from '../message-log.js'
import { createNumberReader } from './byte-number.js'
import { currencyIn, currencyOfName, type DecimalMark, readPrice } from './byte-price.js'
import { createTimeReader, FIRST_MESSAGE, type TimeOptions } from './byte-time.js'
import { createByteWords } from './byte-words.js'
import { type Fields, textOf } from './fields.js'
import type { Format } from './formats/format.js'
import { outcomeOf } from './outcome-words.js'
import type { Role, RoleColumns } from './roles.js'
import { type StatusWord, statusOf } from './status-words.js'
import { createZone } from './zone.js'

/** Why a row is no message of the log. */
export type Refusal =
  | 'columns_missing'
  | 'inbound'
  | 'other_channel'
  | 'not_sent'
  | 'message_part'
  | 'bad_number'
  | 'rounded_number'
  | 'bad_time'
  | 'bad_price'

export interface RowReaderOptions extends TimeOptions {
  format: Format
  columns: RoleColumns
  decimalMark: DecimalMark
  /** its numbers were rounded by a spreadsheet */
  rounded: boolean
  /** name of the column of prices: it may say the currency */
  priceName?: string
  /** country of national numbers, ISO 3166 alpha-2 */
  country?: string
}

/** A message without the text of its id: nobody needs it, and ten million strings cost. */
export interface ReadRow extends Omit<Message, 'id'> {
  /** `idHash` of the provider's id, 0: none */
  id: number
}

/** `in`, `inbound`, `incoming`, `received`, and MessageBird's `mo`: mobile originated */
const isInbound = (text: string): boolean => /^(?:in|mo$|rece)/i.test(text)
/** A number is written to over these as well, but nobody earns a termination fee. */
const isOtherChannel = (text: string): boolean =>
  /whatsapp|mail|viber|messenger|telegram|push|totp|silent|^rcs|^line$/i.test(text)

/** What is left of 2.34803E+12. */
const SIX_ZEROS = 1e6

function noNumber(text: string): Refusal {
  if (isOtherChannel(text)) return 'other_channel'
  return /^[\s"'=+]*\d[.,]?\d*E\+\d/i.test(text) ? 'rounded_number' : 'bad_number'
}

/** Reads rows of one file as messages. Without a column for number or time (a file of outcomes by id) they are 0. */
export function createRowReader(options: RowReaderOptions) {
  const { format, columns, decimalMark, rounded, country } = options
  const place = (role: Role, nth = 0): number => columns[role]?.[nth] ?? -1
  const [at, to] = [place('at'), place('to')]
  const { priceUnits = 1, pricePerSegment = false, statuses, noError = [] } = format
  const perUnit = 1e6 / priceUnits
  const defaultCurrency = format.currency ?? ''
  const namedCurrency = currencyOfName(options.priceName ?? '')

  const readTime = createTimeReader(
    format.utc === true ? { ...options, zone: createZone(undefined) } : options,
  )
  const readNumber = createNumberReader()
  const row: ReadRow = {
    at: 0,
    number: 0,
    masked: 0,
    priceMicro: Number.NaN,
    currency: '',
    segments: 1,
    status: STATUS.unknown,
    outcome: OUTCOME.unknown,
    id: 0,
    error: '',
    ip: '',
  }

  const has = ({ start, end }: Fields, field: number): boolean =>
    (end[field] as number) > (start[field] as number)

  /**
   * Finds the field of a role in a row, -1: none. Of several columns it is the first that holds anything; one column, as
   * in most logs, costs a comparison.
   */
  function finder(role: Role): (fields: Fields) => number {
    const places = columns[role] ?? []
    const [only = -1] = places
    const single = places.length < 2
    return (fields) => {
      if (!single)
        for (const candidate of places)
          if (candidate < fields.count && has(fields, candidate)) return candidate
      return only < fields.count ? only : -1
    }
  }

  /** What a role's word means in a row; `none` where the log has no such column. */
  function word<T>(role: Role, resolve: (text: string) => T, none: T): (fields: Fields) => T {
    if (columns[role] === undefined) return () => none
    const find = finder(role)
    const read = createByteWords(resolve)
    return (fields) => {
      const field = find(fields)
      return field === -1
        ? none
        : read(fields.bytes, fields.start[field] as number, fields.end[field] as number)
    }
  }

  const findAt = finder('at')
  const findPrice = finder('price')
  const findFee = finder('fee')
  const findSegments = finder('segments')
  const findId = finder('id')
  const findIp = finder('ip')
  const statusIn = word<StatusWord>(
    'status',
    (text) => statuses?.[text.toLowerCase().replace(/[^a-z0-9]/g, '')] ?? statusOf(text),
    STATUS.unknown,
  )
  const inboundIn = word('direction', isInbound, false)
  const otherChannelIn = word('channel', isOtherChannel, false)
  const outcomeIn = word<Outcome>('outcome', outcomeOf, OUTCOME.unknown)
  const errorIn = word('error', (text) => (noError.includes(text) ? '' : text.slice(0, 32)), '')
  const partIn = word('part', Number, 0)
  const currencyColumn = word(
    'currency',
    (text) => (/^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : ''),
    '',
  )
  const readPriceCurrency = createByteWords(currencyIn)
  const verified = place('verified')
  const delivered = place('delivered')

  function numberOf(fields: Fields): boolean {
    const { bytes, start, end } = fields
    const read = readNumber(bytes, start[to] as number, end[to] as number)
    row.masked = read.masked
    row.number = read.number
    const national = country !== undefined && !read.international && format.international !== true
    if (read.masked > 0 || !(national || Number.isNaN(read.number)))
      return !Number.isNaN(read.number) || blockOf(fields)
    const facts = parseNumber(textOf(fields, to), country)
    if (facts.e164 !== '' && (facts.problem === null || Number.isNaN(read.number)))
      row.number = Number(facts.e164.slice(1))
    return !Number.isNaN(row.number) || blockOf(fields)
  }

  function blockOf(fields: Fields): boolean {
    const block = place('block')
    if (block === -1 || block >= fields.count || !has(fields, block)) return false
    const { number } = readNumber(
      fields.bytes,
      fields.start[block] as number,
      fields.end[block] as number,
    )
    if (Number.isNaN(number)) return false
    row.number = number * 10_000
    row.masked = 4
    return true
  }

  function segmentsOf(fields: Fields): number {
    const field = findSegments(fields)
    if (field === -1) return 1
    const start = fields.start[field] as number
    const end = fields.end[field] as number
    const digit = (fields.bytes[start] as number) - 48
    if (end - start === 1 && digit > 0 && digit <= 9) return digit
    const count = readPrice(fields.bytes, start, end, 'point')
    // 0 is what Twilio says before a messaging service has chosen the encoding
    return count === null || !(count >= 1) ? 1 : Math.min(255, Math.round(count))
  }

  /** Price and fee together; NaN where there is none. */
  function priceOf(fields: Fields): Refusal | null {
    row.priceMicro = Number.NaN
    row.currency = currencyColumn(fields)
    const field = findPrice(fields)
    if (field === -1) return null
    const start = fields.start[field] as number
    const end = fields.end[field] as number
    const amount = readPrice(fields.bytes, start, end, decimalMark)
    if (amount === null) {
      // a provider that names prices and names none for what failed has not charged it
      if (row.status === STATUS.failed) row.priceMicro = 0
      return null
    }
    if (Number.isNaN(amount)) return 'bad_price'
    if (row.currency === '')
      row.currency = defaultCurrency || readPriceCurrency(fields.bytes, start, end) || namedCurrency
    const times = pricePerSegment ? row.segments : 1
    row.priceMicro = Math.round(amount * perUnit * times) + feeOf(fields)
    return null
  }

  function feeOf(fields: Fields): number {
    const field = findFee(fields)
    if (field === -1) return 0
    const fee = readPrice(
      fields.bytes,
      fields.start[field] as number,
      fields.end[field] as number,
      decimalMark,
    )
    return fee === null || Number.isNaN(fee) ? 0 : Math.round(fee * perUnit)
  }

  function outcomeOfRow(fields: Fields): void {
    row.outcome = outcomeIn(fields)
    if (verified !== -1 && verified < fields.count)
      row.outcome = has(fields, verified) ? OUTCOME.verified : OUTCOME.unverified
    if (delivered !== -1 && delivered < fields.count)
      row.status = has(fields, delivered) ? STATUS.delivered : STATUS.failed
  }

  return {
    row,
    /** Fills `row`; what it holds after a refusal is of no use. */
    read(fields: Fields): Refusal | null {
      const { bytes, start, end, count } = fields
      if (to >= count || at >= count) return 'columns_missing'
      if (inboundIn(fields)) return 'inbound'
      if (otherChannelIn(fields)) return 'other_channel'
      const said = statusIn(fields)
      if (said === 'not_sent') return 'not_sent'
      row.status = said
      if (to !== -1) {
        if (!numberOf(fields)) return noNumber(textOf(fields, to))
        if (rounded && row.masked === 0 && row.number % SIX_ZEROS === 0) return 'rounded_number'
      }
      if (at !== -1) {
        const time = findAt(fields)
        row.at = readTime(bytes, start[time] as number, end[time] as number)
        if (!(row.at >= FIRST_MESSAGE)) return 'bad_time'
      }
      if (partIn(fields) > 1) return 'message_part'
      row.segments = segmentsOf(fields)
      const refused = priceOf(fields)
      if (refused !== null) return refused
      outcomeOfRow(fields)
      const id = findId(fields)
      row.id = id === -1 ? 0 : idHashBytes(bytes, start[id] as number, end[id] as number)
      row.error = errorIn(fields)
      const ip = findIp(fields)
      row.ip = ip === -1 || !has(fields, ip) ? '' : textOf(fields, ip).slice(0, 45)
      return null
    },
  }
}
