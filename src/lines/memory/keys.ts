import { hash64 } from '../../engine/hash.js'
import { SUBJECTS } from '../../engine/policy.js'
import type { Query } from '../../engine/state.js'

/** Two 32-bit halves per subject of a request; 0, 0 where it carries no key. */
export interface KeyHashes {
  high: Uint32Array
  low: Uint32Array
  /** where the number and the country of this request fall in a distinct count, 0 to 63 */
  numberBit: number
  countryBit: number
}

export const createKeyHashes = (): KeyHashes => ({
  high: new Uint32Array(SUBJECTS.length),
  low: new Uint32Array(SUBJECTS.length),
  numberBit: 0,
  countryBit: 0,
})

const NUMBER = SUBJECTS.indexOf('number')

/** A device may be called like an address: equal keys of two subjects are different keys. */
export const subjectSeed = (seed: number, subject: number): number =>
  seed ^ Math.imul(subject + 1, 0x27d4eb2f)

/** @param seed of the store, mixed with the service: lines of two services never meet */
export function hashKeys(query: Query, seed: number, out: KeyHashes): void {
  for (let i = 0; i < SUBJECTS.length; i++) {
    const key = query.keys[i] as string
    if (key === '') {
      out.high[i] = 0
      out.low[i] = 0
      continue
    }
    const h = hash64(key, subjectSeed(seed, i))
    out.high[i] = h.high
    out.low[i] = h.low
  }
  out.numberBit = bitOf(out.high[NUMBER] as number)
  out.countryBit = countryBitOf(query.country, seed)
}

/** Where a value falls in a distinct count. @param high half of its hash */
export const bitOf = (high: number): number => high & 63
export const countryBitOf = (country: string, seed: number): number =>
  bitOf(hash64(country, seed).high)

/** Second word of a record: the key's low half with the kind in its last five bits. */
export const tagged = (low: number, kind: number): number => ((low & ~31) | kind) >>> 0

/**
 * Several windows of one subject are told apart in the second word. The first, which decides the place, is the same
 * for all records of a key: they lie side by side, in one or two cache lines instead of one miss each.
 */
export const salted = (low: number, salt: number): number => low ^ Math.imul(salt, 0x9e3779b1)

/** Where records of a kind go when the table is full: one place they share, so that the bound still holds. */
export const overflowKey = (kind: number): { high: number; low: number } => {
  const h = hash64(`overflow|${kind}`, kind)
  return { high: h.high, low: tagged(h.low, kind) }
}
