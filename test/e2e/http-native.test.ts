import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { signWebhook, webhookKey } from '../../src/send/webhook-signature.js'
import { type Harness, RECEIPT_SECRET, startHarness } from './harness.js'
import { MINUTE, subscriber, wrongCode } from './stage.js'

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

describe('a verification', () => {
  test('is started, checked and shown with what happened', async () => {
    const started = await start(0, { tags: { form: 'a' }, locale: 'en-NG' })
    expect(started.status).toBe(201)
    expect(started.body).toMatchObject({
      status: 'sent',
      to: subscriber(0),
      sends: 1,
      tags: { form: 'a' },
      challenge: null,
      decision: { verdict: 'allow', mode: 'enforce', reasons: [], number: { operator: 'MTN' } },
    })
    const { id } = started.body
    expect(id).toMatch(/^ver_[0-9a-f]{32}$/)
    expect(started.headers.get('location')).toBe(`/v1/verifications/${id}`)

    const wrong = await post(`/v1/verifications/${id}/check`, { code: wrongCode(gateway.code()) })
    expect(wrong).toMatchObject({ status: 200, body: { verified: false, checksLeft: 4 } })
    const right = await post(`/v1/verifications/${id}/check`, { code: gateway.code() })
    expect(right).toMatchObject({
      status: 200,
      body: { verified: true, checksLeft: null, verification: { id, status: 'verified' } },
    })
    const again = await post(`/v1/verifications/${id}/check`, { code: gateway.code() })
    expect(again).toMatchObject({ status: 409, body: { code: 'already_verified' } })

    const shown = await get(`/v1/verifications/${id}`)
    expect(shown.status).toBe(200)
    expect(shown.body.timeline.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['start: allow', 'message accepted', 'verified']),
    )
  })

  test('is sent again and cancelled', async () => {
    const { id } = (await start()).body
    expect(await post(`/v1/verifications/${id}/resend`)).toMatchObject({
      status: 200,
      body: { id, status: 'sent', sends: 2 },
    })
    expect(await post(`/v1/verifications/${id}/resend`, { again: true })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/again', message: 'unknown field' }] },
    })
    expect(await gateway.call('DELETE', `/v1/verifications/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    })
    expect(await post(`/v1/verifications/${id}/check`, { code: gateway.code() })).toMatchObject({
      status: 409,
      body: { code: 'verification_cancelled' },
    })
    expect(gateway.messages()).toHaveLength(2)
  })

  test('held up by its range is challenged, and a solution sends the code, once', async () => {
    await start(0)
    await start(1)
    const held = await start(2)
    expect(held).toMatchObject({ status: 201, body: { status: 'challenge_required', sends: 0 } })
    const [reason] = held.body.decision.reasons
    expect(reason).toMatchObject({ verdict: 'challenge', unit: 'micro_usd' })
    expect(reason.message).toContain('unverified sends of USD')
    expect(gateway.messages()).toHaveLength(2)

    const { id, challenge } = held.body
    const path = `/v1/verifications/${id}/challenge`
    expect(await post(path, { type: 'pow', solution: 'nonsense' })).toMatchObject({
      status: 400,
      body: { code: 'challenge_malformed' },
    })
    const solution = await solvePow(challenge.payload)
    const other = (await start(3)).body
    expect(
      await post(`/v1/verifications/${other.id}/challenge`, { type: 'pow', solution }),
    ).toMatchObject({ status: 422, body: { code: 'challenge_foreign' } })
    expect(await post(path, { type: 'pow', solution })).toMatchObject({
      status: 200,
      body: { status: 'sent', sends: 1 },
    })
    expect(await post(path, { type: 'pow', solution })).toMatchObject({
      status: 409,
      body: { code: 'challenge_used' },
    })
    expect(gateway.messages()).toHaveLength(3)
  })

  test('asked for twice with one idempotency key is sent once', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const first = await post('/v1/verifications', ask(), key)
    const second = await post('/v1/verifications', ask(), key)
    expect(second.body.id).toBe(first.body.id)
    expect(await post('/v1/verifications', ask(5), key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    })
    expect(gateway.messages()).toHaveLength(1)

    const resend = `/v1/verifications/${first.body.id}/resend`
    const again = { 'idempotency-key': 'again-1' }
    expect((await post(resend, undefined, again)).body.sends).toBe(2)
    expect((await post(resend, undefined, again)).status).toBe(200)
    expect(gateway.messages()).toHaveLength(2)
    expect(await post(resend, undefined, { 'idempotency-key': 'a b' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'header/idempotency-key' }] },
    })
  })

  test('that expired, or never was, says so', async () => {
    const { id } = (await start()).body
    gateway.advance(10 * MINUTE)
    expect(await post(`/v1/verifications/${id}/check`, { code: gateway.code() })).toMatchObject({
      status: 410,
      body: { code: 'verification_expired' },
    })
    for (const nobody of [`ver_${'0'.repeat(32)}`, 'ver_1', 'x'.repeat(40)]) {
      expect(await get(`/v1/verifications/${nobody}`)).toMatchObject({
        status: 404,
        body: { code: 'verification_not_found' },
      })
    }
  })

  test('that no provider takes is told from one that a provider refuses', async () => {
    gateway.endpoint.answers({ status: 500 })
    expect(await start()).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } })
    gateway.endpoint.answers({ status: 400 })
    expect(await start(5)).toMatchObject({ status: 502, body: { code: 'provider_refused' } })
  })
})

describe('decisions for other senders', () => {
  test('are charged, and take outcomes item by item', async () => {
    const decided = await post('/v1/decisions', { ...ask(), priceMicroUsd: 50_000 })
    expect(decided).toMatchObject({
      status: 200,
      body: { verdict: 'allow', priceMicroUsd: 50_000, number: { e164: subscriber(0) } },
    })
    const { id } = decided.body
    expect(id).toMatch(/^dec_[0-9a-f]{32}$/)
    const reported = await post('/v1/outcomes', {
      outcomes: [
        { id: 'elsewhere', kind: 'verified' },
        { id, kind: 'sent' },
        { id: `dec_${'0'.repeat(32)}`, kind: 'verified' },
        { id, kind: 'verified', at: gateway.now(), detail: 'by mail' },
      ],
    })
    expect(reported.status).toBe(200)
    expect(reported.body.results).toMatchObject([
      { id: 'elsewhere', accepted: false, reason: 'ids are dec_ or ver_ and 32 hex digits' },
      { id, accepted: true },
      { accepted: false },
      { id, accepted: true },
    ])
    const row = (await gateway.parts.ledger.request(id))?.credit
    expect(row).toBe('earned')
  })

  test('take a thousand outcomes at once, and no more', async () => {
    const outcome = { id: `dec_${'0'.repeat(32)}`, kind: 'verified', detail: 'x'.repeat(256) }
    const many = await post('/v1/outcomes', { outcomes: Array(1000).fill(outcome) })
    expect(many.body.results).toHaveLength(1000)
    expect(await post('/v1/outcomes', { outcomes: Array(1001).fill(outcome) })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/outcomes' }] },
    })
  })

  test('say what a number is that no code can be sent to', async () => {
    const answer = await post('/v1/decisions', { service: 'signup', to: '+870773111632' })
    expect(answer).toMatchObject({
      status: 200,
      body: { verdict: 'deny', reasons: [{ code: 'number.global_code' }] },
    })
  })
})

describe('receipts', () => {
  test('are taken with the provider’s signature, and only then', async () => {
    const { id } = (await start()).body
    const body = JSON.stringify({ id: 'message-1', status: 'delivered' })
    const at = Math.floor(gateway.now() / 1000)
    const signed = {
      'webhook-id': 'w1',
      'webhook-timestamp': String(at),
      'webhook-signature': signWebhook(webhookKey(RECEIPT_SECRET), 'w1', at, body),
      authorization: '',
    }
    const path = '/v1/hooks/own/receipts'
    expect(await post(path, body, signed)).toMatchObject({ status: 200, body: { received: 1 } })
    expect((await gateway.parts.ledger.sends(id))[0]?.status).toBe('delivered')
    expect(await post(path, `${body} `, signed)).toMatchObject({
      status: 403,
      body: { code: 'bad_signature' },
    })
    expect(await post('/v1/hooks/nobody/receipts', body, signed)).toMatchObject({
      status: 404,
      body: { code: 'unknown_provider' },
    })
  })
})

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
    await closed.close()
  })
})

test('a shutdown lets requests in flight finish', async () => {
  let answer = (): unknown => undefined
  const asked = new Promise<void>((resolve) => {
    gateway.endpoint.answers((response) => {
      answer = () => response.writeHead(200).end('{"id":"m"}')
      resolve()
    })
  })
  const running = start()
  await asked
  const closing = gateway.app.close()
  answer()
  expect(await running).toMatchObject({ status: 201, body: { status: 'sent' } })
  await closing
  await expect(get('/healthz')).rejects.toThrow()
})
