import { KIND } from '../memory/records.js'
import type { Entity } from './entities.js'
import { encodeBase } from './value.js'

/** From so many events on a value is worth a new base. */
const EVENTS = 2
/** Bases that are ready and wait for the next script on their key, and what was sent lately. */
const KEPT = 20_000

/** A value that was read, and where the cells are that it came to. */
interface Read {
  entity: Entity
  key: string
  from: number
}

interface Base {
  /** of the value that was read, and how long it was */
  stamp: Buffer
  read: number
  base: Buffer
  ttlMs: number
  sent: boolean
}

/**
 * New bases for values that have gathered events. Whoever reads such a value has worked out what it comes to anyway;
 * it goes along with the next script that touches the key, and costs no call of its own.
 */
export class Bases {
  readonly #ready = new Map<string, Base>()
  #stamp: number

  constructor(
    seed: number,
    /** how long a number that has verified is remembered, ms */
    readonly retentionMs: number,
  ) {
    this.#stamp = seed
  }

  /** Another one each time: 32 bits, told apart for far longer than any value is read before it is written. */
  stamp(): number {
    this.#stamp = (this.#stamp + 1) >>> 0
    return this.#stamp
  }

  /** A value was read: `events` of it are applied to the cells, the last of them at `now` or before. */
  offer({ entity, key, from }: Read, value: Buffer, events: number, u32: Uint32Array, age: number) {
    const ttlMs = this.#ttlOf(entity, u32, from)
    if (events < EVENTS && (events === 0 || age < ttlMs / 2)) return
    const stamp = Buffer.from(value.subarray(4, 8))
    if (this.#ready.get(key)?.stamp.equals(stamp)) return
    const base = encodeBase(entity, u32, from, this.stamp())
    if (this.#ready.size >= KEPT) {
      const oldest = this.#ready.keys().next().value
      if (oldest !== undefined) this.#ready.delete(oldest)
    }
    this.#ready.delete(key)
    this.#ready.set(key, { stamp, read: value.length, base, ttlMs, sent: false })
  }

  /** Adds the arguments of a script for those of its keys that have a new base ready. */
  take(keys: readonly string[], args: (string | Buffer)[]): void {
    if (this.#ready.size === 0) return
    for (const [i, key] of keys.entries()) {
      const found = this.#ready.get(key)
      if (found === undefined || found.sent) continue
      found.sent = true
      const { stamp, read, base, ttlMs } = found
      args.push(String(i + 1), stamp, String(read), base, String(ttlMs))
    }
  }

  #ttlOf({ kept, ttlMs }: Entity, u32: Uint32Array, from: number): number {
    const number = kept.find(({ record }) => record.kind === KIND.number)
    const verified = number !== undefined && u32[from + number.offset + 2] !== 0
    return verified ? Math.max(this.retentionMs, ttlMs) : ttlMs
  }
}
