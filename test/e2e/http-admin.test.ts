import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryLedger } from '../../src/ledger/memory/memory.js'
import { LedgerError } from '../../src/ledger/port.js'
import { createConditions } from '../../src/verify/conditions.js'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

let gateway: Harness
beforeEach(async () => {
  gateway = await startHarness()
})
afterEach(() => gateway.close())

const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
  gateway.call('POST', path, body, headers)
const get = (path: string, headers?: Record<string, string>) =>
  gateway.call('GET', path, undefined, headers)
const ask = (n = 0) => ({
  service: 'signup',
  to: subscriber(n),
  context: { ip: `105.112.${n}.7`, deviceId: `device-${n}` },
})
const start = (n = 0, more: object = {}) => post('/v1/verifications', { ...ask(n), ...more })

describe('administration', () => {
  test('keys are made, listed and revoked; a secret is shown once', async () => {
    const made = await post('/v1/admin/keys', { name: 'shop', scopes: ['verify'] })
    expect(made.status).toBe(201)
    const { id, secret } = made.body
    expect(id).toMatch(/^AC[0-9a-f]{32}$/)
    const listed = await get('/v1/admin/keys')
    expect(listed.body.keys.map((key: { id: string }) => key.id)).toContain(id)
    expect(JSON.stringify(listed.body)).not.toContain(secret)
    expect(JSON.stringify(listed.body)).not.toMatch(/hash/i)
    expect(await post('/v1/admin/keys', { name: 'b', scopes: ['verify'], id })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    })

    const authorization = `Bearer ${id}:${secret}`
    expect((await post('/v1/verifications', ask(), { authorization })).status).toBe(201)
    expect((await gateway.call('DELETE', `/v1/admin/keys/${id}`)).status).toBe(204)
    gateway.advance(5000)
    expect(await post('/v1/verifications', ask(1), { authorization })).toMatchObject({
      status: 401,
    })
    expect((await gateway.call('DELETE', `/v1/admin/keys/${id}`)).status).toBe(404)
    const { actions } = (await get('/v1/admin/actions')).body
    expect(
      actions.map(({ action, target }: { action: string; target: string }) => [action, target]),
    ).toEqual([
      ['key.revoke', id],
      ['key.create', id],
    ])
    const newest = (await get('/v1/admin/actions?limit=1')).body
    expect(newest.actions).toEqual(actions.slice(0, 1))
    const older = (await get(`/v1/admin/actions?limit=9&before=${newest.next}`)).body
    expect(older).toEqual({ actions: actions.slice(1), next: null })
  })

  test('lists take effect at once and are in the audit log, masked', async () => {
    const number = subscriber(7)
    expect(await post('/v1/admin/lists', { list: 'deny', entry: number })).toMatchObject({
      status: 201,
      body: { list: 'deny', entry: number, expiresAt: null },
    })
    expect((await start(7)).body.decision.reasons[0]).toMatchObject({ code: 'list.denied' })
    expect((await get('/v1/admin/lists')).body.entries).toHaveLength(1)
    const path = `/v1/admin/lists/deny/${encodeURIComponent(number)}`
    expect((await gateway.call('DELETE', path)).status).toBe(204)
    expect((await gateway.call('DELETE', path)).status).toBe(404)
    expect((await start(7)).body.status).toBe('sent')
    const audit = JSON.stringify((await get('/v1/admin/actions')).body)
    expect(audit).toContain('deny:+23480******07')
    expect(audit).not.toContain(number)

    const subnet = { list: 'allow', entry: '2001:DB8:0:1::/64' }
    expect((await post('/v1/admin/lists', subnet)).body.entry).toBe('2001:db8:0:1::/64')
    const encoded = encodeURIComponent(subnet.entry)
    expect((await gateway.call('DELETE', `/v1/admin/lists/allow/${encoded}`)).status).toBe(204)
  })

  test.each([['10.0.0.0/16'], ['+'], ['*'], ['AS'], ['0803'], ['device:'], ['2001:db8::1/64']])(
    'a list entry that matches nothing is refused: %s',
    async (entry) => {
      expect(await post('/v1/admin/lists', { list: 'deny', entry })).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/entry' }] },
      })
    },
  )

  test('policies are listed and shown', async () => {
    const { policies } = (await get('/v1/admin/policies')).body
    expect(policies).toHaveLength(1)
    const { version } = policies[0]
    const current = (await get('/v1/admin/policies/current')).body
    expect(current).toMatchObject({ version, yaml: expect.stringContaining('signup') })
    expect((await get(`/v1/admin/policies/${version}`)).body).toEqual(current)
    expect((await get('/v1/admin/policies/99')).status).toBe(404)
  })

  test('decisions are searched in pages', async () => {
    for (let n = 0; n < 5; n++) await post('/v1/decisions', ask(n))
    const first = (await get('/v1/admin/requests?limit=3')).body
    expect(first.requests).toHaveLength(3)
    const second = (await get(`/v1/admin/requests?limit=3&before=${first.next}`)).body
    expect(second).toMatchObject({ next: null })
    const ids = [...first.requests, ...second.requests].map(({ id }) => id)
    expect(new Set(ids).size).toBe(5)
    const mine = await get(`/v1/admin/requests?number=${encodeURIComponent(subscriber(2))}`)
    expect(mine.body.requests).toMatchObject([{ number: subscriber(2), kind: 'decision' }])
    expect((await get('/v1/admin/requests?country=GH')).body.requests).toEqual([])
    expect(await get('/v1/admin/requests?contry=GH')).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'query/contry', hint: 'did you mean country?' }] },
    })
    expect(await get('/v1/admin/requests?limit=many')).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'query/limit' }] },
    })
  })
})

describe('keys', () => {
  test('open only what their scopes name', async () => {
    const authorization = await gateway.keyWith('decide')
    expect((await post('/v1/decisions', ask(), { authorization })).status).toBe(200)
    for (const [method, path, scope] of [
      ['POST', '/v1/verifications', 'verify'],
      ['POST', '/v1/outcomes', 'outcomes'],
      ['GET', '/v1/admin/keys', 'admin'],
    ] as const) {
      const answer = await gateway.call(method, path, method === 'GET' ? undefined : {}, {
        authorization,
      })
      expect(answer).toMatchObject({
        status: 403,
        body: { code: 'forbidden', detail: `This route needs a key with the scope ${scope}.` },
      })
    }
  })

  test.each([
    ['none', ''],
    ['no scheme', 'AC1:x'],
    ['an unknown scheme', 'Digest AC1:x'],
    ['no colon', 'Bearer AC1'],
    ['not Base64', 'Basic ====='],
    ['an unknown id', `Bearer ${`AC${'0'.repeat(32)}`}:secret`],
    ['a header of 10 kB', `Bearer ${'x'.repeat(10_000)}`],
  ])('are refused without a word why: %s', async (_what, authorization) => {
    const answer = await post('/v1/decisions', ask(), { authorization })
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(answer.headers.get('www-authenticate')).toContain('Basic')
    expect(answer.body.detail).not.toMatch(/unknown|wrong|revoked/)
  })

  test('guessed at: the source is held up, and who proved himself before is not', async () => {
    const { id } = gateway.key
    expect((await post('/v1/decisions', ask())).status).toBe(200)
    const guesses = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        post('/v1/decisions', ask(), { authorization: `Bearer ${id}:guess-${i}` }),
      ),
    )
    const statuses = guesses.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(30)
    expect(statuses.filter((status) => status === 429)).toHaveLength(30)
    const late = guesses.find(({ status }) => status === 429)
    expect(late?.body.code).toBe('rate_limited')
    expect(late?.headers.get('retry-after')).toBe('2')
    gateway.advance(6000)
    expect((await post('/v1/decisions', ask(1))).status).toBe(200)
  })

  test('have a bound of requests a second', async () => {
    const bounded = await startHarness({ server: { requestsPerSecond: 5 } })
    try {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) => bounded.call('POST', '/v1/decisions', ask(n))),
      )
      const over = answers.filter(({ status }) => status === 429)
      expect(over).toHaveLength(3)
      expect(over[0]?.headers.get('retry-after')).toBe('1')
      expect(over[0]?.headers.get('ratelimit')).toBe('"key";r=0;t=1')
      expect(over[0]?.headers.get('ratelimit-policy')).toBe('"key";q=5;w=1')
      bounded.advance(200)
      expect((await bounded.call('POST', '/v1/decisions', ask(9))).status).toBe(200)
    } finally {
      await bounded.close()
    }
  })
})

describe('for machines', () => {
  test('health, readiness and what this is need no key', async () => {
    const anonymous = { authorization: '' }
    expect(await get('/healthz', anonymous)).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await get('/readyz', anonymous)).toMatchObject({
      status: 200,
      body: { status: 'ready', ledger: 'ok', providers: [{ provider: 'own', state: 'closed' }] },
    })
    expect((await get('/', anonymous)).body).toMatchObject({
      name: 'tollgate',
      openapi: '/openapi.json',
    })
    await gateway.parts.ledger.close()
    expect(await get('/readyz', anonymous)).toMatchObject({
      status: 503,
      body: { status: 'unready', ledger: 'unavailable' },
    })
    expect((await get('/healthz', anonymous)).status).toBe(200)
  })

  test('readiness is told in time while the ledger stands still: as it was seen last', async () => {
    const ledger = memoryLedger()
    let trouble = false
    const conditions = createConditions()
    conditions.add(() => ({
      ...{ name: 'ledger', since: null, says: 'as it is', figures: {} },
      state: trouble ? 'lost' : 'ok',
    }))
    const still = { ...ledger, healthy: () => new Promise<boolean>(() => undefined) }
    const stuck = await startHarness({ ledger, server: { ledger: still, conditions } })
    expect(await stuck.call('GET', '/readyz')).toMatchObject({ status: 200 })
    trouble = true
    expect(await stuck.call('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { ledger: 'unavailable' },
    })
    await stuck.close()
  })

  test('metrics count verdicts, sends and requests, under labels that nobody can make up', async () => {
    for (let n = 0; n < 3; n++) await start(n)
    await post('/v1/decisions', { service: 'signup', to: '+1234' })
    await get('/v2/PhoneNumbers/+2348031234567')
    await get('/nowhere/+2348031234567')
    const { body, headers } = await get('/metrics', { authorization: '' })
    expect(headers.get('content-type')).toContain('text/plain')
    expect(body).toContain(
      'tollgate_verdicts_total{service="signup",verdict="allow",would="allow",reason="none"} 2',
    )
    expect(body).toMatch(
      /tollgate_verdicts_total\{service="signup",verdict="challenge",would="challenge",reason="(sub_)?block\.credit_exhausted"\} 1/,
    )
    expect(body).toContain('tollgate_sends_total{provider="own",result="accepted"} 2')
    expect(body).toContain('tollgate_provider_breaker{provider="own"} 0')
    expect(body).toMatch(
      /tollgate_http_request_seconds_count\{method="POST",route="\/v1\/verifications",status="2xx"\} 3/,
    )
    expect(body).toContain('route="(none)",status="4xx"')
    expect(body).not.toContain('2348031234567')

    const closed = await startHarness({ server: { openMetrics: false } })
    expect((await closed.call('GET', '/metrics', undefined, { authorization: '' })).status).toBe(
      401,
    )
    expect((await closed.call('GET', '/metrics')).status).toBe(200)
    const { keys } = (await closed.call('GET', '/v1/admin/keys')).body
    expect(keys[0].lastUsedAt).toBe(closed.now())
    await closed.close()
  })

  test('metrics are named by convention: _total for what counts, and for nothing else', async () => {
    const { body } = await get('/metrics')
    const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({
      name,
      type,
    }))
    expect(types.length).toBeGreaterThan(20)
    for (const { name, type } of types)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
    for (const [, label] of body.matchAll(/[{,](\w+)="/g))
      expect(label).not.toMatch(/id$|number|ip/)
  })

  test('metrics are read with a key that was proven before, while the ledger is lost', async () => {
    const ledger = memoryLedger()
    let lost = false
    const gone = () => Promise.reject(new LedgerError('lost', 'nothing listens there'))
    const closed = await startHarness({
      ledger,
      server: {
        openMetrics: false,
        ledger: { ...ledger, key: (id) => (lost ? gone() : ledger.key(id)) },
      },
    })
    expect((await closed.call('GET', '/metrics')).status).toBe(200)
    lost = true
    closed.advance(60_000)
    expect((await closed.call('GET', '/metrics')).status).toBe(200)
    const stranger = { authorization: 'Bearer other:secret' }
    expect((await closed.call('GET', '/metrics', undefined, stranger)).status).toBe(503)
    // it opens nothing else
    expect((await closed.call('GET', '/v1/admin/keys')).status).toBe(503)
    await closed.close()
  })
})
