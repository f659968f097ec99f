import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthenticator } from '../fakes/authenticator.js'
import { skipped as noPostgres, why as whyPostgres } from '../fakes/postgres-server.js'
import { skipped as noRedis, until, why as whyRedis } from '../fakes/redis-server.js'
import { redeem } from '../security/console-entering.js'
import { createClient } from '../security/console-stage.js'
import type { GatewayProcess } from './gateway-process.js'
import { KEY, startTopology, type Topology } from './topology.js'

const ORIGIN = 'https://gate.test'
const MINUTE = 60_000

let cluster: Topology
let a: GatewayProcess
let b: GatewayProcess

const start = (at: GatewayProcess, to: string, more: object = {}, headers = {}) =>
  at.call('POST', '/v1/verifications', { service: 'signup', to, ...more }, headers)
const check = (at: GatewayProcess, id: unknown, code: string) =>
  at.call('POST', `/v1/verifications/${id}/check`, { code })

interface Decided {
  decision: { mode: string }
}

interface Incidents {
  running: { id: string; topRanges: string[] }[]
}
const incidentsAt = async (at: GatewayProcess): Promise<Incidents> =>
  (await at.call('GET', '/v1/console/incidents')).body as unknown as Incidents

describe.skipIf(noPostgres || noRedis)(`two gateways${whyPostgres}${whyRedis}`, () => {
  beforeAll(async () => {
    cluster = await startTopology({ env: { TOLLGATE_PUBLIC_URL: ORIGIN }, policy: null })
    ;[a, b] = cluster.gateways as [GatewayProcess, GatewayProcess]
  }, 240_000)
  afterAll(() => cluster?.close())

  it('say what they share, and one of them prints the link of the first administrator', () => {
    expect(a.greeting.cluster?.stores).toContain('lines redis://127.0.0.1')
    expect(a.greeting.cluster?.stores).not.toContain('password')
    expect([a, b].filter(({ greeting }) => greeting.signIn !== null)).toHaveLength(1)
  })

  it('who signs in at one is signed in at the other, and signed out of both', async () => {
    const link = [a, b].flatMap(({ greeting }) => greeting.signIn?.link ?? [])[0] ?? ''
    const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? ''
    const here = createClient(a.url, ORIGIN)
    const there = createClient(b.url, ORIGIN)
    const authenticator = createAuthenticator(ORIGIN)
    const entered = await redeem(here, token, authenticator)
    expect(entered.status, JSON.stringify(entered.body)).toBe(200)
    for (const [name, value] of here.cookies) there.cookies.set(name, value)
    expect((await there.get('/v1/console/users')).status).toBe(200)
    expect((await there.post('/v1/console/sign-out')).status).toBeLessThan(300)
    expect((await here.get('/v1/console/users')).status).toBe(401)
  })

  it('a policy published at one is in force at the other', async () => {
    const text = `version: 1
mode: enforce
services:
  signup:
    markets: [NG, GH, KE]
  login:
    markets: [NG]
`
    const { body } = await a.call('GET', '/v1/console/policy')
    const base = (body.policy as { version?: number } | undefined)?.version ?? body.version
    const published = await a.call('POST', '/v1/console/policy/publish', {
      ...{ text, base, note: 'for the test' },
    })
    expect(published.body, JSON.stringify(published.body)).toMatchObject({ ok: true })
    await until('the other gateway decides on it', async () => {
      const { body } = await start(b, '+2348039990001', { service: 'login' })
      return (body as unknown as Decided).decision.mode === 'enforce'
    })
  })

  it('a verification that begins at one is checked at the other and cannot be used again', async () => {
    const to = '+2348031230001'
    const begun = await start(a, to)
    expect(begun).toMatchObject({ status: 201, body: { status: 'sent' } })
    const [code = ''] = cluster.codesFor(to)
    const wrong = await check(b, begun.body.id, code === '000000' ? '111111' : '000000')
    expect(wrong.body).toMatchObject({ verified: false, checksLeft: 4 })
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => check(i % 2 === 0 ? a : b, begun.body.id, code)),
    )
    expect(answers.filter(({ body }) => body.verified === true)).toHaveLength(1)
    const seen = await a.call('GET', `/v1/verifications/${begun.body.id}`)
    expect(seen.body.status).toBe('verified')
  })

  it('one idempotency key at both at once sends one message', async () => {
    const to = '+2348031230002'
    const key = { 'idempotency-key': 'one-of-this-test' }
    const answers = await Promise.all([start(a, to, {}, key), start(b, to, {}, key)])
    const again = await start(b, to, {}, key)
    expect(cluster.codesFor(to)).toHaveLength(1)
    const ids = [...answers, again].filter(({ status }) => status < 300).map(({ body }) => body.id)
    expect(new Set(ids).size).toBe(1)
    for (const { status } of answers) expect([200, 201, 409]).toContain(status)
  })

  it('what a range may cost is bounded over both', async () => {
    const numbers = Array.from({ length: 60 }, (_, i) => `+234805555${1000 + i}`)
    await Promise.all(numbers.map((to, i) => start(i % 2 === 0 ? a : b, to)))
    const sent = numbers.filter((to) => cluster.codesFor(to).length > 0)
    // USD 0.20 of opening credit in a block whose messages cost USD 0.01, whatever the gateways do at once; what is
    // reserved while it is decided can send some to a challenge that would have had room
    expect(sent.length).toBeGreaterThan(4)
    expect(sent.length).toBeLessThanOrEqual(20)
  })

  it('an open page at one is told what happens at the other', async () => {
    const page = await fetch(`${a.url}/v1/console/live`, {
      headers: { authorization: `Basic ${btoa(KEY)}`, accept: 'text/event-stream' },
    })
    const reader = (page.body as ReadableStream<Uint8Array>).getReader()
    await b.call('POST', '/v1/console/lists/deny/entries', {
      entries: [{ entry: '+2348077*', note: 'of the test', expiresAt: null }],
    })
    let told = ''
    while (!/"kind":"list"/.test(told)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the stream ended: ${told}`)
      told += new TextDecoder().decode(value)
    }
    await reader.cancel()
    await until('the list is in force here', async () => {
      const { body } = await start(a, '+2348077123456')
      return body.status === 'denied'
    })
  })

  it('an attack that is spread over both is one incident, seen at both', async () => {
    const either = (i: number) => (i % 2 === 0 ? a : b)
    // people, so that there is something to tell the attack from
    const person = async (i: number): Promise<void> => {
      const to = `+234803${100 + 7 * i}${1000 + 31 * i}`
      const { body } = await start(either(i), to)
      if (i % 4 !== 3) await check(either(i + 1), body.id, cluster.codesFor(to)[0] ?? '')
    }
    await Promise.all(Array.from({ length: 60 }, (_, i) => person(i)))
    const numbers = [805_100, 805_101, 805_102].flatMap((block) =>
      Array.from({ length: 30 }, (_, i) => `+234${block}${1000 + 97 * i}`),
    )
    await Promise.all(numbers.map((to, i) => start(either(i), to)))
    cluster.moveClock(3 * MINUTE)
    await until('it is kept', async () => (await incidentsAt(a)).running.length > 0, 40_000)
    await until(
      'both know it by one id',
      async () => {
        const [here, there] = [await incidentsAt(a), await incidentsAt(b)]
        return here.running.map(({ id }) => id).join() === there.running.map(({ id }) => id).join()
      },
      20_000,
    )
    expect((await incidentsAt(a)).running).toHaveLength(1)
    expect(await actions('incident.opened')).toBe(1)
  }, 90_000)

  it('a gateway that dies is taken over from within ten seconds, and nothing is announced twice', async () => {
    const before = await incidentsAt(a)
    const leader = await holder()
    const [dying, left] = leader === a.name ? [a, b] : [b, a]
    const begun = await start(left, '+254712345678')
    expect(begun.body.status).toBe('sent')
    await dying.kill()
    await until('the other one leads', async () => (await holder()) === left.name, 10_000)
    cluster.moveClock(3 * MINUTE)
    await until(
      'it lets sends mature',
      async () => {
        const [row] = await cluster.postgres.query<{ credit: string }>(
          `select credit from requests where verification_id = '${String(begun.body.id)}'`,
          database(),
        )
        return row?.credit === 'lost'
      },
      20_000,
    )
    expect((await incidentsAt(left)).running.map(({ id }) => id)).toEqual(
      before.running.map(({ id }) => id),
    )
    expect(await actions('incident.opened')).toBe(1)
    await dying.start()
    expect((await incidentsAt(dying)).running.map(({ id }) => id)).toEqual(
      before.running.map(({ id }) => id),
    )
  }, 90_000)

  it('lines that Redis lost are rebuilt from the ledger: nobody gets fresh credit', async () => {
    // USD 0.20 of opening credit in a block whose messages cost USD 0.05
    const numbers = Array.from({ length: 12 }, (_, i) => `+23324123${1000 + i}`)
    const sent = () => numbers.filter((to) => cluster.codesFor(to).length > 0).length
    for (const to of numbers.slice(0, 6)) await start(a, to)
    const before = sent()
    expect(before).toBeGreaterThan(1)
    const rebuilt = await rebuilds()
    cluster.redis.ask('FLUSHALL')
    await until('one of them rebuilds them', async () => (await rebuilds()) > rebuilt)
    await until('all decide on the shared lines', async () => {
      const at = await Promise.all([a, b].map((one) => one.call('GET', '/readyz')))
      return at.every(({ body }) => !JSON.stringify(body.trouble).includes('"lines"'))
    })
    for (const [i, to] of numbers.slice(6).entries()) await start(i % 2 === 0 ? a : b, to)
    expect(sent()).toBeLessThanOrEqual(4)
    expect(await rebuilds()).toBe(rebuilt + 1)
  }, 60_000)

  it('a gateway with another secret does not start', async () => {
    const stranger = cluster.gateway('c', { TOLLGATE_SECRET: 'd'.repeat(64) })
    await expect(stranger.start()).rejects.toThrow(/another secret .* than the gateways/)
    const none = cluster.gateway('d', { TOLLGATE_SECRET: undefined })
    await expect(none.start()).rejects.toThrow('the secret of this gateway is its own')
  }, 60_000)

  it('all of them can be started again, and go on', async () => {
    const to = '+254712345679'
    const begun = await start(a, to)
    expect(begun.body.status).toBe('sent')
    expect(await Promise.all([a.stop(), b.stop()])).toEqual([0, 0])
    await Promise.all([a.start(), b.start()])
    const [code = ''] = cluster.codesFor(to)
    expect((await check(b, begun.body.id, code)).body).toMatchObject({ verified: true })
  }, 90_000)
})

const database = (): string => new URL(cluster.ledgerUrl).pathname.slice(1)

async function actions(action: string): Promise<number> {
  const [row] = await cluster.postgres.query<{ n: number }>(
    `select count(*)::int as n from actions where action = '${action}'`,
    database(),
  )
  return row?.n ?? 0
}

/** How many times the lines were rebuilt; an empty Redis at the first start counts. */
async function rebuilds(): Promise<number> {
  const [row] = await cluster.postgres.query<{ version: string }>(
    `select version from documents where kind = 'lines'`,
    database(),
  )
  return Number(row?.version ?? 0)
}

/** Name of the gateway that leads. */
async function holder(): Promise<string | undefined> {
  const [row] = await cluster.postgres.query<{ holder: string }>(
    `select holder from leases where name = 'leader' and until > clock_timestamp()`,
    database(),
  )
  return row?.holder.split(':')[0]
}
