import { describe, expect, it } from 'vitest'
import { rangesCarried } from '../../src/engine/readings.js'
import { emptyRange } from '../../src/engine/signals/counters.js'
import { HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, lineOf, moveOf, settlementOf, T0 } from './lines-arrange.js'
import { CARRIED, layout, numberOf, outcome, question, resend, see, send } from './lines-asked.js'

/** What counts though nothing goes out, and how often a session was sent to. @param open a fresh, empty store */
export function sessionsConformance(
  name: string,
  open: () => LineStore | Promise<LineStore>,
): void {
  describe(`what is only asked: ${name}`, () => {
    const counted = layoutOf({
      windows: [{ subject: 'ip', windowMs: HOUR }],
      distinct: [{ of: 'numbers', per: 'ip', windowMs: HOUR }],
      spend: [{ scope: 'service', period: 'day' }],
    })

    it('counts on ranges, sources and distinct values, and on nothing else', async () => {
      const store = await open()
      for (let k = 0; k < 3; k++) await store.count(question(k, { layout: counted }), T0 + k)
      const state = await store.gather(question(2, { layout: counted }), T0 + 3)
      const { block, operator, country, ip, device, sessionSends } = state.counters
      for (const range of [block, operator, country]) expect(range.sends1h).toBe(3)
      expect(block).toMatchObject({ neighbours: 2, remembered: 3, verifiedLong: 0 })
      expect(ip?.gaps.n).toBe(2)
      expect(device?.gaps.n).toBe(2)
      expect(Math.abs((ip?.numbers1h ?? 0) - 3)).toBeLessThan(0.5)
      expect([...state.lines].every((amount) => amount === 0)).toBe(true)
      expect([...state.windows, ...state.spend, state.sessionAt, sessionSends]).toEqual([
        0, 0, 0, 0,
      ])
      await store.close()
    })

    it('counts no resend of what was sent: people ask again', async () => {
      const store = await open()
      await send(store, T0, 1)
      const again = question(1)
      await store.gather(again, T0 + MINUTE)
      await store.count(again, T0 + MINUTE)
      expect((await see(store, T0)).block.sends1h).toBe(1)
      await store.close()
    })

    it('a charge that found no room counts nowhere', async () => {
      const store = await open()
      const full = demandOf({ ip: 2 }, { ceilings: { ip: 1 }, opens: true })
      expect(await store.charge(question(1), full, T0)).toBe(false)
      const { block, ip, sessionSends } = await see(store, T0, 1)
      expect(block).toEqual(emptyRange())
      expect(ip?.gaps.n).toBe(0)
      expect(sessionSends).toBe(0)
      await store.close()
    })
  })

  describe(`sends of a session: ${name}`, () => {
    const sends = async (store: LineStore, at: number): Promise<number> =>
      (await see(store, at, 1)).sessionSends

    it('none before the first, then as many as went out, until the session ends', async () => {
      const store = await open()
      expect(await sends(store, T0)).toBe(0)
      await send(store, T0, 1)
      expect(await sends(store, T0 + MINUTE)).toBe(1)
      await resend(store, T0 + MINUTE, 1)
      await resend(store, T0 + 2 * MINUTE, 1)
      expect(await sends(store, T0 + 3 * MINUTE)).toBe(3)
      await outcome(store, T0 + 4 * MINUTE, 1, 'lost')
      expect(await sends(store, T0 + 9 * MINUTE)).toBe(3)
      expect(await sends(store, T0 + 10 * MINUTE + SECOND)).toBe(0)
      expect((await see(store, T0 + MINUTE, 2)).sessionSends).toBe(0)
      await store.close()
    })

    it('a verified code leaves its session open, and one whose charge was given back is over', async () => {
      const store = await open()
      await send(store, T0, 1)
      await outcome(store, T0 + MINUTE, 1, 'verified')
      expect(await sends(store, T0 + MINUTE)).toBe(1)
      expect(lineOf(await store.gather(question(1), T0 + MINUTE), 'number').reserved).toBe(0)
      const lostFirst = { numberKey: numberOf(1), at: T0, ends: true, leaves: true }
      await store.settle(settlementOf(layout, { lostFirst }), T0 + 2 * MINUTE)
      expect(await sends(store, T0 + 2 * MINUTE)).toBe(0)
      await store.close()
    })

    it('one whose code was entered carries nobody, and the next one does', async () => {
      const store = await open()
      await send(store, T0, 1)
      const verified = { numberKey: numberOf(1), sources: [] }
      await store.settle(settlementOf(layout, { verified }), T0 + MINUTE)
      const later = await store.gather(question(1), T0 + 2 * MINUTE)
      expect(later.sessionAt).toBeGreaterThan(0)
      expect(rangesCarried(later)).toBe(0)
      await send(store, T0 + 10 * MINUTE, 1)
      expect(rangesCarried(await store.gather(question(1), T0 + 11 * MINUTE))).toBe(3)
      await store.close()
    })

    it('one whose first message failed goes on, and carries nobody on the operator', async () => {
      const store = await open()
      await send(store, T0, 1)
      const state = () => store.gather(question(1), T0 + 3 * MINUTE)
      expect(rangesCarried(await state())).toBe(3)
      const lostFirst = { numberKey: numberOf(1), at: T0, ends: false, leaves: true }
      await store.settle(settlementOf(layout, { lostFirst }), T0 + 2 * MINUTE)
      expect((await state()).sessionAt).toBeGreaterThan(0)
      expect(rangesCarried(await state()), 'sub-block and block, which bear it still').toBe(2)
      // the next one is nothing to it
      await send(store, T0 + 10 * MINUTE, 1)
      const next = await store.gather(question(1), T0 + 11 * MINUTE)
      expect(rangesCarried(next)).toBe(3)
      await store.close()
    })

    it.each([
      ['given back', 'where the session carried another message', true],
      ['given back', 'where it carried none', false],
      ['given back', 'where the other one came before it', null],
      ['that failed', 'where the session carried another message', true],
      ['that failed', 'where it carried none', false],
    ] as const)(
      'a first message %s stays on its ranges, as lost, %s',
      async (became, _, carried) => {
        const store = await open()
        if (carried === null) {
          await send(store, T0 - 20 * MINUTE, 1)
          await resend(store, T0 - 19 * MINUTE, 1)
          await outcome(store, T0 - 18 * MINUTE, 1, 'failed')
        }
        const before = await store.gather(question(1), T0)
        const owes = { block: lineOf(before, 'block'), country: lineOf(before, 'country') }
        await send(store, T0, 1)
        if (carried === true) await resend(store, T0 + MINUTE, 1)
        const ends = became === 'given back'
        const moves = (['block', 'operator', 'country'] as const).map((line) =>
          moveOf(line, CARRIED[line], { reserved: -1, lost: line === 'block' && !ends ? 1 : 0 }),
        )
        const lostFirst = { numberKey: numberOf(1), at: T0, ends, leaves: true }
        await store.settle(settlementOf(layout, { moves, lostFirst }), T0 + 2 * MINUTE)
        const after = await store.gather(question(1), T0 + 2 * MINUTE)
        const [block, operator] = [lineOf(after, 'block'), lineOf(after, 'operator')]
        expect(after.sessionAt > 0).toBe(!ends)
        expect([block.reserved, operator.reserved, lineOf(after, 'country').reserved]).toEqual([
          owes.block.reserved,
          owes.block.reserved,
          owes.country.reserved,
        ])
        const kept = carried === true ? 1 : 0
        expect(block.lostSlow).toBeCloseTo((owes.block.lostSlow ?? 0) + (ends ? kept : 1), 2)
        expect(operator.lostSlow).toBeCloseTo((owes.block.lostSlow ?? 0) + kept, 2)
        expect(lineOf(after, 'country').lostSlow).toBeCloseTo(owes.country.lostSlow ?? 0, 2)
        await store.close()
      },
    )
  })
}
