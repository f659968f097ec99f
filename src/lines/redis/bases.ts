import type { Entity } from './entities.js'
import { isSameName, type Name } from './keys.js'
import { encodeBase, stampOf } from './value.js'

/** Bases that are ready and wait for the next script on their key, and what was sent lately. */
const KEPT = 10_000

/** A value that was read, and where the cells are that it came to. */
interface Read {
  name: Name
  entity: Entity
  from: number
}

interface Base {
  name: Name
  /** of the value that was read, and how long it was */
  stamp: number
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
  /** by the low half of the name; of two names that share it the later one's counts. The older half goes first */
  #young = new Map<number, Base>()
  #old = new Map<number, Base>()
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

  /** A value was read: `events` of it are applied to the cells, the last of them `age` ms ago or later. */
  offer(
    { name, entity, from }: Read,
    value: Buffer,
    events: number,
    u32: Uint32Array,
    age: number,
  ) {
    const ttlMs = this.#ttlOf(entity, u32, from)
    if (events < entity.events && (events === 0 || age < ttlMs / 2)) return
    const stamp = stampOf(value)
    const had = this.#find(name)
    // one that was sent and has not come, though the value is twice as long by now, was lost with its script
    if (had?.stamp === stamp && !(had.sent && value.length > 2 * had.read)) return
    const base = encodeBase(entity, u32, from, this.stamp())
    if (this.#young.size >= KEPT / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(name.low, { name, stamp, read: value.length, base, ttlMs, sent: false })
  }

  /** Adds the arguments of a script for those of its keys that have a new base ready. */
  take(names: readonly Name[], args: (string | Buffer)[]): void {
    for (let i = 0; i < names.length; i++) {
      const found = this.#find(names[i] as Name)
      if (found === undefined || found.sent) continue
      found.sent = true
      const stamp = Buffer.allocUnsafe(4)
      stamp.writeUInt32LE(found.stamp)
      args.push(String(i + 1), stamp, String(found.read), found.base, String(found.ttlMs))
    }
  }

  #find(name: Name): Base | undefined {
    const found = this.#young.get(name.low) ?? this.#old.get(name.low)
    return found !== undefined && isSameName(found.name, name) ? found : undefined
  }

  #ttlOf({ number, ttlMs }: Entity, u32: Uint32Array, from: number): number {
    const verified = number !== null && u32[from + number.offset + 2] !== 0
    return verified ? Math.max(this.retentionMs, ttlMs) : ttlMs
  }
}
