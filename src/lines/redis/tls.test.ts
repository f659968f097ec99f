import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { demandOf, layoutOf, lineOf, queryOf, T0 } from '../../../test/conformance/lines-arrange.js'
import {
  type Authority,
  authority,
  skipped as noOpenssl,
  type Pair,
  why as whyOpenssl,
} from '../../../test/fakes/certificates.js'
import {
  type RedisOptions,
  skipped,
  startCluster,
  startRedis,
  startSentinels,
  why,
} from '../../../test/fakes/redis-server.js'
import { type RedisLines, redisLines } from './redis.js'

describe.skipIf(skipped || noOpenssl)(`lines in Redis over TLS${why}${whyOpenssl}`, () => {
  let own: Authority
  let stranger: Authority
  let gateway: Pair
  let server: Pair
  const toStop: { stop(): Promise<void> }[] = []
  const toClose: RedisLines[] = []

  beforeAll(() => {
    own = authority()
    stranger = authority('another authority')
    server = own.sign('server', ['localhost', '127.0.0.1'])
    gateway = own.sign('gateway', ['gateway.test'])
  })
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((store) => store.close()))
    await Promise.all(toStop.splice(0).map((one) => one.stop()))
  })
  afterAll(() => {
    own?.remove()
    stranger?.remove()
  })

  const running = <T extends { stop(): Promise<void> }>(one: T): T => {
    toStop.push(one)
    return one
  }
  const tls = (pair: Pair, clients: 'yes' | 'no' = 'yes'): NonNullable<RedisOptions['tls']> => ({
    ...{ ca: own.ca.cert, cert: pair.cert, key: pair.key, clients },
  })
  const files = (more: Record<string, string> = {}): string =>
    `?${new URLSearchParams({
      ...{ sslrootcert: own.ca.cert, sslcert: gateway.cert, sslkey: gateway.key },
      ...more,
    })}`
  const open = async (url: string, limitMs = 10_000): Promise<RedisLines> => {
    const store = await redisLines({
      url,
      connectMs: limitMs,
      commandMs: limitMs,
      onError: () => undefined,
    })
    toClose.push(store)
    return store
  }
  const query = queryOf(layoutOf(), { device: 'd1', country: 'NG' })
  const charged = async (store: RedisLines): Promise<number | undefined> => {
    await store.charge(query, demandOf({ device: 1, country: 100 }), T0)
    return lineOf(await store.gather(query, T0), 'device').reserved
  }
  const refusal = (url: string, limitMs?: number): Promise<string> =>
    open(url, limitMs).then(
      () => 'no fault',
      (error: unknown) => String(error),
    )

  it('a single one, with a certificate of the gateway', async () => {
    const { url, port } = running(await startRedis({ tls: tls(server) }))
    expect(await charged(await open(`${url}${files()}`))).toBe(1)
    expect(await charged(await open(`rediss://localhost:${port}/0${files()}`))).toBe(2)
  })

  it('behind sentinels that speak TLS too', async () => {
    const servers = running(await startSentinels({ tls: tls(server) }))
    expect(servers.url).toMatch(/^rediss\+sentinel:/)
    const store = await open(`${servers.url}${files()}`)
    expect(await charged(store)).toBe(1)
  })

  it('a cluster, whose certificates need not name each address', async () => {
    const nodes = own.sign('nodes', ['redis.internal'])
    const cluster = running(await startCluster({ tls: tls(nodes) }))
    expect(await refusal(`${cluster.url}${files()}`)).toMatch(/not the server.*sslname/)
    expect(await charged(await open(`${cluster.url}${files({ sslname: 'redis.internal' })}`))).toBe(
      1,
    )
  })

  it('says what is wrong with a certificate, and what to do', async () => {
    const good = running(await startRedis({ tls: tls(server) }))
    const { url } = good
    expect(await refusal(`${url}${files({ sslrootcert: stranger.ca.cert })}`)).toMatch(
      /not trusted .*authority that is not known here.*sslrootcert/,
    )
    expect(await refusal(url)).toMatch(/not trusted .*sslrootcert/)
    expect(await refusal(`${url}?sslrootcert=${own.ca.cert}`)).toMatch(
      /refusing this gateway .*sslcert=.*tls-auth-clients/,
    )
    expect(await refusal(`${url}${files({ sslname: 'other.test' })}`)).toMatch(
      /not the server that was asked for .*sslname/,
    )
    const over = running(await startRedis({ tls: tls(own.sign('over', ['127.0.0.1'], -1), 'no') }))
    expect(await refusal(`${over.url}${files()}`)).toMatch(/certificate has expired.*renew/)
    const misnamed = running(await startRedis({ tls: tls(own.sign('else', ['elsewhere.test'])) }))
    expect(await refusal(`${misnamed.url}${files()}`)).toMatch(/altnames.*sslname/)
  })

  it('says when one side speaks TLS and the other does not', async () => {
    const clear = running(await startRedis())
    expect(await refusal(`rediss://127.0.0.1:${clear.port}${files()}`, 1_000)).toMatch(
      /not answering in TLS.*tls-port/,
    )
    const secret = running(await startRedis({ tls: tls(server) }))
    expect(await refusal(`redis://127.0.0.1:${secret.port}`)).toMatch(/not reachable.*rediss:/)
  })

  it('says which file is missing, and what is no parameter', async () => {
    const url = 'rediss://127.0.0.1:1'
    expect(await refusal(`${url}?sslrootcert=/no/such/file`)).toMatch(
      /sslrootcert: the file \/no\/such\/file cannot be read \(ENOENT\)/,
    )
    expect(await refusal(`${url}?sslcert=${gateway.cert}`)).toMatch(/sslcert and sslkey/)
    expect(await refusal(`${url}?sslroot=x`)).toMatch(/no parameter sslroot, only sslrootcert/)
    expect(await refusal('redis://127.0.0.1:1?sslname=x')).toMatch(/without TLS/)
  })
})
