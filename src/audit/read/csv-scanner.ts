import { Buffer } from 'node:buffer'
import { type Fields, MOST_FIELDS } from './fields.js'

const QUOTE = 34
const SPACE = 32

/** A record without an end in so many bytes is a quote that was never closed, or no text at all. */
const LONGEST_RECORD = 1 << 20

/** Bytes looked at together. */
const PIECE = 1 << 20

export interface CsvSink {
  /** @param fields valid until it returns @param line of the record's first byte, from 1 */
  record(fields: Fields, line: number): void
  /** A line that is no record: its quote does not end, or it is longer than a megabyte. */
  broken(line: number): void
}

/**
 * Cuts bytes into records and fields (RFC 4180): quotes, line ends within quotes, CRLF. Blank lines are no records.
 * Doubled quotes inside a field stay doubled: nothing that is read holds any.
 *
 * @param delimiter, newline bytes
 */
export function createCsvScanner(delimiter: number, newline: number, sink: CsvSink) {
  const start = new Int32Array(MOST_FIELDS)
  const end = new Int32Array(MOST_FIELDS)
  const fields: Fields = { bytes: Buffer.alloc(0), start, end, count: 0 }
  /** one buffer for the whole file: a new one for each piece costs more than reading it */
  const buffer = Buffer.alloc(LONGEST_RECORD + PIECE + 1)
  /** bytes at its front of a record that has not ended */
  let held = 0
  let line = 1
  let linesInside = 0
  let dropping = false

  /** The quote that closes the field opened before `from`; -1 where there is none. Counts the line ends in between. */
  function closing(bytes: Uint8Array, from: number, size: number): number {
    let i = from
    for (; i < size; i++) {
      const byte = bytes[i]
      if (byte === newline) linesInside++
      else if (byte === QUOTE) {
        if (bytes[i + 1] !== QUOTE || i + 1 >= size) return i
        i++
      }
    }
    return -1
  }

  /** One record from `from`; the place behind it, or -1 where it does not end in these bytes. */
  function scan(bytes: Uint8Array, from: number, size: number, last: boolean): number {
    // locals: the loop below runs for every byte of the file
    const [starts, ends, stop, lineEnd] = [start, end, delimiter, newline]
    let count = 0
    let i = from
    let byte = 0
    linesInside = 0
    for (;;) {
      let begin = i
      let behind = -1
      // blanks and quotes: rare, and told from all else by one comparison
      if ((bytes[i] as number) <= QUOTE) {
        while (i < size && (bytes[i] as number) === SPACE) i++
        begin = i
        if (i < size && (bytes[i] as number) === QUOTE) {
          begin = i + 1
          behind = closing(bytes, begin, size)
          if (behind === -1 || (behind + 1 === size && !last)) return -1
          i = behind + 1
        }
      }
      // a line end stands behind the last byte, so that the loop needs no other bound
      byte = bytes[i] as number
      while (byte !== stop && byte !== lineEnd) byte = bytes[++i] as number
      if (i >= size && !last) return -1
      if (behind === -1) {
        behind = i
        while (begin < behind && (bytes[begin] as number) <= SPACE) begin++
        while (behind > begin && (bytes[behind - 1] as number) <= SPACE) behind--
      }
      if (count < MOST_FIELDS) {
        starts[count] = begin
        ends[count] = behind
        count++
      }
      i++
      if (i > size || byte !== stop) break
    }
    fields.bytes = bytes
    fields.count = count
    if (count > 1 || (end[0] as number) > (start[0] as number)) sink.record(fields, line)
    line += linesInside + 1
    return Math.min(i, size)
  }

  function run(size: number, last: boolean): void {
    buffer[size] = newline
    let at = 0
    while (at < size) {
      if (dropping) {
        const next = buffer.subarray(0, size).indexOf(newline, at)
        if (next === -1) break
        at = next + 1
        line++
        dropping = false
        continue
      }
      const next = scan(buffer, at, size, last)
      if (next !== -1) {
        at = next
        continue
      }
      if (!last && size - at < LONGEST_RECORD) {
        buffer.copyWithin(0, at, size)
        held = size - at
        return
      }
      // the line is given up, what stands behind it is not
      sink.broken(line)
      dropping = true
    }
    held = 0
  }

  return {
    /** @param chunk is copied: it may change afterwards */
    push(chunk: Uint8Array): void {
      for (let from = 0; from < chunk.length; from += PIECE) {
        const piece = chunk.subarray(from, from + PIECE)
        buffer.set(piece, held)
        run(held + piece.length, false)
      }
    },
    /** @param cut the file was cut off: its last record without a line end is not whole */
    end(cut: boolean): void {
      if (held === 0) return
      if (cut) sink.broken(line)
      else run(held, true)
    },
  }
}
