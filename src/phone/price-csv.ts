import { type PriceEntry, PriceFileError } from './price-rows.js'

const COLUMNS = ['country', 'mcc', 'mnc', 'prefix', 'price', 'currency']

/**
 * Reads prices as comma-separated values.
 *
 * ```
 * file    = [header] rows      lines end in LF or CRLF; empty lines and lines that begin with # are skipped
 * header  = names of columns in any order and case: price, one or more of country, mcc, prefix, and mnc, currency;
 *           columns of other names are ignored
 * row     = as many fields as the header; a field may stand in double quotes, and "" in it is one quote
 * ```
 * A row is for its prefix if it has one, else for the network of its mcc and mnc, else for its country; country `*` is
 * everywhere else. No currency is USD. Without a header a row is `NG,0.11,USD` or `+23480,0.12,USD`.
 *
 * @throws {PriceFileError} where the file as a whole cannot be read; single values are checked by `checkPrices`
 */
export function* readPriceCsv(text: string, source: string): Generator<PriceEntry> {
  let header: string[] | undefined
  let line = 0
  let rows = 0
  for (const row of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    line++
    if (row.trim() === '' || row.startsWith('#')) continue
    const fail = (column: string, hint: string) =>
      new PriceFileError(source, [{ at: line, column, value: row, hint }])
    const fields = splitRow(row)
    if (fields === null) throw fail('row', 'a field in quotes does not end on its line')
    if (header === undefined) {
      header = readHeader(fields)
      if (header) continue
      if (!/^(?:[a-z]{2}|\*|\+\d+)$/i.test(fields[0] ?? '')) {
        throw fail(
          'header',
          'begin with names of columns, price and country, mcc or prefix among them, with commas between; or with rows such as NG,0.11,USD',
        )
      }
      header = []
    }
    const names =
      header.length > 0
        ? header
        : [fields[0]?.startsWith('+') ? 'prefix' : 'country', 'price', 'currency'].slice(
            0,
            Math.max(2, fields.length),
          )
    if (fields.length !== names.length) {
      throw fail(
        'row',
        `has ${fields.length} fields where ${names.length} are expected (${names.join()})`,
      )
    }
    const value = (name: string) => fields[names.indexOf(name)] ?? ''
    rows++
    yield {
      country: value('country'),
      mcc: value('mcc'),
      prefix: value('prefix'),
      price: value('price'),
      currency: value('currency'),
      at: line,
    }
  }
  if (rows > 0) return
  const hint = `the file holds no prices: ${header === undefined ? 'it is empty' : 'there is no row below its header'}`
  throw new PriceFileError(source, [{ at: line, column: 'price', value: '', hint }])
}

/** Names in lower case; `undefined` when these fields are no header. */
function readHeader(fields: string[]): string[] | undefined {
  const names = fields.map((field) => field.toLowerCase())
  const given = COLUMNS.filter((column) => names.includes(column))
  const keyed = given.some((name) => name === 'country' || name === 'mcc' || name === 'prefix')
  return keyed && given.includes('price') ? names : undefined
}

function splitRow(row: string): string[] | null {
  const fields: string[] = []
  let at = 0
  while (at <= row.length) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:,|$)/.exec(row.slice(at))
    const plain = /^([^",]*)(?:,|$)/.exec(row.slice(at))
    const match = quoted ?? plain
    if (!match) return null
    fields.push(quoted ? (match[1] ?? '').replaceAll('""', '"') : (match[1] ?? '').trim())
    at += match[0].length
    if (!match[0].endsWith(',')) return fields
  }
  return fields
}
