import { open, stat } from 'node:fs/promises'
import { LogError } from './log-error.js'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** What a file is, from its first bytes. */
export type Kind = 'empty' | 'parquet' | 'gzip' | 'text'

const begins = (head: Uint8Array, ...bytes: number[]): boolean =>
  bytes.every((byte, i) => head[i] === byte)

/** Files that are something else, by their first bytes, and what to do. */
const FOREIGN: readonly [name: string, bytes: number[], mend: string][] = [
  [
    'a zip archive or an Excel workbook',
    [0x50, 0x4b, 0x03, 0x04],
    'unpack it, or save the sheet as CSV',
  ],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0], 'save the sheet as CSV'],
  ['a Zstandard archive', [0x28, 0xb5, 0x2f, 0xfd], 'unpack it with zstd -d'],
  ['a bzip2 archive', [0x42, 0x5a, 0x68], 'unpack it with bunzip2'],
  ['an xz archive', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'unpack it with unxz'],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46], 'export the log as CSV'],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'export the table as CSV'],
]

export async function sniffKind(path: string): Promise<{ kind: Kind; bytes: number }> {
  const { size } = await stat(path)
  if (size === 0) return { kind: 'empty', bytes: 0 }
  const file = await open(path)
  try {
    const head = new Uint8Array(16)
    await file.read(head, 0, head.length, 0)
    if (begins(head, 0x1f, 0x8b)) return { kind: 'gzip', bytes: size }
    if (begins(head, 0x50, 0x41, 0x52, 0x31)) return { kind: 'parquet', bytes: size }
    for (const [name, bytes, mend] of FOREIGN)
      if (begins(head, ...bytes)) throw new LogError(`${path}: is ${name}; ${mend}`)
    return { kind: 'text', bytes: size }
  } finally {
    await file.close()
  }
}

/** Bytes in which the zeros of UTF-16 are counted. */
const ZEROS_WITHIN = 4096

/**
 * How text is written, from its first bytes: by its byte order mark, by where its zeros are, or by what UTF-8 forbids.
 * Windows-1252 stands for all that is written with one byte a letter: its signs of currencies are what an audit reads.
 *
 * @param first more of them than the first few: a letter outside ASCII may stand far behind
 */
export function encodingOf(first: Uint8Array): Encoding {
  const head = first.subarray(0, ZEROS_WITHIN)
  if (begins(head, 0xff, 0xfe)) return 'utf-16le'
  if (begins(head, 0xfe, 0xff)) return 'utf-16be'
  let even = 0
  let odd = 0
  for (let i = 0; i + 1 < head.length; i += 2) {
    if (head[i] === 0) even++
    if (head[i + 1] === 0) odd++
  }
  const pairs = head.length / 2
  // half of all bytes of Latin text in UTF-16 are 0, always on the same side
  if (pairs >= 8 && odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le'
  if (pairs >= 8 && even > pairs * 0.4 && odd < pairs * 0.05) return 'utf-16be'
  return isUtf8(first) ? 'utf-8' : 'windows-1252'
}

/** A few letters cut in two, as in texts of messages, make no other encoding: most have to be broken. */
function isUtf8(bytes: Uint8Array): boolean {
  let broken = 0
  let whole = 0
  // streamed: the last letter may be cut
  for (const letter of new TextDecoder().decode(bytes, { stream: true }).match(/[^\0-\x7f]/gu) ??
    [])
    if (letter === '\ufffd') broken++
    else whole++
  return broken <= whole
}

/** @throws LogError for bytes that are no text */
export function checkText(head: Uint8Array, path: string): void {
  let control = 0
  for (const byte of head) if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++
  if (control > head.length * 0.02) {
    const seen = Array.from(head.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'))
    throw new LogError(
      `${path}: is binary and no log: it begins with the bytes ${seen.join(' ')}; CSV, NDJSON, JSON and Parquet are read, and gzip of the first three`,
    )
  }
}
