import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SlotTable } from './slot-table.js'

/** A slot is idle when its third word says so: 0 is idle, anything else is not. */
const table = (capacity: number): SlotTable =>
  new SlotTable({ words: 8, capacity, isIdle: (t, at) => t.u32[at + 2] === 0 })

/** Few segments and many collisions: high halves that fall together. */
const key = fc.record({
  high: fc.oneof(
    fc.constantFrom(0x01000000, 0x01000001, 0x01ffffff),
    fc.integer({ min: 0, max: 0xffffffff }),
  ),
  low: fc.integer({ min: 1, max: 40 }).map((low) => low * 32 + 1),
})

describe('the slot table', () => {
  it('keeps what a Map keeps, through growth and sweeps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, fc.integer({ min: 0, max: 5 })), { minLength: 1, maxLength: 600 }),
        (steps) => {
          const slots = table(100_000)
          const oracle = new Map<string, number>()
          for (const [{ high, low }, value] of steps) {
            const at = slots.claim(high, low, 0)
            expect(at).toBeGreaterThanOrEqual(0)
            slots.u32[at + 2] = value
            slots.f32[at + 3] = value / 2
            oracle.set(`${high}|${low}`, value)
          }
          for (const [name, value] of oracle) {
            const [high = 0, low = 0] = name.split('|').map(Number)
            const at = slots.find(high, low)
            // an idle record may be forgotten, never another
            if (at < 0) expect(value).toBe(0)
            else expect([slots.u32[at + 2], slots.f32[at + 3]]).toEqual([value, value / 2])
          }
          expect(slots.size).toBeLessThanOrEqual(oracle.size)
        },
      ),
      { seed: 1, numRuns: 200 },
    )
  })

  it('survives its own dump', () => {
    const slots = table(100_000)
    for (let k = 1; k <= 20_000; k++) {
      const at = slots.claim(Math.imul(k, 0x9e3779b1) >>> 0, k * 32 + 1, 0)
      slots.u32[at + 2] = k
    }
    const image = Buffer.concat([Buffer.from('head'), ...slots.dump()])
    const loaded = table(100_000)
    expect(loaded.load(image, 4)).toBe(image.length)
    expect(loaded.size).toBe(20_000)
    for (let k = 1; k <= 20_000; k += 13) {
      const at = loaded.find(Math.imul(k, 0x9e3779b1) >>> 0, k * 32 + 1)
      expect(loaded.u32[at + 2]).toBe(k)
    }
  })

  it('takes no more than its capacity, says so, and looks again when records have aged', () => {
    const slots = table(2_560)
    let refused = 0
    for (let k = 1; k <= 20_000; k++) {
      const at = slots.claim(Math.imul(k, 0x9e3779b1) >>> 0, k * 32 + 1, 0)
      if (at < 0) refused++
      else slots.u32[at + 2] = 1
    }
    expect(slots.size).toBeLessThanOrEqual(256 * 16)
    expect(refused).toBe(20_000 - slots.size)
    expect(slots.claim(5, 33, 500)).toBe(-1)
    // looked for by a clock that was far ahead, and is set back since
    expect(slots.claim(5, 33, 1e12)).toBe(-1)
    // its segment only: an aged record makes way
    for (let low = 1; low < 20_001; low++) {
      const high = Math.imul(low, 0x9e3779b1) >>> 0
      if (high >>> 24 !== 0) continue
      const at = slots.find(high, low * 32 + 1)
      if (at >= 0) slots.u32[at + 2] = 0
    }
    expect(slots.claim(5, 33, 2_000)).toBeGreaterThanOrEqual(0)
  })
})
