import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { moveOf, settlementOf, T0 } from '../../../test/conformance/lines-arrange.js'
import { layout, numberOf, outcome, question, send } from '../../../test/conformance/lines-asked.js'
import {
  type RedisCluster,
  type RedisProcess,
  type RedisSentinels,
  skipped,
  startCluster,
  startRedis,
  startSentinels,
  why,
} from '../../../test/fakes/redis-server.js'
import { MINUTE } from '../../engine/units.js'
import { type RedisLines, redisLines } from './redis.js'
import { aclCommand, RIGHTS } from './rights.js'

const PASSWORD = 'of-this-test'
/** Without them something is not known, or not needed here: no fault of the lines. */
const OPTIONAL = new Set<string>([
  ...['config|get', 'cluster|slots', 'cluster|info', 'client|setname', 'eval', 'info'],
])
const withUser = (url: string): string => url.replace('://', `://gate:${PASSWORD}@`)

/** Everything that a gateway asks of its lines. */
async function everything(store: RedisLines): Promise<void> {
  await store.found()
  expect(await store.intact()).toBe(true)
  expect(await store.healthy()).toBe(true)
  await send(store, T0, 1)
  await outcome(store, T0 + MINUTE, 1, 'verified')
  await send(store, T0, 2)
  await outcome(store, T0 + MINUTE, 2, 'lost')
  const caps = [{ key: 'block', max: 5 }]
  await store.settle(
    settlementOf(layout, {
      moves: [moveOf('block', numberOf(1).slice(0, -4), { earned: 1, caps })],
      verified: { numberKey: numberOf(1), sources: [] },
    }),
    T0 + MINUTE,
  )
  const refused = question(3)
  await store.gatherAndReserve(refused, 1, T0)
  await store.count(refused, T0)
  const left = question(4)
  await store.gatherAndReserve(left, 1, T0)
  store.release(left)
  await store.gather(question(5), T0)
  await store.forget()
}

describe.skipIf(skipped)(`a user of Redis with no more rights than needed${why}`, () => {
  let single: RedisProcess
  const servers: { stop(): Promise<void> }[] = []
  const stores: RedisLines[] = []
  beforeAll(async () => {
    single = await startRedis()
    servers.push(single)
  })
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()))
  })
  afterAll(() => Promise.all(servers.map((server) => server.stop())))

  const faults: string[] = []
  const open = async (url: string, limitMs: number): Promise<RedisLines> => {
    faults.length = 0
    const onError = (error: Error) => void faults.push(error.message)
    const store = await redisLines({ url, connectMs: limitMs, commandMs: limitMs, onError })
    stores.push(store)
    return store
  }
  /** What somebody was told while a gateway did everything. */
  const told = async (url: string, limitMs = 10_000): Promise<string> => {
    try {
      const store = await open(url, limitMs)
      await everything(store)
      await store.close()
    } catch (error) {
      faults.push(String(error))
    }
    return faults.join('\n')
  }

  it('does everything there is to do', async () => {
    single.ask(...aclCommand('gate', `>${PASSWORD}`))
    expect(await told(withUser(single.url))).toBe('')
    expect(await told(withUser(`${single.url}/3`))).toBe('')
    expect(single.ask('ACL', 'LOG')).toBe('')
  })

  it('in a cluster', async () => {
    const cluster: RedisCluster = await startCluster()
    servers.push(cluster)
    for (const server of cluster.servers) server.ask(...aclCommand('gate', `>${PASSWORD}`))
    expect(await told(withUser(cluster.url))).toBe('')
    for (const server of cluster.servers) expect(server.ask('ACL', 'LOG')).toBe('')
  })

  it('behind sentinels, which have users of their own', async () => {
    const { url, sentinels, servers: both, stop }: RedisSentinels = await startSentinels()
    servers.push({ stop })
    for (const server of both) server.ask(...aclCommand('gate', `>${PASSWORD}`))
    for (const sentinel of sentinels)
      sentinel.ask(
        ...['ACL', 'SETUSER', 'gate', 'on', '>watch', 'allchannels', '-@all'],
        ...['+sentinel|get-master-addr-by-name', '+sentinel|sentinels', '+subscribe', '+ping'],
      )
    const as = (password: string) =>
      `${withUser(url)}?sentineluser=gate&sentinelpassword=${password}`
    expect(await told(as('watch'))).toBe('')
    expect(await told(as('guessed'), 2_000)).toMatch(/refusing this gateway.*WRONGPASS/)
  })

  it('without one of them says which, and what is needed', async () => {
    const needed = RIGHTS.filter((right) => !OPTIONAL.has(right))
    for (const [n, right] of needed.entries()) {
      single.ask(...aclCommand(`gate${n}`, `>${PASSWORD}`), `-${right}`)
      const url = `${single.url.replace('://', `://gate${n}:${PASSWORD}@`)}/1`
      const text = await told(url)
      expect(text, right).toMatch(/refusing this gateway.*ACL of that user/)
      expect(text).not.toContain(PASSWORD)
    }
    single.ask(...aclCommand('other', `>${PASSWORD}`, 'somebody:'))
    expect(await told(single.url.replace('://', `://other:${PASSWORD}@`))).toMatch(
      /refusing this gateway.*key/,
    )
  })

  it('that is refused at the start leaves no connection', async () => {
    single.ask(...aclCommand('leaves', `>${PASSWORD}`), '-set')
    const url = single.url.replace('://', `://leaves:${PASSWORD}@`)
    await expect(redisLines({ url })).rejects.toThrow(/NOPERM/)
    await expect
      .poll(() => single.ask('CLIENT', 'LIST'), { timeout: 10_000 })
      .not.toContain('user=leaves')
  })

  it('is made by the command that is written down', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../../docs/cluster.md'), 'utf8')
    // what a shell would make something of stands in quotes
    const words = aclCommand('gate', `>$PASSWORD`).map((word) =>
      word.startsWith('>') ? `"${word}"` : /[~|*]/.test(word) ? `'${word}'` : word,
    )
    expect(text.replace(/ \\\n\s*/g, ' ')).toContain(`redis-cli ${words.join(' ')}`)
  })
})
