import { Buffer } from 'node:buffer'
import { streamText } from './byte-stream.js'
import { createCsvFile, type TextSink } from './csv-file.js'
import { areLines, createJsonFile } from './json-file.js'
import type { FileCounts, Reading } from './row-sink.js'

/** So much of a file is looked at before its first row is read. */
const HEAD = 256 << 10

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
  const pieces: Buffer[] = []
  let held = 0
  let sink: TextSink | null = null

  function open(): void {
    const head = Buffer.concat(pieces)
    pieces.length = 0
    if (head.every((byte) => byte <= 32)) return
    sink = isJson(head)
      ? createJsonFile(reading, file, counts, head)
      : createCsvFile(reading, file, counts, head, gzip ? size * UNPACKED : size)
    sink.push(head)
  }

  const fault = await streamText(path, {
    gzip,
    onBytes,
    onText(chunk) {
      if (sink !== null) sink.push(chunk)
      else {
        pieces.push(Buffer.from(chunk))
        held += chunk.length
        if (held >= HEAD) open()
      }
    },
  })
  if (sink === null) open()
  const opened = sink as TextSink | null
  opened?.end(fault !== null)
  if (fault !== null)
    reading.skips.note(
      'truncated',
      () =>
        `${file}: the archive cannot be unpacked to its end (${fault}); what stands before was read`,
    )
  return opened?.format ?? ''
}

/** JSON begins with a bracket; lines of JSON may stand behind a time. */
function isJson(head: Buffer): boolean {
  const first = head.subarray(0, 4096).toString('utf8').trimStart()
  if (first.startsWith('{') || /^\[\s*(?:[{\]]|$)/.test(first)) return true
  return /^\d{4}-\d\d-\d\dT\S+\s+\{"/.test(first) && areLines(head)
}
