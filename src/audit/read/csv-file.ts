import type { Buffer } from 'node:buffer'
import { type Conventions, conventionsOf, noteConventions } from './conventions.js'
import { createCsvScanner } from './csv-scanner.js'
import { type Dialect, delimiterName, sniffDialect } from './delimiter.js'
import { type Fields, textOf, textsOf } from './fields.js'
import { isNumbered, layoutOf } from './layout.js'
import { LogError, noRows } from './log-error.js'
import { maskedText } from './masked-text.js'
import type { Recognised } from './recognise.js'
import { createRowSink, type FileCounts, type Reading, type RowSink } from './row-sink.js'
import { unknownLog } from './unknown-log.js'

/** A header stands within so many records, below whatever a console writes above it. */
const HEADER_WITHIN = 50
/** Rows looked at before the first is read. */
const SAMPLE = 1000

/** Bad rows that are looked at for a header among them: a file of nothing else is not worth the time. */
const MOST_SUSPECTS = 10_000

export interface TextSink {
  format: string
  push(chunk: Buffer): void
  /** @param cut the file was cut off */
  end(cut: boolean): void
}

interface Header {
  names: string[]
  /** records before the first row, the header among them */
  above: number
  recognised: Recognised
}

/** What the first rows of a file say of how it is written. */
export interface CsvLayout {
  dialect: Dialect
  header: Header
  conventions: Conventions
  /** records that the file has about, for each of its bytes; 0: a few in all */
  density: number
}

/** @throws LogError where the columns cannot be told */
export function csvLayoutOf(
  reading: Pick<Reading, 'map' | 'recognise'>,
  file: string,
  head: Buffer,
): CsvLayout {
  const dialect = sniffDialect(head)
  const sample = recordsOf(head, dialect)
  const header = findHeader(reading, file, sample)
  if (header === null) throw unknownCsv(file, sample, dialect)
  return {
    dialect,
    header,
    conventions: conventionsOf(sample.slice(header.above), header.recognised.columns),
    density: sample.length < SAMPLE ? 0 : (recordCount(head, dialect) + 1) / head.length,
  }
}

/** Reads comma-separated values, whatever separates them. @param size of the file, bytes of its text about */
export function createCsvFile(
  reading: Reading,
  file: string,
  counts: FileCounts,
  { dialect, header, conventions, density }: CsvLayout,
  size: number,
): TextSink {
  const line = (number: number): string => `:${number}`
  let { names } = header
  const open = ({ format, columns }: Recognised): RowSink =>
    createRowSink(reading, file, counts, { format, columns, conventions, names })
  let sink = open(header.recognised)
  let to = header.recognised.columns.to?.[0] ?? -1
  noteConventions(reading, file, header.recognised.format, conventions)
  reading.intake.reserve(Math.ceil(size * density))

  let suspects = 0
  let record = 0
  let begun = false
  let number = 0
  /** the file is at its end, and its last row has no line end */
  let unended = false
  let fieldsBefore = 0
  const here = (): string => line(number)
  const scanner = createCsvScanner(dialect.delimiter, dialect.newline, {
    record(fields, at) {
      number = at
      if (record < header.above) {
        record++
        if (record < header.above)
          reading.skips.note(
            'preamble',
            () => `${file}${here()}: "${maskedText(textOf(fields, 0))}"`,
          )
        return
      }
      begun = true
      if (unended && fields.count < Math.min(fieldsBefore, names.length)) {
        sink.refuse('broken_line', here(), () => 'the file ends in the middle of it', true)
        return
      }
      fieldsBefore = fields.count
      if (fields.count > names.length && extra(fields)) {
        if (!isHeader(fields))
          sink.refuse(
            'extra_columns',
            here(),
            () => `${fields.count} columns where the header has ${names.length}`,
            true,
          )
        return
      }
      const refused = sink.row(fields, here)
      if (refused !== null && !isHeader(fields)) sink.refuseRow(refused, fields, here())
    },
    broken(at) {
      begun = true
      sink.refuse(
        'broken_line',
        line(at),
        () => 'a quote that is not closed, or a line cut off',
        true,
      )
    },
  })

  /** Fields behind the last named column that hold anything: the row was cut in the wrong places. */
  function extra({ start, end, count }: Fields): boolean {
    for (let field = names.length; field < count; field++)
      if ((end[field] as number) > (start[field] as number)) return true
    return false
  }

  /** Files put one behind the other repeat their header, perhaps with other columns. */
  function isHeader(fields: Fields): boolean {
    if (to >= 0 && to < fields.count && /\d{3}/.test(textOf(fields, to))) return false
    if (++suspects > MOST_SUSPECTS) return false
    const texts = textsOf(fields)
    const again =
      texts.join('\n') === header.names.join('\n') ? header.recognised : reading.recognise(texts)
    if (again === null) return false
    reading.skips.note('repeated_header', () => `${file}${here()}: ${texts.slice(0, 6).join(', ')}`)
    sink.close()
    names = texts
    to = again.columns.to?.[0] ?? -1
    sink = open(again)
    return true
  }

  return {
    format: header.recognised.format.name,
    push: (chunk) => scanner.push(chunk),
    end(cut) {
      unended = true
      scanner.end(cut)
      sink.close()
      if (!begun) reading.skips.note('empty_file', () => noRows(file), 0)
    },
  }
}

function recordsOf(head: Buffer, dialect: Dialect): string[][] {
  const records: string[][] = []
  const scanner = createCsvScanner(dialect.delimiter, dialect.newline, {
    record(fields) {
      if (records.length < SAMPLE) records.push(textsOf(fields))
    },
    broken: () => undefined,
  })
  scanner.push(head)
  if (records.length < 2) scanner.end(false)
  return records
}

function recordCount(head: Buffer, { newline }: Dialect): number {
  let lines = 0
  for (let at = head.indexOf(newline); at !== -1; at = head.indexOf(newline, at + 1)) lines++
  return lines
}

function findHeader(
  reading: Pick<Reading, 'map' | 'recognise'>,
  file: string,
  sample: readonly string[][],
): Header | null {
  const { map } = reading
  if (isNumbered(map)) {
    const widest = Math.max(0, ...sample.slice(0, HEADER_WITHIN).map((row) => row.length))
    const names = Array.from({ length: widest }, (_, i) => `column ${i + 1}`)
    const recognised = layoutOf(names, file, map, () => null)
    const digits = (row: readonly string[]): boolean =>
      /\d{5}/.test(row[recognised?.columns.to?.[0] ?? 0] ?? '')
    const above = Math.max(0, sample.slice(0, HEADER_WITHIN).findIndex(digits))
    return recognised === null ? null : { names, above, recognised }
  }
  let missing: unknown = null
  for (const [place, names] of sample.slice(0, HEADER_WITHIN).entries()) {
    if (names.length < 2) continue
    try {
      const recognised = layoutOf(names, file, map, reading.recognise)
      if (recognised !== null) return { names, above: place + 1, recognised }
    } catch (error) {
      // the map names columns that are not in this record; perhaps in the next
      if (missing === null || names.length > 2) missing ??= error
    }
  }
  if (missing !== null) throw missing
  return null
}

function unknownCsv(file: string, sample: readonly string[][], { delimiter }: Dialect): Error {
  const widest = Math.max(1, ...sample.slice(0, HEADER_WITHIN).map((row) => row.length))
  const top = sample.findIndex((row) => row.length === widest)
  const first = sample[top] ?? []
  const headed = first.every((value) => !/^[+\d]/.test(value))
  if (headed && widest > 1 && top === sample.length - 1)
    return new LogError(`${noRows(file)}: ${first.map((name) => maskedText(name)).join(' | ')}`)
  const names = headed ? first : first.map((_, i) => `column ${i + 1}`)
  const seen =
    widest === 1
      ? 'text in which no comma, semicolon, tab or vertical bar separates columns'
      : `text separated by ${delimiterName(delimiter)}${headed ? '' : ' without names of columns'}`
  return unknownLog(file, names, sample.slice(headed ? top + 1 : top, top + 100), seen)
}
