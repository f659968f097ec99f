import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { periodEnd } from '../../src/engine/calendar.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, queryOf, settlementOf, T0 } from './lines-arrange.js'

const keys = { block: '+234803412', country: 'NG', ip: '105.112.3.4' }

/** Windows, distinct counts and spend of every store of lines. @param open a fresh, empty store */
export function countersConformance(
  name: string,
  open: () => LineStore | Promise<LineStore>,
): void {
  describe(`counters: ${name}`, () => {
    it('a window counts everything of its length, and nothing older than five quarters of it', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(10 * SECOND, MINUTE, 10 * MINUTE, HOUR, DAY),
          fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 25 }),
          async (windowMs, when) => {
            const store = await open()
            const query = queryOf(layoutOf({ windows: [{ subject: 'ip', windowMs }] }), keys)
            const times = when.map((w) => Math.floor(T0 + w * windowMs)).sort((a, b) => a - b)
            for (const [i, at] of times.entries()) {
              const seen = (await store.gather(query, at)).windows[0] ?? -1
              const before = times.slice(0, i)
              // stores may keep time in whole seconds
              expect(seen).toBeGreaterThanOrEqual(
                before.filter((t) => t > at - windowMs + SECOND).length,
              )
              expect(seen).toBeLessThanOrEqual(
                before.filter((t) => t > at - 1.25 * windowMs - SECOND).length,
              )
              await store.charge(query, demandOf({ ip: 1 }), at)
            }
            await store.close()
          },
        ),
        { seed: 4, numRuns: 60 },
      )
    })

    it('whoever fills a window at the edge of a bucket gets no second filling within its length', async () => {
      for (let shift = 0; shift < 20; shift++) {
        const store = await open()
        const query = queryOf(
          layoutOf({ windows: [{ subject: 'ip', windowMs: 10 * MINUTE }] }),
          keys,
        )
        const admitted: number[] = []
        const start = T0 + shift * 7 * SECOND
        for (let at = start; at < start + 40 * MINUTE; at += 5 * SECOND) {
          if (((await store.gather(query, at)).windows[0] ?? 0) >= 3) continue
          await store.charge(query, demandOf({ ip: 1 }), at)
          admitted.push(at)
        }
        for (const at of admitted)
          expect(
            admitted.filter((t) => t >= at && t < at + 10 * MINUTE - SECOND).length,
          ).toBeLessThanOrEqual(3)
        expect(admitted.length).toBeGreaterThanOrEqual(9)
        await store.close()
      }
    })

    it('keeps two windows of one subject apart, and counts one that two rules share once', async () => {
      const store = await open()
      const windows = [10 * MINUTE, HOUR, HOUR].map((windowMs) => ({
        subject: 'ip' as const,
        windowMs,
      }))
      const query = queryOf(layoutOf({ windows }), keys)
      for (let k = 0; k < 3; k++)
        await store.charge(query, demandOf({ ip: 1 }), T0 + k * 20 * MINUTE)
      const state = await store.gather(query, T0 + 40 * MINUTE)
      expect([...state.windows]).toEqual([1, 3, 3])
      await store.close()
    })

    it('counts distinct values nearly exactly to ten, with the asked one among them', async () => {
      const store = await open()
      const counted = layoutOf({ distinct: [{ of: 'numbers', per: 'ip', windowMs: HOUR }] })
      let worst = 0
      for (let n = 1; n <= 100; n++) {
        const query = queryOf(counted, { ip: '105.112.3.4', number: `+23480312345${n}` })
        const seen = (await store.gather(query, T0)).distinct[0] ?? 0
        if (n <= 10) worst = Math.max(worst, Math.abs(seen - n))
        if (n === 100) expect(Math.abs(seen - 100)).toBeLessThan(35)
        // asked twice, counted once
        await store.charge(query, demandOf({ ip: 1 }), T0)
        await store.charge(query, demandOf({ ip: 1 }), T0)
      }
      expect(worst).toBeLessThan(2)
      const late = queryOf(counted, { ip: '105.112.3.4', number: '+2348031' })
      expect((await store.gather(late, T0 + 2 * HOUR)).distinct[0]).toBeCloseTo(1, 1)
      await store.close()
    })

    it('adds up spend by calendar, gives back what was not billed while its period lasts', async () => {
      const store = await open()
      const counted = layoutOf({
        spend: [
          { scope: 'service', period: 'hour' },
          { scope: 'country', period: 'day' },
          { scope: 'global', period: 'month' },
        ],
      })
      const query = queryOf(counted, { country: 'NG', service: 'signup' })
      const spend = async (at: number, of = query) => [...(await store.gather(of, at)).spend]
      for (let k = 0; k < 3; k++) await store.charge(query, demandOf({}, { price: 110_000 }), T0)
      expect(await spend(T0)).toEqual([330_000, 330_000, 330_000])
      expect(await spend(T0 + HOUR)).toEqual([0, 330_000, 330_000])
      const refund = { country: 'NG', priceMicroUsd: 110_000, at: T0 }
      await store.settle(settlementOf(counted, { refund }), T0 + HOUR)
      expect(await spend(T0 + HOUR)).toEqual([0, 220_000, 220_000])
      expect(await spend(Date.UTC(2026, 10, 17))).toEqual([0, 0, 220_000])
      expect(await spend(Date.UTC(2026, 11, 1))).toEqual([0, 0, 0])
      const ghana = queryOf(counted, { country: 'GH', service: 'signup' })
      expect(await spend(T0, ghana)).toEqual([220_000, 0, 220_000])
      await store.close()
    })

    it('no interleaving of gathers and charges spends over a ceiling, and what is refused is charged nothing', async () => {
      const counted = layoutOf({
        spend: [
          { scope: 'service', period: 'day' },
          { scope: 'country', period: 'hour' },
        ],
      })
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom('gather', 'charge'), fc.constantFrom('NG', 'GH')), {
            maxLength: 60,
          }),
          fc.integer({ min: 0, max: 12 }),
          fc.integer({ min: 0, max: 6 }),
          async (steps, most, mostOfCountry) => {
            const store = await open()
            const asking = (country: string) => queryOf(counted, { country, service: 'signup' })
            const demand = demandOf(
              { country: 110_000 },
              { price: 110_000, spendCeilings: [most * 110_000, mostOfCountry * 110_000] },
            )
            const charges: (boolean | Promise<boolean>)[] = []
            for (const [step, country] of steps) {
              if (step === 'gather') void store.gather(asking(country), T0)
              else charges.push(store.charge(asking(country), demand, T0))
            }
            const passed = (await Promise.all(charges)).filter((ok) => ok).length
            const spent = [
              (await store.gather(asking('NG'), T0)).spend[1] ?? -1,
              (await store.gather(asking('GH'), T0)).spend[1] ?? -1,
            ]
            const { spend } = await store.gather(asking('NG'), T0)
            expect(spend[0]).toBe(passed * 110_000)
            expect(spent.reduce((sum, of) => sum + of, 0)).toBe(passed * 110_000)
            expect(spend[0]).toBeLessThanOrEqual(most * 110_000)
            expect(Math.max(...spent)).toBeLessThanOrEqual(mostOfCountry * 110_000)
            await store.close()
          },
        ),
        { seed: 20_261_122, numRuns: 60 },
      )
    })

    it('a clock that steps over the end of a period and back opens no cap again', async () => {
      for (const period of ['hour', 'day', 'month'] as const) {
        const store = await open()
        const query = queryOf(layoutOf({ spend: [{ scope: 'service', period }] }), {
          service: 'signup',
        })
        const spend = async (price: number, at: number) => {
          await store.charge(query, demandOf({}, { price }), at)
          return (await store.gather(query, at)).spend[0]
        }
        const end = periodEnd(period, T0)
        expect(await spend(500, end - SECOND)).toBe(500)
        expect(await spend(30, end + SECOND)).toBe(30)
        expect(await spend(1, end - SECOND)).toBe(501)
        expect(await spend(2, end + SECOND)).toBe(32)
        // a year ahead by mistake: what is spent after it counts from there on
        expect(await spend(7, T0 + 366 * DAY)).toBe(7)
        expect(await spend(5, end + MINUTE)).toBe(5)
        expect(await spend(5, end + MINUTE)).toBe(10)
        await store.close()
      }
    })

    it('a refund of last month takes nothing from this one', async () => {
      const store = await open()
      const counted = layoutOf({ spend: [{ scope: 'global', period: 'month' }] })
      const query = queryOf(counted, { country: 'NG', service: 'signup' })
      const december = Date.UTC(2026, 11, 1, 0, 0, 5)
      await store.charge(query, demandOf({}, { price: 500 }), T0)
      await store.charge(query, demandOf({}, { price: 300 }), december)
      const refund = { country: 'NG', priceMicroUsd: 500, at: T0 }
      await store.settle(settlementOf(counted, { refund }), december)
      expect((await store.gather(query, december)).spend[0]).toBe(300)
      await store.close()
    })
  })
}
