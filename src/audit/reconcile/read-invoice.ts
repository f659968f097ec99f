import { readFileSync, statSync } from 'node:fs'
import { regionName } from '../../engine/region-name.js'
import { COUNTRIES } from '../../policy/countries.js'
import { CURRENCIES, currencyIn, decimalMarkOf } from '../read/byte-price.js'
import { sniffDialect } from '../read/delimiter.js'
import { LogError, noRows } from '../read/log-error.js'
import { encodingOf } from '../read/sniff.js'
import { periodOf } from './reconcile-sums.js'
import type { InvoiceRow } from './reconciliation.js'

/** Names that providers give to the columns of an invoice of sums. */
const NAMES = {
  period: ['period', 'month', 'date', 'day', 'billingperiod', 'usagemonth', 'usagedate'],
  country: ['country', 'countrycode', 'countryname', 'destination', 'destinationcountry', 'iso'],
  operator: ['operator', 'network', 'carrier', 'networkname', 'operatorname'],
  messages: ['messages', 'quantity', 'count', 'units', 'volume', 'messagecount', 'usage'],
  segments: ['segments', 'parts', 'numsegments', 'messageparts'],
  currency: ['currency', 'currencycode', 'billingcurrency'],
  amount: ['amount', 'cost', 'total', 'charge', 'totalcost', 'totalprice', 'fee'],
} as const
type Column = keyof typeof NAMES
const NEEDED = ['period', 'country', 'messages', 'amount'] as const
/** Sums are few: a file of more than this lists messages. */
const LARGEST = 64e6
const HEAD_BYTES = 65_536

/** Fields of a text of comma-separated values, row by row (RFC 4180), with the line each begins on. */
function* rowsOf(text: string, mark: string): Generator<{ fields: string[]; line: number }> {
  let fields: string[] = []
  let field = ''
  let quoted = false
  let line = 1
  let begun = 1
  for (let i = 0; i <= text.length; i++) {
    const c = text[i] ?? '\n'
    if (c === '\n') line++
    if (quoted && i < text.length) {
      if (c !== '"') field += c
      else if (text[i + 1] === '"') field += text[++i]
      else quoted = false
    } else if (c === '"') quoted = true
    else if (c === mark || c === '\n') {
      fields.push(field.trim())
      field = ''
      if (c === mark) continue
      if (fields.some((one) => one !== '')) yield { fields, line: begun }
      fields = []
      begun = line
    } else field += c
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '')

/** Where each column stands; `null` of a file that does not give sums by period and country. */
function columnsOf(header: readonly string[]): Partial<Record<Column, number>> | null {
  const names = header.map(plain)
  const places: Partial<Record<Column, number>> = {}
  for (const column of Object.keys(NAMES) as Column[]) {
    const at = names.findIndex((name) => (NAMES[column] as readonly string[]).includes(name))
    if (at !== -1) places[column] = at
  }
  return NEEDED.every((column) => places[column] !== undefined) ? places : null
}

let byName: Map<string, string> | undefined

function countryOf(text: string): string | null {
  const code = text.toUpperCase()
  if (COUNTRIES.has(code)) return code
  byName ??= new Map([...COUNTRIES].map((one) => [plain(regionName(one) ?? one), one]))
  return byName.get(plain(text)) ?? null
}

/**
 * An invoice that gives sums by period and country.
 * @returns `null` of a file that lists messages, or is no such table
 * @throws LogError with the line of a value that cannot be read
 */
export function readInvoice(path: string, name: string): InvoiceRow[] | null {
  const found = statSync(path)
  // whoever reads lists of messages says what is wrong with it
  if (!found.isFile() || found.size > LARGEST) return null
  const bytes = readFileSync(path)
  const encoding = encodingOf(bytes)
  const text = new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n')
  const { delimiter } = sniffDialect(Buffer.from(text.slice(0, HEAD_BYTES)))
  const [head, ...rows] = rowsOf(text, String.fromCharCode(delimiter))
  const places = head === undefined ? null : columnsOf(head.fields)
  if (places === null) return null
  if (rows.length === 0) throw new LogError(noRows(name))
  const cell = (fields: readonly string[], column: Column): string =>
    fields[places[column] ?? -1] ?? ''
  const mark = decimalMarkOf(rows.map(({ fields }) => cell(fields, 'amount')))
  const figure = (written: string): number => {
    const digits = written.replace(/[^\d.,-]/g, '')
    return digits === ''
      ? Number.NaN
      : Number(
          mark === 'comma'
            ? digits.replaceAll('.', '').replace(',', '.')
            : digits.replaceAll(',', ''),
        )
  }
  let currency = ''
  return rows.map(({ fields, line }) => {
    const bad = (column: Column, hint: string) =>
      new LogError(
        `${name} line ${line}: ${column} "${cell(fields, column).slice(0, 40)}": ${hint}`,
      )
    const period = /^\d{4}-\d\d(?:-\d\d)?/.exec(cell(fields, 'period'))?.[0]
    if (period === undefined || periodOf(period) === null)
      throw bad('period', 'write 2026-11 or 2026-11-03')
    const country = countryOf(cell(fields, 'country'))
    if (country === null) throw bad('country', 'give ISO 3166 codes such as NG, or English names')
    const messages = figure(cell(fields, 'messages'))
    if (!(messages >= 0)) throw bad('messages', 'give how many were billed')
    const amount = figure(cell(fields, 'amount'))
    if (!Number.isFinite(amount)) throw bad('amount', 'give what was billed')
    const named = cell(fields, 'currency').toUpperCase() || currencyIn(cell(fields, 'amount'))
    if (named !== '' && !CURRENCIES.has(named))
      throw bad('currency', 'give ISO 4217 codes such as USD')
    currency ||= named
    if (named !== '' && named !== currency)
      throw new LogError(
        `${name} line ${line}: billed in ${named}, and what stands before it in ${currency}: amounts of several currencies cannot be added up; give a file for each`,
      )
    const operator = cell(fields, 'operator')
    const segments = figure(cell(fields, 'segments'))
    return {
      ...{ period, country, messages, amount },
      ...(operator !== '' && { operator }),
      ...(segments >= 0 && { segments }),
      ...(currency !== '' && { currency }),
    }
  })
}
