import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { demandOf, T0 } from '../../../test/conformance/lines-arrange.js'
import { outcome, question, RANGE_LINES, see, send } from '../../../test/conformance/lines-asked.js'
import { BLOCK_LONG_MS, LONG_MS, SHORT_MS } from '../../engine/signals/decayed.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { memoryLines } from './memory.js'
import { gapSince } from './range-counters.js'

/** The last sixteen different numbers, in the order of their first being asked for, and how many pairs differ by one. */
function recount(asked: readonly number[]): { neighbours: number; remembered: number } {
  let last: number[] = []
  for (const digits of asked) if (!last.includes(digits)) last = [...last, digits].slice(-16)
  const neighbours = last.filter((digits) => last.includes(digits + 1)).length
  return { neighbours, remembered: last.length }
}

const near = fc.oneof(fc.nat(40), fc.integer({ min: 9_980, max: 9_999 }), fc.nat(9_999))

describe('counters of a range', () => {
  it('neighbours are those a recount of the last sixteen different numbers finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ digits: near, as: fc.constantFrom('send', 'read first', 'asked') }), {
          maxLength: 80,
          size: 'max',
        }),
        (steps) => {
          const store = memoryLines({ seed: 1, capacity: 1_000 })
          const asked: number[] = []
          for (const [k, { digits, as }] of steps.entries()) {
            // a session later each time, so that every send opens one
            const at = T0 + k * 11 * MINUTE
            const query = question(digits)
            if (as !== 'send') store.gather(query, at)
            if (as === 'asked') store.count(query, at)
            else store.charge(query, demandOf({ number: 1 }, { opens: true }), at)
            asked.push(digits)
            const { neighbours, remembered } = store.gather(question(1), at).counters.block
            expect({ neighbours, remembered }).toEqual(recount(asked))
          }
        },
      ),
      { seed: 11, numRuns: 200 },
    )
  })

  it('sums are those of a recount with every event decayed since', async () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 40 * MINUTE }),
      what: fc.constantFrom('send', 'verified', 'lost', 'failed'),
      delay: fc.integer({ min: 1_000, max: 200_000 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
        async (steps) => {
          const store = memoryLines({ seed: 1, capacity: 10_000 })
          const log: { at: number; what: string; amount: number }[] = []
          await send(store, T0, 0)
          log.push({ at: T0, what: 'send', amount: 1 })
          let at = T0
          for (const [k, { after, what, delay }] of steps.entries()) {
            at += after
            if (what === 'send') await send(store, at, k + 1)
            else await outcome(store, at, k + 1, what, delay)
            log.push({ at, what, amount: 1 })
            if (what === 'verified') log.push({ at, what: 'delay', amount: delay })
          }
          const now = at + 30 * MINUTE
          const sum = (what: string, halfLifeMs: number): number =>
            log
              .filter((e) => e.what === what)
              .reduce((s, e) => s + e.amount * 0.5 ** ((now - e.at) / halfLifeMs), 0)
          const counters = await see(store, now)
          for (const name of RANGE_LINES) {
            const range = counters[name]
            const long = name === 'block' ? BLOCK_LONG_MS : LONG_MS
            const pairs: [number, number][] = [
              [range.sends15m, sum('send', SHORT_MS)],
              [range.sends1h, sum('send', HOUR)],
              [range.verified15m, sum('verified', SHORT_MS)],
              [range.lost15m, sum('lost', SHORT_MS)],
              [range.verified1h, sum('verified', HOUR)],
              [range.lost1h, sum('lost', HOUR)],
              [range.failed1h, sum('failed', HOUR)],
              [range.verifiedLong, sum('verified', long)],
              [range.lostLong, sum('lost', long)],
              [range.delays.n, sum('verified', long)],
              [range.delays.sum, sum('delay', long)],
            ]
            // whole seconds: a quarter of an hour decays by less than a thousandth in one
            for (const [seen, expected] of pairs)
              expect(Math.abs(seen - expected)).toBeLessThanOrEqual(2e-3 * Math.max(1, expected))
          }
        },
      ),
      { seed: 12, numRuns: 60 },
    )
  })

  it('survives a dump and a load, with what it remembers', async () => {
    const store = memoryLines({ seed: 1, capacity: 10_000 })
    for (let k = 0; k < 20; k++) {
      await send(store, T0 + k * MINUTE, 3 * k + (k % 2))
      await outcome(store, T0 + k * MINUTE, 3 * k, k % 3 === 0 ? 'lost' : 'verified')
    }
    const restored = memoryLines({ seed: 2, capacity: 10_000 })
    restored.load(Buffer.concat(store.dump()))
    const expected = await see(store, T0 + HOUR)
    expect(expected.block.remembered).toBe(16)
    expect(expected.block.delays.n).toBeGreaterThan(10)
    expect(await see(restored, T0 + HOUR)).toEqual(expected)
    // and goes on from there
    for (const lines of [store, restored]) await send(lines, T0 + HOUR, 1)
    expect(await see(restored, T0 + DAY)).toEqual(await see(store, T0 + DAY))
  })
})

describe('the gap since the last send', () => {
  const last = 1_000_000
  const rows: [string, number, number, number, number][] = [
    ['at once', last, 0, last, 0],
    ['three seconds', last, 3_000, last + 3_000, 3_000],
    ['an hour at most, by its age', last, 2 * HOUR, last + 2 * HOUR, HOUR],
    ['an hour at most, while outcomes kept its age young', last, 0, last + 2 * HOUR, HOUR],
    ['49 days later it is no gap of a moment', last, 2 ** 32, last + 2 ** 32, HOUR],
    ['over the edge of its 32 bits', 2 ** 32 - 500, 1_000, 2 ** 32 + 500, 1_000],
    ['none for what comes out of order', last, 0, last - 40, 0],
    ['none back over the edge of its 32 bits', 200, 0, 2 ** 32 - 100, 0],
  ]
  it.each(rows)('%s', (_, lastMs, ageMs, now, gap) => {
    expect(gapSince(lastMs >>> 0, ageMs, now)).toBe(gap)
  })
})
