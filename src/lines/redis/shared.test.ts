import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  demandOf,
  layoutOf,
  lineOf,
  queryOf,
  settlementOf,
  T0,
} from '../../../test/conformance/lines-arrange.js'
import {
  AGAIN,
  CARRIED,
  layout,
  numberOf,
  outcome,
  question,
  see,
  send,
} from '../../../test/conformance/lines-asked.js'
import {
  type RedisProcess,
  skipped,
  startRedis,
  until,
  why,
} from '../../../test/fakes/redis-server.js'
import { LINES } from '../../engine/policy.js'
import { rangesCarried } from '../../engine/readings.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import { type RedisLines, redisLines } from './redis.js'

describe.skipIf(skipped)(`lines in Redis, several gateways${why}`, () => {
  let server: RedisProcess
  let gateways: RedisLines[] = []
  let opened = 0

  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  async function three(): Promise<RedisLines[]> {
    const prefix = `s${opened++}:`
    gateways = await Promise.all(
      [0, 1, 2].map(() => redisLines({ url: server.url, prefix, commandMs: 20_000 })),
    )
    return gateways
  }
  const close = () => Promise.all(gateways.map((gateway) => gateway.close()))

  it('hammer the same lines and never overspend a ceiling, however they reserve', async () => {
    const step = fc.record({
      gateway: fc.nat(2),
      device: fc.nat(2),
      first: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 9 }),
        async (steps, ceiling) => {
          const stores = await three()
          const held = [0, 0, 0]
          const demand = demandOf(
            { device: 1, country: 100 },
            { ceilings: { device: ceiling }, price: 100, opens: true },
          )
          await Promise.all(
            steps.map(async ({ gateway, device, first }) => {
              const store = stores[gateway] as RedisLines
              const query = queryOf(layoutOf(), { device: `d${device}`, country: 'NG' })
              if (first) {
                // as a decision does: what it was decided on is what it was reserved on
                const state = await store.gatherAndReserve(query, 100, T0)
                if ((lineOf(state, 'device').reserved ?? 0) + 1 > ceiling)
                  return store.release(query)
              }
              if (await store.charge(query, demand, T0)) held[device] = (held[device] ?? 0) + 1
            }),
          )
          for (const [device, count] of held.entries()) {
            const query = queryOf(layoutOf(), { device: `d${device}` })
            // what was given back is on its way
            await until('nothing but what was charged is reserved', async () => {
              const state = await (stores[0] as RedisLines).gather(query, T0)
              return lineOf(state, 'device').reserved === count
            })
          }
          await close()
          for (const count of held) expect(count).toBeLessThanOrEqual(ceiling)
        },
      ),
      { seed: 17, numRuns: 8 },
    )
  })

  it('see each other: what is reserved, given back, counted and settled', async () => {
    const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
    const query = question(1)
    await one.gatherAndReserve(query, 1, T0)
    const seen = await other.gather(question(2), T0)
    expect(lineOf(seen, 'block').reserved).toBe(1)
    expect(lineOf(seen, 'device').reserved).toBe(1)
    one.release(query)
    await until('what was refused is given back', async () => {
      const state = await other.gather(question(2), T0)
      return lineOf(state, 'block').reserved === 0 && lineOf(state, 'device').reserved === 0
    })
    expect((await other.gather(question(2), T0)).counters.block.sends1h).toBe(0)
    await send(one, T0, 3)
    await outcome(other, T0 + MINUTE, 3, 'lost')
    expect((await see(one, T0 + MINUTE)).block.lost1h).toBe(1)
    await close()
  })

  it('a refusal that counts is counted once, and holds nothing', async () => {
    const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
    const query = question(1)
    await one.gatherAndReserve(query, 1, T0)
    await one.count(query, T0)
    await until('it counts as asked', async () => {
      const state = await other.gather(question(2), T0)
      return state.counters.block.sends1h === 1 && lineOf(state, 'block').reserved === 0
    })
    expect((await other.gather(question(1), T0)).sessionAt).toBe(0)
    await close()
  })

  it('a resend is charged what a resend costs, though more was reserved', async () => {
    const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
    await send(one, T0, 1)
    const again = question(1)
    const state = await one.gatherAndReserve(again, 1, T0 + MINUTE)
    expect(state.sessionAt).toBeGreaterThan(0)
    const sources = Object.fromEntries(
      ['ip', 'subnet', 'network', 'device', 'account', 'number'].map((name) => [name, 1]),
    )
    expect(one.charge(again, demandOf(sources, { price: 1 }), T0 + MINUTE)).toBe(true)
    await until('ranges are not charged twice', async () => {
      const now = await other.gather(question(1), T0 + MINUTE)
      return lineOf(now, 'block').reserved === 1 && lineOf(now, 'number').reserved === 2
    })
    const now = await other.gather(question(1), T0 + MINUTE)
    expect(now.counters.block.sends1h).toBeCloseTo(1, 1)
    expect(now.counters.sessionSends).toBe(2)
    expect(now.sessionAt).toBe(state.sessionAt)
    await close()
  })

  it.each([
    ['and stays on the ranges of the message that its session has carried', true, 'release'],
    ['so too where it is denied, which counts', true, 'count'],
    ['and leaves nothing where it has carried none', false, 'release'],
  ] as const)(
    'what was reserved by a gateway that stood still is given back late, %s',
    async (_, carried, as) => {
      const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
      const at = T0 + 3_000
      const first = question(1)
      await one.gatherAndReserve(first, 1, T0)
      if (carried) {
        const again = question(1)
        expect(rangesCarried(await other.gather(again, at))).toBe(3)
        expect(await other.charge(again, demandOf(AGAIN, { price: 1, carried: true }), at)).toBe(
          true,
        )
      }
      const { now } = performance
      const still = vi
        .spyOn(performance, 'now')
        .mockImplementation(() => now.call(performance) + 4_000)
      if (as === 'release') one.release(first)
      else await one.count(first, T0)
      still.mockRestore()
      await until('it is over', async () => (await other.gather(question(1), at)).sessionAt === 0)
      await until('nothing is in flight', async () => {
        const state = await other.gather(question(2), at)
        return lineOf(state, 'block').reserved === 0 && lineOf(state, 'operator').reserved === 0
      })
      const state = await other.gather(question(2), at)
      for (const line of ['block', 'operator'] as const)
        expect(lineOf(state, line).lostSlow).toBeCloseTo(carried ? 1 : 0, 2)
      expect(lineOf(state, 'country').lostSlow).toBe(0)
      await close()
    },
  )

  it.each(['gather', 'gatherAndReserve'] as const)(
    'a message whose session has ended since it was decided is not carried by it: %s',
    async (gather) => {
      const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
      const at = T0 + MINUTE
      const reserved = async () => lineOf(await one.gather(question(2), at), 'ip').reserved
      await send(one, T0, 1)
      await until('its session is open', async () => (await see(other, at, 1)).sessionSends === 1)
      const again = question(1)
      expect((await other[gather](again, 1, at)).sessionAt).toBe(T0 - 500)
      // no provider took the first one
      const lostFirst = { numberKey: numberOf(1), at: T0, ends: true, leaves: true }
      await one.settle(settlementOf(layout, { lostFirst }), at)
      expect(await other.charge(again, demandOf(AGAIN, { price: 1, carried: true }), at)).toBe(
        false,
      )
      await until('nothing of it is reserved', async () => (await reserved()) === 1)
      await close()
    },
  )

  it('what was charged though nobody heard of it is given back, with the session that it opened', async () => {
    const [, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
    const errors: Error[] = []
    const one = await redisLines({
      ...{ url: server.url, prefix: `s${opened - 1}:`, commandMs: 100 },
      onError: (error) => errors.push(error),
    })
    server.pause()
    const cost = Object.fromEntries(Object.keys(CARRIED).map((line) => [line, 1]))
    const unheard = one.charge(question(1), demandOf(cost, { price: 1, opens: true }), T0)
    await expect(unheard).rejects.toThrow(/too slow/)
    await until('it is given back, and nobody hears of that either', () => errors.length === 1)
    server.resume()
    const state = await other.gather(question(1), T0)
    expect(state.sessionAt).toBe(0)
    for (const line of ['block', 'country', 'ip'] as const)
      expect(lineOf(state, line).reserved).toBe(0)
    await one.close()
    await close()
  })

  it('what a gateway reserved and never recorded is free again after two hours', async () => {
    const [one, other] = (await three()) as [RedisLines, RedisLines, RedisLines]
    await one.gatherAndReserve(question(1), 1, T0)
    const at = async (now: number) => lineOf(await other.gather(question(2), now), 'block').reserved
    expect(await at(T0 + HOUR)).toBe(1)
    expect(await at(T0 + 2 * HOUR)).toBe(0)
    await close()
  })

  it('hundreds of charges on one line at once: all of them there, its value short', async () => {
    const stores = await three()
    const query = (n: number) =>
      queryOf(layout, { ...CARRIED, number: numberOf(n), device: `d${n}` }, { subscriber: n })
    const lines = ['block', 'country', 'number', 'device'] as const
    const demand = demandOf(Object.fromEntries(lines.map((line) => [line, 1])), { opens: true })
    const N = 450
    for (let from = 0; from < N; from += 90)
      await Promise.all(
        Array.from({ length: 90 }, (_, k) =>
          (stores[k % 3] as RedisLines).charge(query(from + k), demand, T0 + from + k),
        ),
      )
    const state = await (stores[0] as RedisLines).gather(query(9_999), T0 + N)
    expect(lineOf(state, 'country').reserved).toBe(N)
    expect(state.counters.country.sends1h).toBeGreaterThan(0.99 * N)
    const longest = server.ask(
      'EVAL',
      `local n = 0 for _, k in ipairs(redis.call('KEYS', ARGV[1])) do local l = redis.call('STRLEN', k) if l > n then n = l end end return n`,
      '0',
      `s${opened - 1}:*`,
    )
    expect(Number(longest)).toBeLessThan(12_000)
    await close()
  })

  it('a line with all that hangs on it takes at most 200 bytes once its send is settled', async () => {
    const [one] = (await three()) as [RedisLines, RedisLines, RedisLines]
    const kept = layoutOf({
      windows: [10 * MINUTE, HOUR].flatMap((windowMs) =>
        (['number', 'ip', 'device', 'account'] as const).map((subject) => ({ subject, windowMs })),
      ),
      distinct: (['ip', 'subnet', 'network', 'device', 'account'] as const).map((per) => ({
        of: 'numbers' as const,
        per,
        windowMs: HOUR,
      })),
    })
    // as in life: many people, in one country, at one operator
    const numbersOf = (line: string): number =>
      ['operator', 'country', 'abroad', 'service', 'network'].includes(line) ? 1 : 20
    const bytes = (): number[] =>
      server
        .ask(
          'EVAL',
          `local out = {} for i, k in ipairs(redis.call('KEYS', ARGV[1])) do out[i] = redis.call('MEMORY', 'USAGE', k) end return out`,
          '0',
          `s${opened - 1}:{*`,
        )
        .split('\n')
        .map(Number)
    const once = async (n: number, at: number) => {
      const costs = Object.fromEntries(LINES.map((line) => [line, 1]))
      const query = queryOf(
        kept,
        {
          ...Object.fromEntries(LINES.map((line) => [line, `${line}-${n % numbersOf(line)}`])),
          number: numberOf(n % 20),
        },
        { subscriber: n % 20 },
      )
      await one.charge(query, demandOf(costs, { opens: true }), at)
      const part = { reserved: -1, earned: 1, since: at }
      const moves = LINES.map((line, i) => ({
        ...{ line, key: query.keys[i] ?? '', lost: 0, caps: [], surplusLost: false },
        ...part,
      }))
      await one.settle(
        {
          service: 'signup',
          layout: kept,
          moves,
          outcome: { what: 'verified', delayMs: 9_000 },
          verified: null,
          refund: null,
          lostFirst: null,
        },
        at + 9_000,
      )
    }
    for (const visits of [1, 3]) {
      for (let n = 0; n < 20 * visits; n++) await once(n, T0 + n * 7 * MINUTE)
      const all = bytes()
      const mean = all.reduce((sum, n) => sum + n, 0) / all.length
      expect(mean).toBeLessThanOrEqual(200)
    }
    await close()
  })
})
