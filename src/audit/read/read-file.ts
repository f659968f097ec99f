import { stat } from 'node:fs/promises'
import type { InputFile } from '../audit-result.js'
import { LogError } from './log-error.js'
import { readParquet } from './parquet-file.js'
import type { FileCounts, Reading } from './row-sink.js'
import { sniffKind } from './sniff.js'
import { readText } from './text-file.js'

export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size

/** Reads one file into the log. @throws LogError where not one of its rows can be read */
export async function readFile(
  reading: Reading,
  path: string,
  counts: FileCounts,
  onBytes: (bytes: number) => void,
): Promise<InputFile> {
  const file = path
  const { kind, bytes } = await sniffKind(path)
  const done = (format: string): InputFile => ({ path, format, rows: counts.rows, bytes })
  if (kind === 'empty') {
    reading.skips.note('empty_file', () => `${file}: holds nothing`, 0)
    return done('')
  }
  const format =
    kind === 'parquet'
      ? await readParquet(reading, path, file, counts, () => onBytes(0))
      : await readText(reading, counts, { path, file, gzip: kind === 'gzip', size: bytes, onBytes })
  if (kind === 'parquet') onBytes(bytes)
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
