import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { demandOf, layoutOf, lineOf, queryOf, T0 } from '../../../test/conformance/lines-arrange.js'
import {
  type RedisProcess,
  skipped,
  startRedis,
  until,
  why,
} from '../../../test/fakes/redis-server.js'
import { type RedisLines, redisLines } from '../redis/redis.js'
import { type FailSafeLines, failSafeLines } from './fail-safe.js'

const COST = 10
const layout = layoutOf()
let asked = 0
const ask = (subscriber = 0) => {
  const number = `+23480312${String(subscriber).padStart(5, '0')}`
  return queryOf(layout, { block: number.slice(0, -4), country: 'NG', number })
}
const demand = () =>
  demandOf({ block: COST, country: COST, number: 1 }, { price: COST, opens: true })

/** Two gateways on one real Redis that is killed, stands still and comes back. */
describe.skipIf(skipped)(`a Redis that is lost${why}`, () => {
  let server: RedisProcess
  let shared: RedisLines[]
  let gateways: FailSafeLines[]

  beforeAll(async () => {
    server = await startRedis({ durable: true })
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    const prefix = `f${asked++}:`
    const onError = () => undefined
    shared = await Promise.all(
      [0, 1].map(() => redisLines({ url: server.url, prefix, seed: 1, onError })),
    )
    gateways = shared.map((store) =>
      failSafeLines({ store, share: 1 / 2, timeoutMs: 150, clock: () => T0, probeMs: 20, onError }),
    )
  })
  afterEach(() => Promise.all(gateways.map((gateway) => gateway.close())))

  /** One decision of a gateway, decided again once. @returns on what it was decided; `null`: neither time */
  async function decide(gateway: FailSafeLines, subscriber: number): Promise<string | null> {
    const query = ask(subscriber)
    for (let round = 0; round < 2; round++) {
      const reserve = gateway.gatherAndReserve
      const state =
        reserve === undefined ? await gateway.gather(query, T0) : await reserve(query, COST, T0)
      if (await gateway.charge(query, demand(), T0)) return state.standIn ?? 'shared'
    }
    return null
  }
  const state = (at: string) => () => gateways.every((gateway) => gateway.condition().state === at)
  const inShared = async () => {
    const { reserved } = lineOf(await (shared[0] as RedisLines).gather(ask(), T0), 'country')
    return reserved
  }
  async function traffic(each: number): Promise<string[]> {
    const made: string[] = []
    for (let k = 0; k < each; k++)
      for (const gateway of gateways) {
        const on = await decide(gateway, made.length)
        if (on !== null) made.push(on)
      }
    return made
  }

  test('killed: decided apart, and everything is in it when it is back', async () => {
    expect(await traffic(3)).toEqual(new Array(6).fill('shared'))
    await server.kill()
    const apart = await traffic(5)
    expect(apart).toContain('degraded')
    await until('the circuits are open', state('lost'))
    expect(await traffic(2)).toEqual(new Array(4).fill('degraded'))
    await server.restart()
    await until('they are back', state('ok'))
    expect(await traffic(1)).toEqual(['shared', 'shared'])
    for (const gateway of gateways)
      expect(gateway.condition()).toMatchObject({ waiting: 0, dropped: 0 })
    expect(await inShared()).toBeGreaterThanOrEqual(COST * (6 + apart.length + 4 + 2))
  })

  test('standing still: nobody waits longer than the limit, and what it did in its sleep is given back', async () => {
    expect(await traffic(2)).toEqual(new Array(4).fill('shared'))
    server.pause()
    const apart = await traffic(4)
    expect(apart).toEqual(new Array(8).fill('degraded'))
    await until('the circuits are open', state('lost'))
    server.resume()
    await until('they are back', state('ok'))
    await until('nothing waits', () => gateways.every((g) => g.condition().waiting === 0))
    expect(await traffic(1)).toEqual(['shared', 'shared'])
    await until('what it reserved in its sleep is given back', async () => {
      return (await inShared()) === COST * (4 + 8 + 2)
    })
  })
})
