import { Buffer } from 'node:buffer'

/** One row as bytes: what every file is cut into, so that numbers, times and prices are read in one way. */
export interface Fields {
  bytes: Uint8Array
  /** place of each field's first byte */
  start: Int32Array
  /** place behind each field's last byte */
  end: Int32Array
  count: number
}

/** Columns beyond are not looked at. */
export const MOST_FIELDS = 512

/** Longer values are cut: nothing that is read is longer. */
const LONGEST_VALUE = 512

export const textOf = ({ bytes, start, end }: Fields, field: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(
    'utf8',
    start[field] ?? 0,
    end[field] ?? 0,
  )

export const textsOf = (fields: Fields): string[] =>
  Array.from({ length: fields.count }, (_, field) => textOf(fields, field))

/** Fields made of values, for formats that are not text. */
export function createFieldWriter(count: number) {
  const bytes = Buffer.alloc(count * LONGEST_VALUE * 4)
  const fields: Fields = {
    bytes,
    start: new Int32Array(count),
    end: new Int32Array(count),
    count,
  }
  let at = 0

  /** Most values are short and ASCII: a call of Buffer's own costs more than they do. */
  function put(text: string): void {
    const length = Math.min(text.length, LONGEST_VALUE)
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) {
        at += bytes.write(text.slice(i, length), at)
        return
      }
      bytes[at++] = unit
    }
  }

  return {
    fields,
    begin(): void {
      at = 0
    },
    set(field: number, value: unknown): void {
      fields.start[field] = at
      if (typeof value === 'string') put(value)
      else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
        put(String(value))
      fields.end[field] = at
    },
  }
}
