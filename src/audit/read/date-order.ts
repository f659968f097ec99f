import { streamText } from './byte-stream.js'
import { dateOrderOf, SLASHED } from './conventions.js'
import { type CsvLayout, csvLayoutOf } from './csv-file.js'
import { createCsvScanner } from './csv-scanner.js'
import { textOf } from './fields.js'
import { LogError } from './log-error.js'
import type { Reading } from './row-sink.js'
import { sniffKind } from './sniff.js'
import { headOf, isJson } from './text-head.js'

/** Different dates that are kept: a year has no more than 144 that can be read in two ways. */
const MOST_DATES = 5_000

/**
 * Whether the dates of a file name the day first, where its first rows leave it open: a log that begins on the first of a
 * month says so on the thirteenth. Reads on until a date tells, through this file and then through the others of the run.
 *
 * @returns `null` where all of them together do not tell
 */
export async function settleDateOrder(
  reading: Pick<Reading, 'map' | 'recognise' | 'paths'>,
  path: string,
): Promise<boolean | null> {
  const dates = new Set<string>()
  for (const one of [path, ...reading.paths.filter((other) => other !== path)]) {
    const said = await readDates(reading, one, dates)
    if (said !== null) return said
    // all of a file may be of one day: what lies closer together is asked of each file more
    const order = dateOrderOf([...dates])
    if (order !== null) return order
  }
  return null
}

/** Adds the dates of a file to those known. @returns what one of them says that can be read in one way only */
async function readDates(
  reading: Pick<Reading, 'map' | 'recognise'>,
  path: string,
  dates: Set<string>,
): Promise<boolean | null> {
  const { kind } = await sniffKind(path)
  if (kind !== 'text' && kind !== 'gzip') return null
  const gzip = kind === 'gzip'
  const head = await headOf(path, gzip)
  if (head.length === 0 || isJson(head)) return null
  const layout = layoutIn(reading, path, head)
  const at = layout?.header.recognised.columns.at?.[0]
  if (layout === null || at === undefined) return null
  let said: boolean | null = null
  const { delimiter, newline } = layout.dialect
  const scanner = createCsvScanner(delimiter, newline, {
    record(fields) {
      const date = at < fields.count ? SLASHED.exec(textOf(fields, at))?.[0] : undefined
      if (date === undefined || dates.has(date) || dates.size >= MOST_DATES) return
      dates.add(date)
      said ??= dateOrderOf([date])
    },
    broken: () => undefined,
  })
  await streamText(path, {
    gzip,
    onBytes: () => undefined,
    onText(chunk) {
      scanner.push(chunk)
      return said === null
    },
  })
  scanner.end(false)
  return said
}

/** `null` of a file that cannot be understood: that is said when it is read. */
function layoutIn(
  reading: Pick<Reading, 'map' | 'recognise'>,
  path: string,
  head: Parameters<typeof csvLayoutOf>[2],
): CsvLayout | null {
  try {
    return csvLayoutOf(reading, path, head)
  } catch (error) {
    if (error instanceof LogError) return null
    throw error
  }
}
