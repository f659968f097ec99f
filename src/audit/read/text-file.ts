import { streamText } from './byte-stream.js'
import { createCsvFile, csvLayoutOf, type TextSink } from './csv-file.js'
import { createJsonFile } from './json-file.js'
import type { FileCounts, Reading } from './row-sink.js'
import { headOf, isJson } from './text-head.js'

/** Packed logs are some six times as long unpacked; only room is made by it. */
const UNPACKED = 6

export interface TextFile {
  path: string
  /** as it is named in messages */
  file: string
  gzip: boolean
  size: number
  onBytes: (bytes: number) => void
}

/** Reads a CSV, NDJSON or JSON file, gzipped or not. @returns its format, '' where it holds nothing */
export async function readText(
  reading: Reading,
  counts: FileCounts,
  { path, file, gzip, size, onBytes }: TextFile,
): Promise<string> {
  const head = await headOf(path, gzip)
  const sink = head.length === 0 ? null : open()

  function open(): TextSink {
    if (isJson(head)) return createJsonFile(reading, file, counts, head)
    const layout = csvLayoutOf(reading, file, head)
    return createCsvFile(reading, file, counts, layout, gzip ? size * UNPACKED : size)
  }

  const fault = await streamText(path, {
    gzip,
    onBytes,
    onText(chunk) {
      sink?.push(chunk)
      return reading.probe?.done() !== true
    },
  })
  sink?.end(fault !== null)
  if (fault !== null)
    reading.skips.note(
      'truncated',
      () =>
        `${file}: the archive cannot be unpacked to its end (${fault}); what stands before was read`,
    )
  return sink?.format ?? ''
}
