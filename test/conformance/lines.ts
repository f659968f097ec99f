import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, lineOf, moveOf, queryOf, settlementOf, T0 } from './lines-arrange.js'
import { countersConformance } from './lines-counters.js'
import { signalsConformance } from './lines-signals.js'
import { throttlesConformance } from './lines-throttles.js'

/**
 * What every store of lines keeps to.
 * @param open a fresh, empty store
 * @param inFlightMs how long at least it keeps what is in flight and never settled. @default for ever
 */
export function linesConformance(
  name: string,
  open: () => LineStore | Promise<LineStore>,
  { inFlightMs = Number.POSITIVE_INFINITY }: { inFlightMs?: number } = {},
): void {
  countersConformance(name, open)
  signalsConformance(name, open)
  throttlesConformance(name, open)
  describe(`lines: ${name}`, () => {
    const layout = layoutOf()
    const keys = { block: '+234803412', country: 'NG', ip: '105.112.3.4' }

    it('reserves at the charge, and moves to earned or lost', async () => {
      const store = await open()
      const query = queryOf(layout, keys)
      expect(await store.charge(query, demandOf({ block: 110_000, ip: 1 }), T0)).toBe(true)
      expect(lineOf(await store.gather(query, T0), 'block')).toEqual({
        earnedFast: 0,
        lostFast: 0,
        earnedSlow: 0,
        lostSlow: 0,
        reserved: 110_000,
      })
      const moves = [
        moveOf('block', keys.block, { reserved: -110_000, earned: 110_000 }),
        moveOf('ip', keys.ip, { reserved: -1, lost: 1 }),
      ]
      await store.settle(settlementOf(layout, { moves }), T0)
      expect(lineOf(await store.gather(query, T0), 'block')).toEqual({
        earnedFast: 110_000,
        lostFast: 0,
        earnedSlow: 110_000,
        lostSlow: 0,
        reserved: 0,
      })
      expect(lineOf(await store.gather(query, T0), 'ip')).toEqual({
        earnedFast: 0,
        lostFast: 1,
        earnedSlow: 0,
        lostSlow: 1,
        reserved: 0,
      })
      expect(lineOf(await store.gather(query, T0), 'country').reserved).toBe(0)
      await store.close()
    })

    it('decays what is settled at its two half-lives, and nothing that is in flight', async () => {
      const store = await open()
      const query = queryOf(layout, keys)
      await store.charge(query, demandOf({ country: 1_000_000 }), T0)
      const moves = [moveOf('country', 'NG', { lost: 800_000, earned: 400_000 })]
      await store.settle(settlementOf(layout, { moves }), T0)
      const later = lineOf(await store.gather(query, T0 + DAY), 'country')
      expect(later.lostSlow).toBeCloseTo(400_000, 0)
      expect(later.earnedSlow).toBeCloseTo(200_000, 0)
      expect(later.lostFast).toBeCloseTo(800_000 / 2 ** 24, 3)
      expect(later.reserved).toBe(inFlightMs < DAY ? 0 : 1_000_000)
      // nor when another send of the line settles meanwhile
      const still = T0 + Math.min(DAY, inFlightMs)
      const other = [moveOf('country', 'NG', { lost: 1 })]
      await store.settle(settlementOf(layout, { moves: other }), still)
      expect(lineOf(await store.gather(query, still), 'country').reserved).toBe(1_000_000)
      await store.close()
    })

    it('takes back what was added, decayed since, and never below zero', async () => {
      const store = await open()
      const query = queryOf(layout, keys)
      const add = settlementOf(layout, { moves: [moveOf('block', keys.block, { lost: 110_000 })] })
      await store.settle(add, T0)
      const back = moveOf('block', keys.block, { lost: -110_000, earned: 110_000, since: T0 })
      await store.settle(settlementOf(layout, { moves: [back] }), T0 + 3 * HOUR)
      const line = lineOf(await store.gather(query, T0 + 3 * HOUR), 'block')
      expect(line.lostFast).toBeLessThan(1)
      expect(line.lostSlow).toBeLessThan(1)
      expect(line.earnedFast).toBe(110_000)
      await store.settle(settlementOf(layout, { moves: [{ ...back, earned: 0 }] }), T0 + 3 * HOUR)
      expect(lineOf(await store.gather(query, T0 + 3 * HOUR), 'block').lostFast).toBe(0)
      await store.close()
    })

    it('lets one of two charges have the last unit, and charges the other nothing at all', async () => {
      const store = await open()
      const counted = layoutOf({ windows: [{ subject: 'ip', windowMs: HOUR }] })
      const query = queryOf(counted, keys)
      const last = demandOf({ ip: 1, country: 5, block: 7 }, { ceilings: { ip: 1 }, opens: true })
      const answers = await Promise.all([
        store.charge(query, last, T0),
        store.charge(query, last, T0),
      ])
      expect(answers.filter((ok) => ok)).toHaveLength(1)
      const state = await store.gather(query, T0)
      expect(lineOf(state, 'ip').reserved).toBe(1)
      expect(lineOf(state, 'country').reserved).toBe(5)
      expect(lineOf(state, 'block').reserved).toBe(7)
      expect(state.windows[0]).toBe(1)
      await store.close()
    })

    it('no interleaving of gathers, charges and settlements overspends a line', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom('charge', 'lose', 'release'), fc.nat(3)), {
            maxLength: 60,
          }),
          fc.integer({ min: 1, max: 6 }),
          async (steps, ceiling) => {
            const store = await open()
            const held = [0, 0, 0, 0]
            const pending: Promise<void>[] = []
            for (const [step, k] of steps) {
              const query = queryOf(layout, { device: `d${k}` })
              if (step === 'charge') {
                const ask = Promise.resolve(
                  store.charge(
                    query,
                    demandOf({ device: 1 }, { ceilings: { device: ceiling } }),
                    T0,
                  ),
                )
                pending.push(
                  ask.then((ok) => {
                    if (ok) held[k] = (held[k] ?? 0) + 1
                  }),
                )
              } else {
                await Promise.all(pending.splice(0))
                if ((held[k] ?? 0) === 0) continue
                held[k] = (held[k] ?? 0) - 1
                const part = step === 'lose' ? { reserved: -1, lost: 1 } : { reserved: -1 }
                await store.settle(
                  settlementOf(layout, { moves: [moveOf('device', `d${k}`, part)] }),
                  T0,
                )
              }
            }
            await Promise.all(pending)
            for (const [k, count] of held.entries()) {
              const state = await store.gather(queryOf(layout, { device: `d${k}` }), T0)
              expect(lineOf(state, 'device').reserved).toBe(count)
              expect(count).toBeLessThanOrEqual(ceiling)
            }
            await store.close()
          },
        ),
        { seed: 3, numRuns: 60 },
      )
    })

    it('opens a session once and ends it by its length', async () => {
      const store = await open()
      const query = queryOf(layout, { number: '+2348031234567' })
      expect((await store.gather(query, T0)).sessionAt).toBe(0)
      await store.charge(query, demandOf({ number: 1 }, { opens: true }), T0)
      const { sessionAt } = await store.gather(query, T0 + 9 * MINUTE)
      expect(Math.abs(sessionAt - T0)).toBeLessThanOrEqual(SECOND)
      await store.charge(query, demandOf({ number: 1 }), T0 + 9 * MINUTE)
      expect((await store.gather(query, T0 + 10 * MINUTE + SECOND)).sessionAt).toBe(0)
      await store.close()
    })

    it('a charge given back ends the session it opened, and no other', async () => {
      const store = await open()
      const number = '+2348031234567'
      const query = queryOf(layout, { number })
      const giveBack = (at: number) => {
        const lostFirst = { numberKey: number, at, ends: true, leaves: true }
        return store.settle(settlementOf(layout, { lostFirst }), at + SECOND)
      }
      await store.charge(query, demandOf({ number: 1 }, { opens: true }), T0)
      await giveBack(T0)
      expect((await store.gather(query, T0 + 2 * SECOND)).sessionAt).toBe(0)
      await store.charge(query, demandOf({ number: 1 }, { opens: true }), T0 + MINUTE)
      await giveBack(T0)
      expect((await store.gather(query, T0 + 2 * MINUTE)).sessionAt).toBeGreaterThan(T0)
      await store.close()
    })

    it('remembers who verified a number, by its sources, per service', async () => {
      const store = await open()
      const number = '+2348031234567'
      const own = queryOf(layout, { number }, { sources: ['phone-1', ''] })
      expect((await store.gather(own, T0)).verifiedAt).toBe(0)
      const verified = { numberKey: number, sources: ['phone-1'] }
      await store.settle(settlementOf(layout, { verified }), T0)
      const known = await store.gather(own, T0 + DAY)
      expect(Math.abs(known.verifiedAt - T0)).toBeLessThanOrEqual(SECOND)
      expect(known.sourceKnown).toBe(true)
      const stranger = queryOf(layout, { number }, { sources: ['phone-2', ''] })
      expect((await store.gather(stranger, T0 + DAY)).sourceKnown).toBe(false)
      const nobody = queryOf(layout, { number }, { sources: ['', ''] })
      expect((await store.gather(nobody, T0 + DAY)).sourceKnown).toBe(false)
      const elsewhere = queryOf(layout, { number }, { sources: ['phone-1', ''], service: 'login' })
      expect((await store.gather(elsewhere, T0 + DAY)).verifiedAt).toBe(0)
      await store.close()
    })

    it('grants what all earning caps have room for, and no more', async () => {
      const store = await open()
      const query = queryOf(layout, keys)
      const earn = (caps: { key: string; max: number }[]) =>
        store.settle(
          settlementOf(layout, { moves: [moveOf('block', keys.block, { earned: 100, caps })] }),
          T0,
        )
      await earn([
        { key: 'block|1', max: 250 },
        { key: 'block|ip|1', max: 130 },
      ])
      expect(lineOf(await store.gather(query, T0), 'block').earnedSlow).toBe(100)
      await earn([
        { key: 'block|1', max: 250 },
        { key: 'block|ip|1', max: 130 },
      ])
      expect(lineOf(await store.gather(query, T0), 'block').earnedSlow).toBe(130)
      await earn([
        { key: 'block|1', max: 250 },
        { key: 'block|other|1', max: 130 },
      ])
      expect(lineOf(await store.gather(query, T0), 'block').earnedSlow).toBe(230)
      await earn([
        { key: 'block|1', max: 250 },
        { key: 'block|third|1', max: 130 },
      ])
      expect(lineOf(await store.gather(query, T0), 'block').earnedSlow).toBe(250)
      await store.close()
    })

    it('counts as lost what is beyond the first cap, where nothing repays the rest', async () => {
      const store = await open()
      const query = queryOf(layout, keys)
      const caps = [
        { key: 'block|1', max: 250 },
        { key: 'block|ip|1', max: 1_000 },
      ]
      const earn = (surplusLost: boolean) =>
        store.settle(
          settlementOf(layout, {
            moves: [moveOf('block', keys.block, { earned: 100, caps, surplusLost })],
          }),
          T0,
        )
      for (let i = 0; i < 3; i++) await earn(true)
      expect(lineOf(await store.gather(query, T0), 'block')).toMatchObject({
        earnedSlow: 250,
        lostSlow: 50,
      })
      await earn(true)
      await earn(false)
      expect(lineOf(await store.gather(query, T0), 'block')).toMatchObject({
        earnedSlow: 250,
        lostSlow: 150,
      })
      await store.close()
    })

    it('a clock that steps back decays nothing, frees nothing and forgets nothing', async () => {
      const store = await open()
      const counted = layoutOf({
        windows: [{ subject: 'block', windowMs: HOUR }],
        distinct: [{ of: 'numbers', per: 'ip', windowMs: HOUR }],
      })
      const query = queryOf(counted, { ...keys, number: '+2348031234567' })
      await store.charge(query, demandOf({ block: 100, number: 1 }, { opens: true }), T0)
      const moves = [moveOf('block', keys.block, { reserved: -100, lost: 100 })]
      await store.settle(settlementOf(counted, { moves }), T0)
      const before = await store.gather(query, T0 - 2 * HOUR)
      expect(lineOf(before, 'block')).toMatchObject({ lostFast: 100, lostSlow: 100 })
      expect(before.windows[0]).toBe(1)
      expect(before.sessionAt).toBeGreaterThan(0)
      await store.charge(query, demandOf({ block: 100 }), T0 - 2 * HOUR)
      const after = await store.gather(query, T0)
      expect(lineOf(after, 'block')).toMatchObject({ lostFast: 100, reserved: 100 })
      expect(after.windows[0]).toBe(2)
      await store.close()
    })

    it('requests without a key share no bucket', async () => {
      const store = await open()
      const counted = layoutOf({
        windows: [{ subject: 'ip', windowMs: HOUR }],
        distinct: [{ of: 'numbers', per: 'ip', windowMs: HOUR }],
      })
      const query = queryOf(counted, { country: 'NG', number: '+2348031234567' })
      for (let k = 0; k < 5; k++) await store.charge(query, demandOf({ country: 1 }), T0)
      const state = await store.gather(query, T0)
      expect(state.windows[0]).toBe(0)
      expect(state.distinct[0]).toBe(0)
      expect(lineOf(state, 'ip').reserved).toBe(0)
      await store.close()
    })

    it('services share no line, but what is global', async () => {
      const store = await open()
      const counted = layoutOf({
        windows: [
          { subject: 'ip', windowMs: HOUR },
          { subject: 'global', windowMs: MINUTE },
        ],
        spend: [
          { scope: 'service', period: 'day' },
          { scope: 'global', period: 'day' },
        ],
      })
      const one = queryOf(counted, { ...keys, service: 'signup' })
      const other = queryOf(counted, { ...keys, service: 'login' }, { service: 'login' })
      await store.charge(one, demandOf({ ip: 1, block: 100 }, { price: 100 }), T0)
      const state = await store.gather(other, T0)
      expect(lineOf(state, 'ip').reserved).toBe(0)
      expect([...state.windows]).toEqual([0, 1])
      expect([...state.spend]).toEqual([0, 100])
      await store.close()
    })

    it('charges and settlements made again at their own times give the same lines', async () => {
      const step = fc.record({
        after: fc.integer({ min: 0, max: 2 * HOUR }),
        block: fc.nat(2),
        outcome: fc.constantFrom('earned', 'lost', 'none'),
        delay: fc.integer({ min: SECOND, max: HOUR }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
          const log: { at: number; apply: (store: LineStore) => unknown }[] = []
          let at = T0
          for (const { after, block, outcome, delay } of steps) {
            at += after
            const chargedAt = at
            const key = `+23480341${block}`
            const query = queryOf(layout, { block: key, country: 'NG' })
            log.push({
              at,
              apply: (s) =>
                s.charge(query, demandOf({ block: 110_000, country: 110_000 }), chargedAt),
            })
            if (outcome === 'none') continue
            const part = { reserved: -110_000, [outcome]: 110_000, since: chargedAt }
            const moves = [moveOf('block', key, part), moveOf('country', 'NG', part)]
            const settledAt = at + delay
            log.push({
              at: settledAt,
              apply: (s) => s.settle(settlementOf(layout, { moves }), settledAt),
            })
          }
          log.sort((a, b) => a.at - b.at)
          const live = await open()
          const again = await open()
          for (const { apply } of log) await apply(live)
          for (const { apply } of log) await apply(again)
          for (let block = 0; block < 3; block++) {
            const query = queryOf(layout, { block: `+23480341${block}`, country: 'NG' })
            const expected = [...(await live.gather(query, at + DAY)).lines]
            expect([...(await again.gather(query, at + DAY)).lines]).toEqual(expected)
          }
          await live.close()
          await again.close()
        }),
        { seed: 5, numRuns: 30 },
      )
    })
  })
}
