import { describe, expect, it } from 'vitest'
import { emptySource } from '../../src/engine/signals/counters.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, queryOf, T0 } from './lines-arrange.js'
import { layout, outcome, question, resend, SOURCE_LINES, see, send } from './lines-asked.js'

/** What signals are told of sources. @param open a fresh, empty store */
export function sourceSignalsConformance(
  name: string,
  open: () => LineStore | Promise<LineStore>,
): void {
  describe(`signals of sources: ${name}`, () => {
    it('a source that asks for the first time', async () => {
      const store = await open()
      const counters = await see(store, T0)
      for (const source of SOURCE_LINES) expect(counters[source]).toEqual(emptySource())
      await store.close()
    })

    it('gaps between its first sends; a resend makes none', async () => {
      const store = await open()
      await send(store, T0, 1)
      for (const source of SOURCE_LINES) expect((await see(store, T0))[source]?.gaps.n).toBe(0)
      await send(store, T0 + 2 * SECOND, 2)
      await resend(store, T0 + 3 * SECOND, 2)
      await send(store, T0 + 6 * SECOND, 3)
      for (const source of SOURCE_LINES) {
        const gaps = (await see(store, T0 + 6 * SECOND))[source]?.gaps
        expect(gaps?.n).toBeCloseTo(2, 2)
        expect((gaps?.sum ?? 0) / (6 * SECOND)).toBeCloseTo(1, 2)
        expect((gaps?.squares ?? 0) / (4e6 + 16e6)).toBeCloseTo(1, 2)
      }
      const later = (await see(store, T0 + HOUR + 6 * SECOND)).device?.gaps
      expect(later?.n).toBeCloseTo(1, 2)
      await send(store, T0 + 9 * HOUR, 4)
      const capped = (await see(store, T0 + 9 * HOUR)).ip?.gaps
      expect((capped?.sum ?? 0) / HOUR).toBeCloseTo(1, 3)
      await store.close()
    })

    it('a source is told nothing of the one asked for before it', async () => {
      const store = await open()
      for (const k of [1, 2]) {
        await send(store, T0 + k * SECOND, k)
        await outcome(store, T0 + k * SECOND, k, 'verified')
      }
      expect((await see(store, T0 + MINUTE)).device?.gaps.n).toBeGreaterThan(0)
      const stranger = queryOf(layout, { device: 'd2', account: 'a2' })
      const { device, account } = (await store.gather(stranger, T0 + MINUTE)).counters
      expect(device).toEqual(emptySource())
      expect(account).toEqual(emptySource())
      await store.close()
    })

    it('what it verified and lost, at the half-life of its line', async () => {
      const store = await open()
      for (const [k, what] of (['verified', 'verified', 'lost'] as const).entries()) {
        await send(store, T0, k)
        await outcome(store, T0, k, what)
      }
      for (const source of SOURCE_LINES)
        expect((await see(store, T0))[source]).toMatchObject({ verifiedLong: 2, lostLong: 1 })
      const day = (await see(store, T0 + DAY)).account
      expect(day?.verifiedLong).toBeCloseTo(1, 3)
      expect(day?.lostLong).toBeCloseTo(0.5, 3)
      await store.close()
    })

    it('the first delay is its mean, and it has no deviation yet', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0, 1, 'verified', 20 * SECOND)
      for (const source of SOURCE_LINES) {
        const delays = (await see(store, T0))[source]?.delays
        expect(delays?.n).toBe(1)
        expect(delays?.sum).toBeCloseTo(20 * SECOND, 0)
        expect((delays?.squares ?? 0) / (20 * SECOND) ** 2).toBeCloseTo(1, 3)
      }
      await store.close()
    })

    it('mean and deviation of several delays; losses and failures have none', async () => {
      const store = await open()
      for (const [k, delay] of [10, 20, 30].entries()) {
        await send(store, T0, k)
        await outcome(store, T0, k, 'verified', delay * SECOND)
      }
      await send(store, T0, 8)
      await outcome(store, T0, 8, 'lost')
      await send(store, T0, 9)
      await outcome(store, T0, 9, 'failed')
      const { n, sum, squares } = (await see(store, T0)).device?.delays ?? emptySource().delays
      expect(n).toBe(3)
      expect(sum / n / (20 * SECOND)).toBeCloseTo(1, 2)
      const deviation = Math.sqrt(squares / n - (sum / n) ** 2)
      expect(deviation / (Math.sqrt(200 / 3) * SECOND)).toBeCloseTo(1, 1)
      await store.close()
    })

    it('a code entered late counts with its delay', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0 + 2 * MINUTE, 1, 'lost')
      await outcome(store, T0 + 3 * MINUTE, 1, 'late', 3 * MINUTE)
      const ip = (await see(store, T0 + 3 * MINUTE)).ip
      expect(ip?.verifiedLong).toBe(1)
      expect((ip?.delays.sum ?? 0) / (3 * MINUTE)).toBeCloseTo(1, 2)
      await store.close()
    })

    it('different numbers of an hour and countries of a day, the asked one among them', async () => {
      const store = await open()
      const counted = layoutOf({
        distinct: [
          { of: 'numbers', per: 'ip', windowMs: HOUR },
          { of: 'numbers', per: 'device', windowMs: HOUR },
          { of: 'countries', per: 'ip', windowMs: DAY },
          // not what the signals ask for
          { of: 'numbers', per: 'subnet', windowMs: DAY },
        ],
      })
      for (const [k, country] of ['NG', 'GH', 'KE', 'NG', 'NG'].entries()) {
        const query = question(k, { layout: counted, country })
        await store.charge(query, demandOf({ ip: 1 }, { opens: true }), T0)
      }
      const asked = question(9, { layout: counted, country: 'LK' })
      const { ip, device, subnet } = structuredClone((await store.gather(asked, T0)).counters)
      expect(Math.abs((ip?.numbers1h ?? 0) - 6)).toBeLessThan(1.2)
      expect(device?.numbers1h).toBeCloseTo(ip?.numbers1h ?? 0, 6)
      expect(Math.abs((ip?.countries1d ?? 0) - 4)).toBeLessThan(0.8)
      expect([subnet?.numbers1h, device?.countries1d]).toEqual([1, 1])
      const later = structuredClone((await store.gather(asked, T0 + 3 * HOUR)).counters.ip)
      expect(later?.numbers1h).toBeCloseTo(1, 1)
      expect(Math.abs((later?.countries1d ?? 0) - 4)).toBeLessThan(0.8)
      await store.close()
    })
  })
}
