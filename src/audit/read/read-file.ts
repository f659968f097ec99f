import { stat } from 'node:fs/promises'
import type { InputFile } from '../audit-result.js'
import type { SettledOrder } from './date-order.js'
import { LogError } from './log-error.js'
import { readRows } from './read-rows.js'
import type { FileCounts, Reading } from './row-sink.js'

export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size

/** How files are read, and the order of the dates of each. */
export interface FileReading extends Omit<Reading, 'dayFirst'> {
  dateOrderOf: (path: string) => Promise<SettledOrder>
}

/** Reads one file into the log. @throws LogError where not one of its rows can be read */
export async function readFile(
  { dateOrderOf, ...reading }: FileReading,
  path: string,
  counts: FileCounts,
  onBytes: (bytes: number) => void,
): Promise<InputFile> {
  const file = path
  const { dayFirst, said } = await dateOrderOf(path)
  const { format, bytes, empty } = await readRows({ ...reading, dayFirst }, path, counts, onBytes)
  if (said !== '') reading.skips.note('ambiguous_dates', () => said, 0)
  const done = (format: string): InputFile => ({ path, format, rows: counts.rows, bytes })
  if (empty) {
    reading.skips.note('empty_file', () => `${file}: holds nothing`, 0)
    return done('')
  }
  if (format === '') reading.skips.note('empty_file', () => `${file}: holds no rows`, 0)
  if (counts.rows === 0 && counts.bad > 0)
    throw new LogError(
      [
        `${file}: read as ${format}, and none of its ${counts.bad} rows is a message:`,
        ...counts.examples.map((example) => `  ${example}`),
        'Say which columns are what with --map to=COLUMN,at=COLUMN,price=COLUMN, and --timezone and --country where they are local.',
      ].join('\n'),
    )
  return done(format)
}
