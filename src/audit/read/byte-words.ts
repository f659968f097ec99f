import { Buffer } from 'node:buffer'

const SLOTS = 1024
const LONGEST = 48

interface Entry<T> {
  bytes: Uint8Array
  value: T
}

/**
 * What a short word means, found by its bytes, so that a column of a few words costs no strings. Remembers 1024 of them;
 * others are resolved again.
 *
 * @param resolve text without surrounding white space to meaning
 */
export function createByteWords<T>(resolve: (text: string) => T) {
  const table = new Array<Entry<T> | undefined>(SLOTS).fill(undefined)
  const nothing = resolve('')
  /** most columns of words say the same in row after row */
  let last: Entry<T> = { bytes: new Uint8Array(0), value: nothing }

  return (bytes: Uint8Array, start: number, end: number): T => {
    const length = end - start
    if (length <= 0) return nothing
    if (same(last.bytes, bytes, start, length)) return last.value
    if (length > LONGEST) return resolve(decode(bytes, start, end))
    // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    let entry = table[slot]
    if (entry === undefined || !same(entry.bytes, bytes, start, length)) {
      // not slice: of a Buffer that would be a view of bytes that change
      entry = {
        bytes: Uint8Array.from(bytes.subarray(start, end)),
        value: resolve(decode(bytes, start, end)),
      }
      table[slot] = entry
    }
    last = entry
    return entry.value
  }
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}

const decode = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', start, end).trim()
