import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Throttle } from '../../src/engine/measures.js'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, queryOf, T0 } from './lines-arrange.js'

/** Throttles of the playbook: limits that no interleaving passes. */
export function throttlesConformance(
  name: string,
  open: () => LineStore | Promise<LineStore>,
): void {
  describe(`throttles: ${name}`, () => {
    const layout = layoutOf()
    const throttle: Throttle = { key: 'range +2348031 *', limit: 2 }
    const asking = (digit: number, throttles: readonly Throttle[] = [throttle]) =>
      queryOf(layout, { number: `+234803100000${digit}` }, { throttles })
    const within = demandOf({ number: 1 }, { throttled: true })

    it('lets its limit pass in an hour, from whatever numbers, and charges the rest nothing', async () => {
      const store = await open()
      const answers: boolean[] = []
      for (let n = 0; n < 5; n++) answers.push(await store.charge(asking(n), within, T0))
      expect(answers).toEqual([true, true, false, false, false])
      const refused = await store.gather(asking(4), T0)
      expect([...refused.throttled]).toEqual([2])
      expect([...refused.lines].every((amount) => amount === 0)).toBe(true)
      // the window slides
      expect(await store.charge(asking(4), within, T0 + HOUR - 30 * MINUTE)).toBe(false)
      expect(await store.charge(asking(4), within, T0 + 2 * HOUR)).toBe(true)
      await store.close()
    })

    it('counts who is exempt without holding him', async () => {
      const store = await open()
      const exempt = demandOf({ number: 1 })
      for (let n = 0; n < 3; n++) expect(await store.charge(asking(n), exempt, T0)).toBe(true)
      expect((await store.gather(asking(4), T0)).throttled[0]).toBe(3)
      expect(await store.charge(asking(4), within, T0)).toBe(false)
      await store.close()
    })

    it('holds all that a request meets, and counts no other', async () => {
      const store = await open()
      const wide: Throttle = { key: 'country NG *', limit: 3 }
      expect(await store.charge(asking(0, [wide]), within, T0)).toBe(true)
      for (let n = 1; n < 3; n++)
        expect(await store.charge(asking(n, [throttle, wide]), within, T0)).toBe(true)
      expect(await store.charge(asking(3, [wide]), within, T0)).toBe(false)
      expect([...(await store.gather(asking(4, [throttle, wide]), T0)).throttled]).toEqual([2, 3])
      expect(await store.charge(asking(5, []), within, T0)).toBe(true)
      await store.close()
    })

    it('no interleaving of gathers and charges passes a limit', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom('gather', 'charge'), fc.nat(9)), { maxLength: 60 }),
          fc.integer({ min: 0, max: 6 }),
          async (steps, limit) => {
            const store = await open()
            const own: Throttle = { key: 'service signup *', limit }
            const charges: (boolean | Promise<boolean>)[] = []
            for (const [step, n] of steps) {
              const query = asking(n, [own])
              if (step === 'gather') void store.gather(query, T0)
              else charges.push(store.charge(query, within, T0))
            }
            const passed = (await Promise.all(charges)).filter((ok) => ok).length
            expect(passed).toBe(Math.min(limit, charges.length))
            await store.close()
          },
        ),
        { seed: 20_261_121, numRuns: 100 },
      )
    })
  })
}
