import { afterEach, describe, expect, it } from 'vitest'
import {
  demandOf,
  layoutOf,
  lineOf,
  moveOf,
  queryOf,
  settlementOf,
  T0,
} from '../../../test/conformance/lines-arrange.js'
import { outcome, question, see, send } from '../../../test/conformance/lines-asked.js'
import {
  skipped,
  startCluster,
  startRedis,
  startSentinels,
  until,
  why,
} from '../../../test/fakes/redis-server.js'
import { MINUTE } from '../../engine/units.js'
import { crc16 } from './crc16.js'
import { type RedisLines, type RedisLinesOptions, redisLines } from './redis.js'

describe.skipIf(skipped)(`lines in Redis, when it fails${why}`, () => {
  const toStop: { stop(): Promise<void> }[] = []
  const toClose: RedisLines[] = []
  const running = <T extends { stop(): Promise<void> }>(server: T): T => {
    toStop.push(server)
    return server
  }
  const open = async (options: RedisLinesOptions): Promise<RedisLines> => {
    const store = await redisLines({ commandMs: 20_000, onError: () => undefined, ...options })
    toClose.push(store)
    return store
  }
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((store) => store.close()))
    await Promise.all(toStop.splice(0).map((server) => server.stop()))
  })
  const query = queryOf(layoutOf(), { device: 'd1', country: 'NG', number: '+2348031234567' })
  const one = demandOf({ device: 1, country: 100 })
  const owed = async (store: RedisLines) => lineOf(await store.gather(query, T0), 'device').reserved
  const works = (store: RedisLines): Promise<boolean> =>
    store.gather(query, T0).then(
      () => true,
      () => false,
    )

  it('scripts that are gone are sent again', async () => {
    const server = running(await startRedis())
    const store = await open({ url: server.url })
    await store.charge(query, one, T0)
    expect(server.ask('SCRIPT', 'FLUSH')).toBe('OK')
    expect(await store.charge(query, one, T0)).toBe(true)
    await store.settle(
      settlementOf(layoutOf(), { moves: [moveOf('device', 'd1', { reserved: -1 })] }),
      T0,
    )
    expect(await owed(store)).toBe(1)
  })

  it('a server that was started again with its file has every line', async () => {
    const server = running(await startRedis({ durable: true }))
    const store = await open({ url: server.url })
    await store.found()
    await store.charge(query, one, T0)
    await server.restart()
    await until('it is reached again', () => works(store))
    expect(await owed(store)).toBe(1)
    expect(await store.intact()).toBe(true)
    expect(await store.healthy()).toBe(true)
  })

  it('one that comes back empty says so, and names lines as before', async () => {
    const server = running(await startRedis())
    const store = await open({ url: server.url })
    const other = await open({ url: server.url })
    expect(await store.intact()).toBe(false)
    await store.found()
    expect(await other.intact()).toBe(true)
    await store.charge(query, one, T0)
    await server.restart()
    await until('both are back', async () => (await works(store)) && (await works(other)))
    expect(await other.intact()).toBe(false)
    await other.charge(query, one, T0)
    expect(await owed(store)).toBe(1)
    const third = await open({ url: server.url })
    expect(await owed(third)).toBe(1)
    await third.forget()
    expect(await owed(store)).toBe(0)
    expect(server.ask('KEYS', '*').split('\n')).toEqual(['tollgate:seed'])
  })

  it('a replica takes over behind sentinels, with what was charged', async () => {
    const servers = running(await startSentinels())
    const store = await open({ url: servers.url, connectMs: 10_000 })
    await store.charge(query, one, T0)
    await until(
      'the replica has it',
      () => servers.servers[1].ask('DBSIZE') === servers.servers[0].ask('DBSIZE'),
    )
    await servers.failover()
    await until('the new primary is found', () => works(store))
    expect(await owed(store)).toBe(1)
    expect(await store.charge(query, one, T0)).toBe(true)
    expect(await owed(store)).toBe(2)
  })

  it('a cluster charges on all its shards or on none, and survives a failover and a slot that moves', async () => {
    const cluster = running(await startCluster())
    const store = await open({ url: cluster.url, connectMs: 10_000 })
    await store.found()
    expect(await store.intact()).toBe(true)
    await send(store, T0, 1)
    await outcome(store, T0 + MINUTE, 1, 'verified')
    expect((await see(store, T0 + MINUTE)).country.verified1h).toBeCloseTo(1, 3)
    const full = demandOf({ ip: 1, block: 1, country: 1 }, { ceilings: { ip: 0 } })
    expect(await store.charge(question(2), full, T0)).toBe(false)
    const state = await store.gather(question(2), T0)
    for (const line of ['ip', 'block', 'country'] as const)
      expect(lineOf(state, line).reserved).toBe(0)

    // reserved in one step on several shards, and given back on all of them
    const asked = question(3)
    await store.gatherAndReserve(asked, 1, T0)
    expect(lineOf(await store.gather(question(4), T0), 'block').reserved).toBe(1)
    store.release(asked)
    await until('all of it is given back', async () => {
      const { lines } = await store.gather(question(4), T0)
      return lines.every((amount, i) => i % 5 !== 4 || amount === 0)
    })

    await store.charge(query, one, T0)
    const key = cluster.servers
      .slice(0, 3)
      .flatMap((server) => server.ask('--scan', '--pattern', 'tollgate:{*').split('\n'))
      .filter((name) => !name.includes('whole') && name !== '')
    expect(key.length).toBeGreaterThan(5)
    for (const name of key.slice(0, 3)) {
      const tag = /\{(..)\}/.exec(name)?.[1] ?? ''
      cluster.moveSlot(crc16(tag) % 16_384, 0)
    }
    await until('moved slots are found', () => works(store))
    expect(await owed(store)).toBe(1)

    await cluster.failover(2)
    await until('the replica is found', () => works(store))
    expect(await owed(store)).toBe(1)
    expect(await store.charge(query, one, T0)).toBe(true)
  }, 90_000)

  describe('says what is wrong and what to do', () => {
    const fault = async (options: RedisLinesOptions): Promise<string> => {
      try {
        await open(options)
        return 'no fault'
      } catch (error) {
        return error instanceof Error ? `${error.name} ${error.message}` : String(error)
      }
    }

    it('nobody there', async () => {
      const server = await startRedis()
      await server.stop()
      const text = await fault({ url: server.url, connectMs: 500, commandMs: 500 })
      expect(text).toContain('RedisLinesError')
      expect(text).toContain(`127.0.0.1:${server.port} is not reachable`)
      expect(text).toContain('firewall')
    })

    it('a wrong password, which is not repeated', async () => {
      const server = running(await startRedis({ password: 'right' }))
      const url = `redis://:guessed@127.0.0.1:${server.port}`
      for (const of of [url, `redis://127.0.0.1:${server.port}`]) {
        const text = await fault({ url: of })
        expect(text).toContain('refusing this gateway')
        expect(text).not.toContain('guessed')
      }
      expect(await fault({ url: server.url })).toBe('no fault')
    })

    it('a replica', async () => {
      const primary = running(await startRedis())
      const replica = running(
        await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] }),
      )
      await until('it follows', () =>
        replica.ask('INFO', 'replication').includes('master_link_status:up'),
      )
      expect(await fault({ url: replica.url })).toMatch(/read-only.*sentinel/)
    })

    it('a full one', async () => {
      const server = running(await startRedis())
      const store = await open({ url: server.url })
      server.ask('CONFIG', 'SET', 'maxmemory', '1mb')
      server.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      await expect(store.gatherAndReserve(query, 1, T0)).rejects.toThrow(/full.*raise maxmemory/)
      await expect(store.charge(query, one, T0)).rejects.toThrow(/full/)
    })

    it('one that stands still, within the time limit', async () => {
      const server = running(await startRedis())
      const store = await open({ url: server.url, commandMs: 300 })
      server.pause()
      await expect(store.gather(query, T0)).rejects.toThrow(/too slow.*SLOWLOG/)
      server.resume()
      await until('it answers again', () => works(store))
    })

    it('one that may throw lines away', async () => {
      const server = running(
        await startRedis({ args: ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'] }),
      )
      const told: string[] = []
      await open({ url: server.url, onError: ({ message }) => told.push(message) })
      expect(told.join()).toMatch(/allkeys-lru.*volatile-ttl/)
    })
  })
})
