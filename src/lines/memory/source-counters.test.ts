import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { T0 } from '../../../test/conformance/lines-arrange.js'
import { outcome, see, send } from '../../../test/conformance/lines-asked.js'
import type { Sums } from '../../engine/signals/counters.js'
import { variation } from '../../engine/signals/decayed.js'
import { DAY, HOUR, SECOND } from '../../engine/units.js'
import { memoryLines } from './memory.js'

const open = () => memoryLines({ seed: 1, capacity: 10_000 })
const delaysOf = async (store: ReturnType<typeof open>, at: number): Promise<Sums> =>
  (await see(store, at)).device?.delays ?? { n: -1, sum: -1, squares: -1 }
const deviationOf = ({ n, sum, squares }: Sums): number =>
  Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2))

describe('counters of a source', () => {
  it('mean and deviation of its delays are those of a recount that weighs old ones less', async () => {
    const step = fc.record({
      after: fc.integer({ min: 0, max: 8 * HOUR }),
      delay: fc.integer({ min: SECOND, max: 300 * SECOND }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
        async (steps) => {
          const store = open()
          let at = T0
          const log: { at: number; delay: number }[] = []
          for (const [k, { after, delay }] of steps.entries()) {
            at += after
            await send(store, at, k)
            await outcome(store, at, k, 'verified', delay)
            log.push({ at, delay })
          }
          const weight = (e: { at: number }): number => 0.5 ** ((at - e.at) / DAY)
          const n = log.reduce((s, e) => s + weight(e), 0)
          const mean = log.reduce((s, e) => s + weight(e) * e.delay, 0) / n
          const spread = log.reduce((s, e) => s + weight(e) * (e.delay - mean) ** 2, 0) / n
          const delays = await delaysOf(store, at)
          expect(Math.abs(delays.n / n - 1)).toBeLessThan(1e-3)
          // kept in steps of 10 ms, rounded at each
          expect(Math.abs(delays.sum / delays.n - mean)).toBeLessThan(50)
          expect(Math.abs(deviationOf(delays) - Math.sqrt(spread))).toBeLessThan(200)
        },
      ),
      { seed: 13, numRuns: 100 },
    )
  })

  it('a script that always waits the same shows no variation, however often it verifies', async () => {
    const store = open()
    for (let k = 0; k < 40; k++) {
      await send(store, T0, k)
      await outcome(store, T0, k, 'verified', 12_000)
    }
    expect(variation(await delaysOf(store, T0))).toBeLessThan(0.01)
  })

  it('a delay beyond eleven minutes counts as that long', async () => {
    const store = open()
    for (const k of [1, 2]) {
      await send(store, T0, k)
      await outcome(store, T0, k, 'verified', HOUR)
    }
    const delays = await delaysOf(store, T0)
    expect(delays.sum / delays.n).toBe(0xffff * 10)
    expect(deviationOf(delays)).toBeLessThan(1)
  })

  it('how it enters codes outlasts the codes: few left, the same mean', async () => {
    const store = open()
    await send(store, T0, 1)
    await outcome(store, T0, 1, 'verified', 30 * SECOND)
    const { n, sum } = await delaysOf(store, T0 + DAY)
    expect(n).toBeCloseTo(0.5, 4)
    expect(sum / n).toBeCloseTo(30 * SECOND, 3)
  })
})
