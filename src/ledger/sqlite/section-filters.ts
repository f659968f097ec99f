import { randomInt } from 'node:crypto'
import { hash64 } from '../../engine/hash.js'
import { SECTION_ROWS } from '../queries/sections.js'

/**
 * Bits of a filter, two of which are set for each row (Bloom 1970): of the numbers that a section does not have, it may have
 * (1 - e^(-2 / 16))^2 = 1.4 %.
 */
const BITS = 16 * SECTION_ROWS
/** Filters at hand, of the newest sections, 16 KiB each: twenty minutes at 1,700 requests a second. */
const MOST = 256

/** Which sections cannot have a request to a number. A section that is full has no more numbers than it had. */
export interface SectionFilters {
  /** `true` also where nobody knows yet. @param section a full one */
  mayHave(section: number, number: string): boolean
  /** Reads a full section once, some 4 ms, so that it is known from then on. */
  learn(section: number): void
  knows(section: number): boolean
}

/** @param numbersOf the numbers of a section's requests */
export function sectionFilters(numbersOf: (section: number) => readonly string[]): SectionFilters {
  const seed = randomInt(2 ** 32)
  const filters = new Map<number, Uint32Array>()
  const bit = (filter: Uint32Array, at: number): number =>
    (filter[at >>> 5] ?? 0) & (1 << (at % 32))

  return {
    knows: (section) => filters.has(section),

    mayHave(section, number) {
      const filter = filters.get(section)
      if (filter === undefined) return true
      const { high, low } = hash64(number, seed)
      return bit(filter, high % BITS) !== 0 && bit(filter, low % BITS) !== 0
    },

    learn(section) {
      if (filters.size >= MOST) {
        const oldest = Math.min(...filters.keys())
        if (section < oldest) return
        filters.delete(oldest)
      }
      const filter = new Uint32Array(BITS / 32)
      for (const number of numbersOf(section)) {
        const { high, low } = hash64(number, seed)
        for (const at of [high % BITS, low % BITS])
          filter[at >>> 5] = (filter[at >>> 5] ?? 0) | (1 << (at % 32))
      }
      filters.set(section, filter)
    },
  }
}
