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
    gateway.advance(5_000)
    expect((await post(resend, undefined, again)).body.sends).toBe(2)
    expect((await post(resend, undefined, again)).status).toBe(200)
    expect(gateway.messages()).toHaveLength(2)
    // another application's key of the same name is another key
    const authorization = await gateway.keyWith('verify')
    expect((await post(resend, undefined, { ...again, authorization })).body.sends).toBe(3)
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

  test('give back what is charged where nothing was sent after all, once and until they mature', async () => {
    const decide = async (n: number): Promise<string> =>
      (await post('/v1/decisions', { ...ask(n % 200), to: subscriber(n) })).body.id
    const tell = async (id: string, ...kinds: string[]) =>
      (await post('/v1/outcomes', { outcomes: kinds.map((kind) => ({ id, kind })) })).body.results
    const fresh = (await post('/v1/decisions', ask(1))).body
    expect(await tell(fresh.id, 'released', 'released')).toMatchObject([
      { accepted: true },
      { accepted: false, reason: 'nothing to move: its credit is released' },
    ])
    // the number, its ranges and its source are as if nobody had asked
    expect((await post('/v1/decisions', ask(1))).body.utilisation).toBe(fresh.utilisation)
    expect(await tell(await decide(2), 'sent', 'released')).toMatchObject([
      { accepted: true },
      { accepted: false, reason: 'it was sent: tell of a failure' },
    ])
    const late = await decide(20_000)
    gateway.advance(15 * 60_000)
    await gateway.parts.gate.tick()
    expect(await tell(late, 'released')).toMatchObject([
      { accepted: false, reason: 'nothing to move: its credit is lost' },
    ])
    expect(
      await tell((await start(1, { to: subscriber(40_000) })).body.id, 'released'),
    ).toMatchObject([
      { accepted: false, reason: expect.stringMatching('only a decision can be released') },
    ])
  })

  test('asked for twice with one idempotency key are charged once, and answered alike', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const asked = { ...ask(), priceMicroUsd: 50_000 }
    const [first, second] = [
      await post('/v1/decisions', asked, key),
      await post('/v1/decisions', asked, key),
    ]
    const { utilisation, ...decision } = first.body
    expect(second).toMatchObject({ status: 200, body: decision })
    expect(await post('/v1/decisions', ask(1), key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    })
    expect(await gateway.parts.ledger.requests({ limit: 10 })).toHaveLength(1)
    // a start has keys of its own, and so has every application
    expect((await post('/v1/verifications', ask(), key)).status).toBe(201)
    const authorization = await gateway.keyWith('decide')
    const others = await post('/v1/decisions', asked, { ...key, authorization })
    expect(others.body.id).not.toBe(first.body.id)
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
