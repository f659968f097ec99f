import { Buffer } from 'node:buffer'
import { streamText } from './byte-stream.js'
import { areLines } from './json-file.js'

/** So much of a file is looked at before its first row is read. */
const HEAD = 256 << 10

/** The first bytes of a file as UTF-8, whatever it is written in; empty where it holds nothing but space. */
export async function headOf(path: string, gzip: boolean): Promise<Buffer> {
  const pieces: Buffer[] = []
  let held = 0
  await streamText(path, {
    gzip,
    onBytes: () => undefined,
    onText(chunk) {
      pieces.push(Buffer.from(chunk))
      held += chunk.length
      return held < HEAD
    },
  })
  const head = Buffer.concat(pieces)
  return head.every((byte) => byte <= 32) ? Buffer.alloc(0) : head
}

/** JSON begins with a bracket; lines of JSON may stand behind a time. */
export function isJson(head: Buffer): boolean {
  const first = head.subarray(0, 4096).toString('utf8').trimStart()
  if (first.startsWith('{') || /^\[\s*(?:[{\]]|$)/.test(first)) return true
  return /^\d{4}-\d\d-\d\dT\S+\s+\{"/.test(first) && areLines(head)
}
