/**
 * Open addressing on typed arrays: fixed-size slots of 32-bit words, keyed by a 64-bit hash (the string is not kept).
 * A `Map` of objects costs 135 to 160 bytes and a microsecond a key at a million keys; this costs 32 bytes times the
 * inverse load, and one or two cache lines.
 *
 * Word 0 and 1 of a slot are its key; an empty slot has both 0. The low five bits of word 1 name the kind of record,
 * so that a slot tells by itself how it ages. The table grows in 256 independent segments, by half at a time: no
 * pause ever copies more than a 256th of it.
 */
const SEGMENTS = 256
const FIRST_SLOTS = 16
const GROWTH = 1.5
/** Linear probing stays short below this load. */
const MAX_LOAD = 0.75
const SWEEP_MS = 1_000

interface Segment {
  u32: Uint32Array
  f32: Float32Array
  f64: Float64Array
  slots: number
  used: number
  /** when it was looked through for idle slots and had none */
  sweptAt: number
}

/** A copy, also of a Buffer, whose own `slice` shares its memory. */
const copyOf = (bytes: Uint8Array, at: number, length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.subarray(at, at + length))

const segmentOf = (words: ArrayBuffer, slots: number, used: number): Segment => ({
  u32: new Uint32Array(words),
  f32: new Float32Array(words),
  f64: new Float64Array(words),
  slots,
  used,
  sweptAt: Number.NEGATIVE_INFINITY,
})

/** Where the records of a key begin: a group of four slots, which is two cache lines of narrow records. */
const home = (high: number, slots: number): number =>
  ((((high & 0xffffff) * slots) / 0x4000000) | 0) << 2

export interface SlotTableOptions {
  /** words per slot, even */
  words: 8 | 16
  /** most slots it grows to */
  capacity: number
  /** The slot at word offset `at` is back at its opening state and may be forgotten. */
  isIdle: (table: SlotTable, at: number, now: number) => boolean
}

export class SlotTable {
  /** views of the segment that `find` or `claim` looked into last */
  u32: Uint32Array
  f32: Float32Array
  f64: Float64Array
  readonly words: number
  /** how often records have moved: offsets from before are not valid after */
  moves = 0
  /** keeps what `touch` reads from being optimised away */
  private touched = 0
  private readonly maxSlots: number
  private readonly isIdle: SlotTableOptions['isIdle']
  private segments: Segment[]

  constructor({ words, capacity, isIdle }: SlotTableOptions) {
    this.words = words
    this.maxSlots = Math.max(FIRST_SLOTS, Math.ceil(capacity / MAX_LOAD / SEGMENTS))
    this.isIdle = isIdle
    this.segments = Array.from({ length: SEGMENTS }, () =>
      segmentOf(new ArrayBuffer(FIRST_SLOTS * words * 4), FIRST_SLOTS, 0),
    )
    const first = this.segments[0] as Segment
    this.u32 = first.u32
    this.f32 = first.f32
    this.f64 = first.f64
  }

  /** Records in use. */
  get size(): number {
    return this.segments.reduce((sum, s) => sum + s.used, 0)
  }

  /** Memory of all slots, used or not. */
  get bytes(): number {
    return this.segments.reduce((sum, s) => sum + s.u32.byteLength, 0)
  }

  private look(segment: Segment): void {
    this.u32 = segment.u32
    this.f32 = segment.f32
    this.f64 = segment.f64
  }

  /** Word offset of a key in the current views, -1 when absent. */
  find(high: number, low: number): number {
    const segment = this.segments[high >>> 24] as Segment
    this.u32 = segment.u32
    this.f32 = segment.f32
    this.f64 = segment.f64
    const { u32, slots } = segment
    const words = this.words
    let slot = home(high, slots)
    for (;;) {
      const at = slot * words
      const k1 = u32[at + 1] as number
      if (k1 === low && u32[at] === high) return at
      if (k1 === 0) return -1
      if (++slot === slots) slot = 0
    }
  }

  /**
   * Reads the first two cache lines of where a key's records lie. Done for all keys of a request before any is looked
   * into, the misses of a table larger than the cache overlap instead of following each other.
   */
  touch(high: number): void {
    const { u32, slots } = this.segments[high >>> 24] as Segment
    const at = home(high, slots) * this.words
    this.touched ^= (u32[at] as number) ^ (u32[at + 16] as number)
  }

  /** Word offsets of all records of a key, in one pass over the slots they can be in. @returns how many */
  scan(high: number, hits: Int32Array): number {
    const segment = this.segments[high >>> 24] as Segment
    this.u32 = segment.u32
    this.f32 = segment.f32
    this.f64 = segment.f64
    const { u32, slots } = segment
    const words = this.words
    const end = slots * words
    let at = home(high, slots) * words
    let n = 0
    while (u32[at + 1] !== 0) {
      if (u32[at] === high) hits[n++] = at
      at += words
      if (at === end) at = 0
    }
    return n
  }

  /** Sets the views to where a key's records lie, for offsets that `scan` gave. */
  lookAt(high: number): void {
    this.look(this.segments[high >>> 24] as Segment)
  }

  /** Word offset of a key, made (zeroed) when absent; -1 when the table is full of records that still matter. */
  claim(high: number, low: number, now: number): number {
    const found = this.find(high, low)
    return found >= 0 ? found : this.add(high, low, now)
  }

  /** As `claim`, for a key known to be absent. */
  add(high: number, low: number, now: number): number {
    let segment = this.segments[high >>> 24] as Segment
    if (segment.used >= MAX_LOAD * segment.slots) {
      if (!this.makeRoom(high >>> 24, now)) return -1
      segment = this.segments[high >>> 24] as Segment
    }
    this.look(segment)
    segment.used++
    return this.place(segment, high, low)
  }

  private place(segment: Segment, high: number, low: number): number {
    const { u32, slots } = segment
    let slot = home(high, slots)
    while (u32[slot * this.words + 1] !== 0) if (++slot === slots) slot = 0
    const at = slot * this.words
    u32[at] = high
    u32[at + 1] = low
    return at
  }

  /** Forgets idle records of a segment; grows it when that does not help. False: it may not grow any more. */
  private makeRoom(index: number, now: number): boolean {
    const old = this.segments[index] as Segment
    // a full sweep costs a pass over the segment: not again within a second, whichever way the clock was set
    if (Math.abs(now - old.sweptAt) < SWEEP_MS) return false
    const live: number[] = []
    this.look(old)
    for (let slot = 0; slot < old.slots; slot++) {
      const at = slot * this.words
      if (old.u32[at + 1] !== 0 && !this.isIdle(this, at, now)) live.push(at)
    }
    const wanted = Math.max(FIRST_SLOTS, Math.ceil((live.length / MAX_LOAD) * GROWTH))
    const slots = Math.min(
      this.maxSlots,
      Math.max(wanted, live.length < 0.6 * old.used ? 0 : old.slots),
    )
    if (live.length >= MAX_LOAD * slots) {
      old.sweptAt = now
      return false
    }
    const next = segmentOf(new ArrayBuffer(slots * this.words * 4), slots, live.length)
    for (const at of live) {
      const to = this.place(next, old.u32[at] as number, old.u32[at + 1] as number)
      for (let w = 2; w < this.words; w++) next.u32[to + w] = old.u32[at + w] as number
    }
    this.segments[index] = next
    this.moves++
    return true
  }

  /** The whole table as it stands: slot count per segment, then the words of all segments. */
  dump(): Uint8Array[] {
    const head = new Uint32Array(SEGMENTS)
    for (const [i, s] of this.segments.entries()) head[i] = s.slots
    return [
      new Uint8Array(head.buffer),
      ...this.segments.map((s) => new Uint8Array(s.u32.buffer.slice(0))),
    ]
  }

  /** Reads what `dump` wrote, from `bytes` at `offset`. @returns the offset after it */
  load(bytes: Uint8Array, offset: number): number {
    const head = new Uint32Array(copyOf(bytes, offset, SEGMENTS * 4).buffer)
    if (head.length !== SEGMENTS) throw new RangeError('snapshot of the lines is cut short')
    let at = offset + SEGMENTS * 4
    this.moves++
    this.segments = Array.from(head, (slots) => {
      const length = slots * this.words * 4
      const words = copyOf(bytes, at, length)
      if (words.byteLength !== length) throw new RangeError('snapshot of the lines is cut short')
      at += length
      const segment = segmentOf(words.buffer, slots, 0)
      for (let s = 0; s < slots; s++) if (segment.u32[s * this.words + 1] !== 0) segment.used++
      return segment
    })
    return at
  }
}
