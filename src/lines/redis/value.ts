import type { Entity } from './entities.js'

/**
 * A value in Redis: a head of eight bytes, the base (what all events up to some time have come to), then the events
 * since. Head: format (1), unused (1), bytes of the base (2), stamp (4). Whoever writes a new base, or takes an event
 * out, gives it a new stamp; appending keeps it.
 *
 * Base: second that its times count from (4), then per record its kind (1), its salt (4, only where records of one kind
 * are told apart by one), two bits a word of what is written of it, and that.
 */
export const HEAD_BYTES = 8
const FORMAT = 1

export const headOf = (stamp: number, baseBytes: number): Buffer => {
  const head = Buffer.alloc(HEAD_BYTES)
  head[0] = FORMAT
  head.writeUInt16LE(baseBytes, 2)
  head.writeUInt32LE(stamp, 4)
  return head
}

export const stampOf = (value: Buffer): number => value.readUInt32LE(4)

/** Offset of the first event. @throws Error for a value that this release cannot read */
export function eventsFrom(value: Buffer): number {
  if (value.length < HEAD_BYTES || value[0] !== FORMAT)
    throw new Error(
      'lines: a value in Redis is not of this release; give each release that keeps its own its own prefix',
    )
  return HEAD_BYTES + value.readUInt16LE(2)
}

/** Windows, distinct counts and spend of one entity are told apart by their salt. */
const SALTED: ReadonlySet<string> = new Set(['window', 'distinct', 'spend'])
const TIME = 2
/** What is written of a word: nothing, its low byte, its high half, all. */
const NONE = 0
const BYTE = 1
const HALF = 2
const ALL = 3
const scratch = Buffer.alloc(4_096)

/** Writes the records whose cells begin at word `at`. */
export function encodeBase(entity: Entity, u32: Uint32Array, at: number, stamp: number): Buffer {
  let second = 0
  for (const { offset } of entity.kept) second = Math.max(second, u32[at + offset + TIME] as number)
  let o = HEAD_BYTES
  o = scratch.writeUInt32LE(second, o)
  for (const { record, offset, words } of entity.kept) {
    const from = at + offset
    if (isBlank(u32, from, words)) continue
    o = scratch.writeUInt8(record.kind, o)
    if (SALTED.has(record.is)) o = scratch.writeUInt32LE(record.salt >>> 0, o)
    const codes = o
    o += words / 4
    scratch.fill(0, codes, o)
    for (let k = 0; k < words; k++) {
      const word = u32[from + k] as number
      // a time of zero is none
      const written = k === TIME && word !== 0 ? second - word + 1 : word
      const code = codeOf(written)
      scratch[codes + (k >> 2)] = (scratch[codes + (k >> 2)] as number) | (code << ((k & 3) << 1))
      if (code === BYTE) o = scratch.writeUInt8(written, o)
      else if (code === HALF) o = scratch.writeUInt16LE(written >>> 16, o)
      else if (code === ALL) o = scratch.writeUInt32LE(written, o)
    }
  }
  headOf(stamp, o - HEAD_BYTES).copy(scratch)
  return Buffer.from(scratch.subarray(0, o))
}

const isBlank = (u32: Uint32Array, from: number, words: number): boolean => {
  for (let k = 0; k < words; k++) if (u32[from + k] !== 0) return false
  return true
}

const codeOf = (word: number): number => {
  if (word === 0) return NONE
  if (word < 256) return BYTE
  return (word & 0xffff) === 0 ? HALF : ALL
}

/** Reads the base into cells that begin at word `at` and are blank. @returns the second its times count from, 0 for none */
export function decodeBase(entity: Entity, value: Buffer, u32: Uint32Array, at: number): number {
  const end = eventsFrom(value)
  if (end === HEAD_BYTES) return 0
  const second = value.readUInt32LE(HEAD_BYTES)
  let o = HEAD_BYTES + 4
  while (o < end) {
    const kind = value[o++] as number
    const first = entity.kept.find(({ record }) => record.kind === kind)
    // a kind that this gateway's policy does not have on the entity: its length is not known, it comes last
    if (first === undefined) break
    let found = first
    let known = true
    if (SALTED.has(first.record.is)) {
      const salt = value.readUInt32LE(o)
      o += 4
      const same = entity.kept.find((k) => k.record.kind === kind && k.record.salt >>> 0 === salt)
      // a window of an older policy
      known = same !== undefined
      found = same ?? first
    }
    const { words } = found
    const codes = o
    o += words / 4
    for (let k = 0; k < words; k++) {
      const code = ((value[codes + (k >> 2)] as number) >>> ((k & 3) << 1)) & 3
      let word = 0
      if (code === BYTE) word = value[o++] as number
      else if (code === HALF) {
        word = (value.readUInt16LE(o) << 16) >>> 0
        o += 2
      } else if (code === ALL) {
        word = value.readUInt32LE(o)
        o += 4
      }
      if (known) u32[at + found.offset + k] = k === TIME && word !== 0 ? second - word + 1 : word
    }
  }
  return second
}
