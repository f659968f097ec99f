import { isCountry } from '../../phone/spelling.js'
import type { InputFile, Skipped } from '../audit-result.js'
import { createMessageLog, type MessageLog, OUTCOME } from '../message-log.js'
import { keepOneCurrency } from './currency.js'
import { createDateOrders, type DateOrder } from './date-order.js'
import { findFiles } from './find-files.js'
import { createIntake, MOST_MESSAGES, type Total } from './intake.js'
import { LogError } from './log-error.js'
import { type FileReading, readFile, sizeOf } from './read-file.js'
import { readOutcomes } from './read-outcomes.js'
import { recognise } from './recognise.js'
import { parseMap } from './roles.js'
import { createSkips } from './skips.js'
import { leaveOutStrays } from './stray-times.js'
import { createZone, type Zone } from './zone.js'

export interface ReadOptions {
  /** files and globs */
  paths: readonly string[]
  /** `to=recipient,at=created,price=cost`: columns of a log that is not recognised */
  map?: string
  /** a file with what became of the codes, joined by id or by number and time */
  outcomes?: string
  /** zone of times without an offset, IANA name or `+02:00` @default UTC */
  timezone?: string
  /** country of numbers without a calling code, ISO 3166 alpha-2 */
  country?: string
  /** how dates such as 03/04/2026 are read @default as the dates of the files tell */
  dates?: DateOrder
  /** keep the messages billed in this currency, ISO 4217 @default that of most of them */
  currency?: string
  /** bytes of the files themselves, packed as they are */
  onProgress?: (progress: { bytes: number; total: number; rows: number }) => void
  /** Unix ms: what is later than a day from here is from the future */
  now: number
  /** messages held in memory; of a longer log a share of its blocks @default 40 million */
  most?: number
  /** an invoice may bill a message twice, or for another year: count what is there twice, and keep all @default false */
  keepDuplicates?: boolean
}

export interface ReadLogs {
  log: MessageLog
  files: InputFile[]
  skipped: Skipped[]
  duplicates: number
  outcomes: 'log' | 'file' | 'none'
  /** one in so many number blocks is in `log`; 1: all */
  sampled: number
  /** of all messages, sampled or not; duplicates of a sampled log are found in its blocks only */
  totals: Total
}

export { LogError }

/**
 * Reads message logs, whatever their format, into columns. Memory is bounded whatever the size of the files.
 *
 * @throws LogError for a file that cannot be understood, and where not one message was found
 */
export async function readLogs(options: ReadOptions): Promise<ReadLogs> {
  const { paths, map, timezone, country, currency, onProgress, now } = options
  const { most = MOST_MESSAGES, keepDuplicates = false } = options
  if (country !== undefined && !isCountry(country))
    throw new LogError(
      `--country: "${country}" has no numbering plan; give two capital letters of ISO 3166, such as NG`,
    )
  if (map !== undefined) parseMap(map)
  const found = await findFiles(paths, 'logs')
  const log = createMessageLog()
  const intake = createIntake(log, { now, most, keepDuplicates })
  const skips = createSkips()
  const rowsOf = {
    intake,
    skips,
    recognise,
    zone: zoneOf(timezone),
    ...(map !== undefined && { map }),
    ...(country !== undefined && { country }),
  }
  const reading: FileReading = {
    ...rowsOf,
    dateOrderOf: createDateOrders(rowsOf, found, options.dates),
  }
  const sizes = await Promise.all(found.map(sizeOf))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const files: InputFile[] = []
  let bytes = 0
  let rows = 0
  for (const path of found) {
    const counts = { rows: 0, bad: 0, examples: [] }
    intake.beginFile()
    const file = await readFile(reading, path, counts, (read) => {
      bytes += read
      onProgress?.({ bytes, total, rows: rows + counts.rows })
    })
    rows += counts.rows
    files.push(file)
  }
  onProgress?.({ bytes: total, total, rows })
  const { duplicates, updates } = intake.finish()
  if (updates > 0)
    skips.note('status_update', () => `${updates} rows tell of a later state of a message`, updates)
  const billed = keepOneCurrency(log, intake.totals, currency, skips)
  if (log.size === 0) throw nothingFound(files, skips.all(), duplicates, currency)
  // of an invoice nothing is left out: a message billed for another year was billed
  const totals = keepDuplicates ? billed : leaveOutStrays(log, billed, skips)
  const { outcomes } = options
  if (outcomes !== undefined) await readOutcomes(log, outcomes, rowsOf, options.dates)
  return {
    log,
    files,
    skipped: skips.all(),
    duplicates,
    outcomes: outcomes !== undefined ? 'file' : hasOutcomes(log) ? 'log' : 'none',
    sampled: intake.sampled,
    totals,
  }
}

function zoneOf(timezone: string | undefined): Zone {
  try {
    return createZone(timezone)
  } catch (cause) {
    throw new LogError(
      `--timezone: there is no time zone "${timezone}"; give an IANA name such as Africa/Lagos, or an offset such as +02:00`,
      { cause },
    )
  }
}

function hasOutcomes(log: MessageLog): boolean {
  return log.columns.outcome.subarray(0, log.size).some((outcome) => outcome !== OUTCOME.unknown)
}

function nothingFound(
  files: readonly InputFile[],
  skipped: readonly Skipped[],
  duplicates: number,
  currency: string | undefined,
): LogError {
  const names = files.map(({ path, format }) => (format === '' ? path : `${path} (${format})`))
  const lines = skipped.map(({ why, rows, examples }) =>
    rows === 0 ? `  ${examples[0]}` : `  ${why}: ${rows} rows; ${examples[0]}`,
  )
  const asked = currency === undefined ? '' : ` in ${currency.toUpperCase()}`
  return new LogError(
    [
      `no message${asked} was found in ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}`,
      ...(duplicates > 0 ? [`  ${duplicates} duplicates`] : []),
      ...lines,
    ].join('\n'),
  )
}
