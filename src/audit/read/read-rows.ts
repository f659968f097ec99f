import { readParquet } from './parquet-file.js'
import type { FileCounts, Reading } from './row-sink.js'
import { sniffKind } from './sniff.js'
import { readText } from './text-file.js'

/** Reads the rows of one file, whatever its format. @returns its format, '' where it holds no rows, and its bytes */
export async function readRows(
  reading: Reading,
  path: string,
  counts: FileCounts,
  onBytes: (bytes: number) => void,
): Promise<{ format: string; bytes: number; empty: boolean }> {
  const file = path
  const { kind, bytes } = await sniffKind(path)
  if (kind === 'empty') return { format: '', bytes, empty: true }
  const format =
    kind === 'parquet'
      ? await readParquet(reading, path, file, counts, () => onBytes(0))
      : await readText(reading, counts, { path, file, gzip: kind === 'gzip', size: bytes, onBytes })
  if (kind === 'parquet') onBytes(bytes)
  return { format, bytes, empty: false }
}
