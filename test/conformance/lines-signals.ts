import { describe, expect, it } from 'vitest'
import { emptyRange, emptySource } from '../../src/engine/signals/counters.js'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, queryOf, T0 } from './lines-arrange.js'
import {
  layout,
  numberOf,
  outcome,
  question,
  RANGE_LINES,
  resend,
  see,
  send,
} from './lines-asked.js'
import { sessionsConformance } from './lines-sessions.js'
import { sourceSignalsConformance } from './lines-sources.js'

/** What signals are told of ranges, sources and sessions. @param open a fresh, empty store */
export function signalsConformance(name: string, open: () => LineStore | Promise<LineStore>): void {
  sourceSignalsConformance(name, open)
  sessionsConformance(name, open)
  describe(`signals of ranges: ${name}`, () => {
    it('a range nobody has asked for is empty', async () => {
      const store = await open()
      const counters = await see(store, T0)
      for (const range of RANGE_LINES) expect(counters[range]).toEqual(emptyRange())
      expect(counters.sessionSends).toBe(0)
      await store.close()
    })

    it('first sends of a quarter of an hour and of an hour, decayed, on the three ranges', async () => {
      const store = await open()
      for (let k = 0; k < 4; k++) await send(store, T0, k)
      for (const range of RANGE_LINES) {
        expect((await see(store, T0))[range]).toMatchObject({ sends15m: 4, sends1h: 4 })
        const quarter = (await see(store, T0 + 15 * MINUTE))[range]
        expect(quarter.sends15m).toBeCloseTo(2, 4)
        expect(quarter.sends1h).toBeCloseTo(4 / 2 ** 0.25, 4)
        const hour = (await see(store, T0 + HOUR))[range]
        expect(hour.sends15m).toBeCloseTo(4 / 16, 4)
        expect(hour.sends1h).toBeCloseTo(2, 4)
      }
      await send(store, T0 + HOUR, 4)
      expect((await see(store, T0 + HOUR)).block.sends1h).toBeCloseTo(3, 4)
      await store.close()
    })

    it('gaps between sends: as many as sends, and an hour at most', async () => {
      const store = await open()
      await send(store, T0, 1)
      expect((await see(store, T0)).block.gaps).toEqual({ n: 1, sum: 0, squares: 0 })
      await send(store, T0 + 2 * SECOND, 2)
      await send(store, T0 + 5 * SECOND, 3)
      for (const range of RANGE_LINES) {
        const { gaps, sends1h } = (await see(store, T0 + 5 * SECOND))[range]
        expect(gaps.n).toBe(sends1h)
        expect(Math.abs(gaps.sum - 5 * SECOND)).toBeLessThan(20)
        expect(gaps.squares / (4e6 + 9e6)).toBeCloseTo(1, 2)
      }
      await send(store, T0 + 5 * HOUR, 4)
      const { gaps } = (await see(store, T0 + 5 * HOUR)).country
      expect(gaps.sum / HOUR).toBeCloseTo(1, 3)
      await store.close()
    })

    it('a clock that steps back makes no gap of an hour, and forgets no send', async () => {
      const store = await open()
      for (const [k, at] of [T0, T0 - 3, T0 - 5 * SECOND, T0 + 2 * SECOND].entries())
        await send(store, at, k)
      const { block, ip } = await see(store, T0 + 2 * SECOND)
      expect(block.sends1h).toBeCloseTo(4, 2)
      expect(block.gaps.sum).toBeLessThan(10 * SECOND)
      expect(ip?.gaps.sum).toBeLessThan(10 * SECOND)
      await store.close()
    })

    it('what became of a send: verified, lost and failed at their half-lives', async () => {
      const store = await open()
      const ends = ['verified', 'verified', 'lost', 'failed'] as const
      for (const [k, what] of ends.entries()) {
        await send(store, T0, k)
        await outcome(store, T0, k, what)
      }
      const now = (await see(store, T0)).block
      expect(now).toMatchObject({ verified15m: 2, verified1h: 2, lost15m: 1, lost1h: 1 })
      expect(now).toMatchObject({ failed1h: 1, verifiedLong: 2, lostLong: 1, resentLong: 0 })
      const hour = (await see(store, T0 + HOUR)).operator
      expect(hour.verified15m).toBeCloseTo(2 / 16, 4)
      expect(hour.lost15m).toBeCloseTo(1 / 16, 4)
      expect(hour.verified1h).toBeCloseTo(1, 4)
      expect(hour.failed1h).toBeCloseTo(1 / 2, 4)
      const day = await see(store, T0 + DAY)
      expect(day.country.verifiedLong).toBeCloseTo(1, 4)
      expect(day.operator.lostLong).toBeCloseTo(1 / 2, 4)
      expect(day.block.verifiedLong).toBeCloseTo(2 / 2 ** (1 / 7), 4)
      expect((await see(store, T0 + 7 * DAY)).block.lostLong).toBeCloseTo(1 / 2, 4)
      await store.close()
    })

    it('late turns a loss into a verification, and never counts below nothing', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0, 1, 'lost')
      await outcome(store, T0, 1, 'late')
      await outcome(store, T0, 1, 'late')
      for (const range of RANGE_LINES)
        expect((await see(store, T0))[range]).toMatchObject({
          verified15m: 2,
          verified1h: 2,
          verifiedLong: 2,
          lost15m: 0,
          lost1h: 0,
          lostLong: 0,
        })
      await store.close()
    })

    it('from send to verification: how many, their sum and squares', async () => {
      const store = await open()
      for (const [k, delayMs] of [10, 20, 60].entries()) {
        await send(store, T0, k)
        await outcome(store, T0, k, 'verified', delayMs * SECOND)
      }
      for (const range of RANGE_LINES)
        expect((await see(store, T0))[range].delays).toEqual({
          n: 3,
          sum: 90 * SECOND,
          squares: (100 + 400 + 3_600) * SECOND ** 2,
        })
      const day = await see(store, T0 + DAY)
      expect(day.country.delays.sum / (45 * SECOND)).toBeCloseTo(1, 4)
      expect(day.block.delays.n).toBe(day.block.verifiedLong)
      await store.close()
    })

    it('a lost session in which the code was sent again is told from one without', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0 + 2 * MINUTE, 1, 'lost')
      expect((await see(store, T0 + 2 * MINUTE)).block.resentLong).toBe(0)
      await send(store, T0, 2)
      await resend(store, T0 + MINUTE, 2)
      await outcome(store, T0 + 2 * MINUTE, 2, 'lost')
      for (const range of RANGE_LINES) {
        const { resentLong, lostLong, sends1h } = (await see(store, T0 + 2 * MINUTE))[range]
        expect(resentLong).toBe(1)
        expect(lostLong).toBeGreaterThan(1.99)
        // the resend itself is no send of the range
        expect(sends1h).toBeLessThanOrEqual(2)
      }
      const later = await see(store, T0 + DAY + 2 * MINUTE)
      expect(later.country.resentLong).toBeCloseTo(1 / 2, 4)
      expect(later.block.resentLong).toBeCloseTo(1 / 2 ** (1 / 7), 4)
      await outcome(store, T0 + 3 * MINUTE, 2, 'late')
      expect((await see(store, T0 + 3 * MINUTE)).block.resentLong).toBeLessThan(0.01)
      await store.close()
    })

    it('direct neighbours among the last sixteen different numbers of a block', async () => {
      const store = await open()
      const told = async () => {
        const { neighbours, remembered } = (await see(store, T0)).block
        return { neighbours, remembered }
      }
      await send(store, T0, 1_234)
      await send(store, T0, 1_235)
      await send(store, T0, 1_235)
      await send(store, T0, 1_233)
      expect(await told()).toEqual({ neighbours: 2, remembered: 3 })
      const { operator, country } = await see(store, T0)
      expect([operator.neighbours, country.remembered]).toEqual([0, 0])
      // a block is no circle
      await send(store, T0, 9_999)
      await send(store, T0, 0)
      expect(await told()).toEqual({ neighbours: 2, remembered: 5 })
      for (let k = 1; k <= 11; k++) await send(store, T0, 5_000 + 10 * k)
      expect(await told()).toEqual({ neighbours: 2, remembered: 16 })
      // 1234, in the middle of three, was the first and goes first; 1236 finds only 1235
      await send(store, T0, 1_236)
      expect(await told()).toEqual({ neighbours: 1, remembered: 16 })
      await store.close()
    })

    it('a request whose number is not known by its digits is not remembered', async () => {
      const store = await open()
      await store.charge(question(5, { subscriber: -1 }), demandOf({}, { opens: true }), T0)
      const { block } = await see(store, T0)
      expect(block).toMatchObject({ sends1h: 1, neighbours: 0, remembered: 0 })
      await store.close()
    })

    it('days since a range was first seen; anew after thirty days of silence', async () => {
      const store = await open()
      const days = async (after: number) =>
        (await see(store, T0 + after * DAY)).country.firstSeenDays
      expect(await days(0)).toBeNull()
      await send(store, T0, 1)
      expect(await days(0)).toBeCloseTo(0, 4)
      expect(await days(29)).toBeCloseTo(29, 4)
      expect(await days(31)).toBeNull()
      await send(store, T0 + 25 * DAY, 2)
      await send(store, T0 + 50 * DAY, 3)
      expect(await days(51)).toBeCloseTo(51, 4)
      expect(await days(81)).toBeNull()
      await send(store, T0 + 81 * DAY, 4)
      expect(await days(82)).toBeCloseTo(1, 4)
      await store.close()
    })

    it('an outcome of a range that was never sent to leaves no trace', async () => {
      const store = await open()
      await outcome(store, T0, 1, 'lost')
      expect((await see(store, T0)).block).toEqual(emptyRange())
      await store.close()
    })

    it('services share no counter', async () => {
      const store = await open()
      await send(store, T0, 1)
      const login = question(1, { service: 'login' })
      const { block, ip } = (await store.gather(login, T0)).counters
      expect(block).toEqual(emptyRange())
      expect(ip).toMatchObject({ verifiedLong: 0, gaps: emptySource().gaps })
      await store.close()
    })

    it('a request without a range or source is told nothing, also right after one with them', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0, 1, 'verified')
      await see(store, T0)
      const bare = (await store.gather(queryOf(layout, { number: numberOf(1) }), T0)).counters
      for (const range of RANGE_LINES) expect(bare[range]).toEqual(emptyRange())
      for (const source of ['ip', 'subnet', 'network', 'device', 'account'] as const)
        expect(bare[source]).toBeNull()
      const again = await see(store, T0)
      expect(again.block.sends1h).toBe(1)
      expect(again.account?.verifiedLong).toBe(1)
      await store.close()
    })
  })
}
