import { describe, expect, it } from 'vitest'
import { linesConformance } from '../../../test/conformance/lines.js'
import {
  demandOf,
  layoutOf,
  lineOf,
  moveOf,
  queryOf,
  settlementOf,
  T0,
} from '../../../test/conformance/lines-arrange.js'
import { DAY, HOUR } from '../../engine/units.js'
import { memoryLines } from './memory.js'

linesConformance('memory', () => memoryLines({ seed: 1, capacity: 100_000 }))

describe('the embedded store', () => {
  const layout = layoutOf({
    windows: [{ subject: 'ip', windowMs: HOUR }],
    spend: [{ scope: 'global', period: 'day' }],
  })
  const image = (store: ReturnType<typeof memoryLines>): Uint8Array => Buffer.concat(store.dump())

  it('is the same after a dump and a load, in another process with another seed', () => {
    const store = memoryLines({ seed: 1 })
    for (let k = 0; k < 5_000; k++) {
      const query = queryOf(layout, {
        ip: `ip${k}`,
        block: `b${k % 100}`,
        country: 'NG',
        number: `n${k}`,
      })
      store.charge(
        query,
        demandOf(
          { ip: 1, block: 50_000, country: 50_000, number: 1 },
          { price: 50_000, opens: true },
        ),
        T0,
      )
    }
    const restored = memoryLines({ seed: 2 })
    restored.load(image(store))
    for (let k = 0; k < 5_000; k += 7) {
      const query = queryOf(layout, {
        ip: `ip${k}`,
        block: `b${k % 100}`,
        country: 'NG',
        number: `n${k}`,
      })
      const expected = structuredClone(store.gather(query, T0))
      expect(restored.gather(query, T0)).toEqual(expected)
    }
    expect(restored.stats().records).toBe(store.stats().records)
  })

  it('refuses an image that was cut short', () => {
    const store = memoryLines({ seed: 1 })
    store.charge(queryOf(layout, { ip: 'a' }), demandOf({ ip: 1 }), T0)
    const whole = image(store)
    for (const length of [8, 12, 2_000, whole.length - 1])
      expect(() => memoryLines().load(whole.subarray(0, length))).toThrow(RangeError)
  })

  it('forgets only lines that are back at their opening state', () => {
    const store = memoryLines({ seed: 1, capacity: 4_000 })
    const debtor = queryOf(layoutOf(), { device: 'debtor' })
    store.charge(debtor, demandOf({ device: 1 }), T0)
    store.settle(
      settlementOf(layoutOf(), { moves: [moveOf('device', 'debtor', { reserved: -1, lost: 3 })] }),
      T0,
    )
    for (let k = 0; k < 100_000; k++) {
      const query = queryOf(layoutOf(), { device: `d${k}` })
      // given back at once: nothing to remember
      store.charge(query, demandOf({ device: 1 }), T0)
      store.settle(
        settlementOf(layoutOf(), { moves: [moveOf('device', `d${k}`, { reserved: -1 })] }),
        T0,
      )
    }
    expect(store.stats().records).toBeLessThan(8_000)
    expect(lineOf(store.gather(debtor, T0), 'device')).toMatchObject({ lostFast: 3 })
    expect(store.gather(debtor, T0).degraded).toBe(false)
  })

  it('when full, new keys share one line of their kind and say so: no fresh credit for a flood', () => {
    const store = memoryLines({ seed: 1, capacity: 4_000 })
    for (let k = 0; k < 12_000; k++)
      store.charge(queryOf(layoutOf(), { device: `d${k}` }), demandOf({ device: 1 }), T0)
    const fresh = queryOf(layoutOf(), { device: 'never seen' })
    const state = store.gather(fresh, T0)
    expect(state.degraded).toBe(true)
    expect(lineOf(state, 'device').reserved).toBeGreaterThan(1_000)
    // what had a place of its own keeps it
    expect(lineOf(store.gather(queryOf(layoutOf(), { device: 'd0' }), T0), 'device').reserved).toBe(
      1,
    )
    expect(store.stats().bytes).toBeLessThan(3_000_000)
  })

  it('a full store finds room again when its records have aged', () => {
    const store = memoryLines({ seed: 1, capacity: 4_000 })
    for (let k = 0; k < 12_000; k++) {
      const moves = [moveOf('device', `d${k}`, { lost: 1 })]
      store.settle(settlementOf(layoutOf(), { moves }), T0)
    }
    const later = T0 + 30 * DAY
    const fresh = queryOf(layoutOf(), { device: 'later' })
    store.charge(fresh, demandOf({ device: 1 }), later)
    expect(lineOf(store.gather(fresh, later), 'device').reserved).toBe(1)
  })
})
