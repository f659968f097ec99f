import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesConformance } from '../../../test/conformance/lines.js'
import { demandOf, layoutOf, lineOf, queryOf, T0 } from '../../../test/conformance/lines-arrange.js'
import { decisionsOn, recordLog } from '../../../test/conformance/lines-recorded.js'
import {
  skipped,
  startCluster,
  startSentinels,
  until,
  why,
} from '../../../test/fakes/redis-server.js'
import { memoryLines } from '../memory/memory.js'
import { IN_FLIGHT_MS } from './in-flight.js'
import { type RedisLines, redisLines } from './redis.js'

/** What a single Redis keeps to (`redis.test.ts`, `shared.test.ts`), the other two do as well. */
describe.skipIf(skipped).each([
  { kind: 'a redis cluster', start: startCluster },
  { kind: 'redis behind sentinels', start: startSentinels },
])(`lines in $kind${why}`, ({ kind, start }) => {
  let servers: { url: string; stop(): Promise<void> } | null = null
  let opened = 0
  const at = (prefix: string): Promise<RedisLines> =>
    redisLines({
      ...{ url: servers?.url ?? '', prefix, seed: 1 },
      ...{ connectMs: 10_000, commandMs: 20_000 },
    })
  const open = () => at(`t${opened++}:`)

  beforeAll(async () => {
    servers = await start()
  })
  afterAll(() => servers?.stop())

  linesConformance(kind, open, { inFlightMs: IN_FLIGHT_MS })

  it('decides as the embedded store does', async () => {
    const log = await recordLog('three-minute-flood', 1_000)
    const expected = await decisionsOn(memoryLines({ seed: 1, capacity: 200_000 }), log)
    const store = await open()
    const made = await decisionsOn(store, log)
    await store.close()
    expect(new Set(expected.map((d) => (d as { verdict: string }).verdict)).size).toBeGreaterThan(1)
    expect(made).toEqual(expected)
  })

  it('three gateways that hammer a line never overspend it, on whatever shard it is', async () => {
    const gateways = await Promise.all([at('s:'), at('s:'), at('s:')])
    const CEILING = 7
    const LINES = 12
    const query = (n: number) => queryOf(layoutOf(), { device: `d${n}`, country: 'NG' })
    const demand = demandOf(
      { device: 1, country: 100 },
      { ceilings: { device: CEILING }, price: 100, opens: true },
    )
    const held: number[] = new Array(LINES).fill(0)
    await Promise.all(
      Array.from({ length: LINES * 30 }, async (_, i) => {
        const store = gateways[i % 3] as RedisLines
        const n = Math.floor(i / 3) % LINES
        const asked = query(n)
        if (i % 2 === 0) {
          const state = await store.gatherAndReserve(asked, 100, T0)
          if ((lineOf(state, 'device').reserved ?? 0) + 1 > CEILING) return store.release(asked)
        }
        if (await store.charge(asked, demand, T0)) held[n] = (held[n] ?? 0) + 1
      }),
    )
    for (const [n, count] of held.entries()) {
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThanOrEqual(CEILING)
      await until('nothing but what was charged is reserved', async () => {
        const state = await (gateways[n % 3] as RedisLines).gather(query(n), T0)
        return lineOf(state, 'device').reserved === count
      })
    }
    await Promise.all(gateways.map((gateway) => gateway.close()))
  })
})
