const MOST_KEYS = 1_000_000

/**
 * Values that fade: a key that has been quiet for a whole window is forgotten. Two maps, a young and an old one, turned
 * once a window, so that a flood of keys costs memory for two windows at most.
 */
export class Fading<V> {
  readonly #windowMs: number
  readonly #most: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()
  #turnedAt = Number.NEGATIVE_INFINITY

  /** @param most keys of one age; twice as many are kept in all */
  constructor(windowMs: number, most = MOST_KEYS) {
    this.#windowMs = windowMs
    this.#most = most
  }

  get(key: string, now: number): V | undefined {
    this.#turn(now)
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.#young.set(key, old)
    return old
  }

  set(key: string, value: V, now: number): void {
    this.#turn(now)
    this.#young.set(key, value)
  }

  #turn(now: number): void {
    if (now - this.#turnedAt < this.#windowMs && this.#young.size < this.#most) return
    // after two quiet windows nothing in either map counts any more
    this.#old = now - this.#turnedAt >= 2 * this.#windowMs ? new Map() : this.#young
    this.#young = new Map()
    this.#turnedAt = now
  }
}

interface Ring {
  times: Float64Array
  /** events ever written; the next one goes to `written % times.length` */
  written: number
}

export interface EventLog {
  /** Events of the key later than `now - windowMs`, exact up to `most`. */
  count(key: string, now: number): number
  add(key: string, now: number): void
}

/**
 * Exact sliding window, as a sorted set per key in Redis keeps it: every event leaves `windowMs` after it came. A limit
 * never needs more than its own number of events, so a key keeps its last `most`.
 */
export function createEventLog(windowMs: number, most: number): EventLog {
  const rings = new Fading<Ring>(windowMs)
  const FIRST = 4
  return {
    count(key, now) {
      const ring = rings.get(key, now)
      if (ring === undefined) return 0
      const { times, written } = ring
      const kept = Math.min(written, times.length)
      // events are in time order: halve towards the first one that has not left
      let gone = 0
      let first = kept
      while (gone < first) {
        const middle = (gone + first) >> 1
        const time = times[(written - kept + middle) % times.length] as number
        if (time > now - windowMs) first = middle
        else gone = middle + 1
      }
      return kept - first
    },
    add(key, now) {
      let ring = rings.get(key, now)
      if (ring === undefined) {
        ring = { times: new Float64Array(Math.min(FIRST, most)), written: 0 }
        rings.set(key, ring, now)
      }
      const { length } = ring.times
      if (ring.written === length && length < most) {
        const times = new Float64Array(Math.min(2 * length, most))
        times.set(ring.times)
        ring.times = times
      }
      ring.times[ring.written % ring.times.length] = now
      ring.written++
    },
  }
}

interface Slots {
  counts: Float64Array
  sum: number
  /** number of the newest slot, in slots since 1970 */
  newest: number
}

export interface Tally {
  /** Events of the key in the slots that the last `windowMs` touch: at most one slot too many, never too few. */
  count(key: string, now: number): number
  add(key: string, now: number): void
}

/** Count of any size over a sliding window, in `slots` steps. */
export function createTally(windowMs: number, slots: number): Tally {
  const stepMs = windowMs / slots
  const rows = new Fading<Slots>(windowMs + stepMs)
  /** Brings a row up to `now`: slots that have passed start from nothing. */
  function at(key: string, now: number): Slots | undefined {
    const row = rows.get(key, now)
    if (row === undefined) return undefined
    const slot = Math.floor(now / stepMs)
    for (let passed = 0; row.newest < slot && passed <= slots; passed++) {
      row.newest++
      const i = row.newest % (slots + 1)
      row.sum -= row.counts[i] as number
      row.counts[i] = 0
    }
    row.newest = Math.max(row.newest, slot)
    return row
  }
  return {
    count: (key, now) => at(key, now)?.sum ?? 0,
    add(key, now) {
      let row = at(key, now)
      if (row === undefined) {
        row = { counts: new Float64Array(slots + 1), sum: 0, newest: Math.floor(now / stepMs) }
        rows.set(key, row, now)
      }
      const i = row.newest % (slots + 1)
      row.counts[i] = (row.counts[i] as number) + 1
      row.sum++
    },
  }
}
