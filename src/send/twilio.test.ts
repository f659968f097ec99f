import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import webhooks from 'twilio/lib/webhooks/webhooks.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeTwilio, startFakeTwilio } from '../../test/fakes/twilio-messages.js'
import { type OutgoingMessage, SEND_ERRORS } from './port.js'
import { type TwilioOptions, twilioProvider } from './twilio.js'
import { twilioError } from './twilio-errors.js'

const require = createRequire(import.meta.url)
const { default: OpenAPIResponseValidator } =
  require('openapi-response-validator') as typeof import('openapi-response-validator')

const message: OutgoingMessage = {
  idempotencyKey: 'k1',
  to: '+2348031234567',
  body: 'Your code is 482913',
  channel: 'sms',
}
const never = new AbortController().signal

let fake: FakeTwilio
beforeAll(async () => {
  fake = await startFakeTwilio()
})
afterAll(() => fake.close())

const provider = (options: Partial<TwilioOptions> = {}) =>
  twilioProvider({
    name: 'primary',
    accountSid: fake.accountSid,
    credentials: { authToken: fake.authToken },
    sender: { from: '+15005550006' },
    baseUrl: fake.baseUrl,
    allowPrivate: true,
    now: () => 5_000,
    ...options,
  })

interface Schema {
  properties: Record<string, unknown>
}
function specification() {
  const path = require.resolve('@twilio-alpha/mcp/package.json')
  const spec = new URL('twilio-oai/spec/json/twilio_api_v2010.json', `file://${path}`)
  return JSON.parse(readFileSync(spec, 'utf8')) as {
    paths: Record<string, { post: { responses: object; requestBody: { content: object } } }>
    components: object
  }
}

describe('Twilio, against the official specification', () => {
  const spec = specification()
  const operation = spec.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json']?.post
  if (!operation) throw new Error('the specification has no Messages.json any more')
  const form = (operation.requestBody.content as Record<string, { schema: Schema }>)[
    'application/x-www-form-urlencoded'
  ]?.schema
  if (!form) throw new Error('the specification takes no form any more')
  const answers = new OpenAPIResponseValidator({
    responses: operation.responses as never,
    components: spec.components as never,
  })
  /** The same validator on the request: its form, as if it were an answer. */
  const requests = new OpenAPIResponseValidator({
    responses: {
      200: { description: 'form', content: { 'application/json': { schema: form } } },
    } as never,
    components: spec.components as never,
  })

  it.each([
    ['a number', { from: '+15005550006' }],
    ['a messaging service', { messagingServiceSid: `MG${'a'.repeat(32)}` }],
  ])('sends from %s, both sides as specified', async (_, sender) => {
    const receiptUrl = 'https://gate.example/v1/hooks/primary/receipts'
    const result = await provider({ sender }).send({ ...message, receiptUrl }, never)
    const sent = fake.messages.at(-1)
    expect(result).toEqual({ ok: true, providerId: sent?.sid, priceMicroUsd: null })
    expect(sent).toMatchObject({
      ...{ to: message.to, body: message.body },
      statusCallback: `${receiptUrl}?reference=${message.idempotencyKey}`,
    })

    const posted = sent?.form ?? {}
    expect(requests.validateResponse(200, posted)).toBeUndefined()
    for (const name of Object.keys(posted)) expect(form.properties).toHaveProperty(name)
    const { status, body } = fake.answers.at(-1) ?? { status: 0, body: null }
    expect(status).toBe(201)
    expect(answers.validateResponse(201, body)).toBeUndefined()
    expect(answers.validateResponse(201, { ...(body as object), sid: 'BAD' })).toBeDefined()
  })
})

describe('Twilio, when it does not work', () => {
  it.each([
    [400, 21211, 'unallocated'],
    [400, 21614, 'unreachable_type'],
    [400, 21610, 'opted_out'],
    [400, 21612, 'unreachable_type'],
    [400, 21408, 'account'],
    [401, 20003, 'account'],
    [429, 20429, 'throttled'],
    [400, 99999, 'rejected'],
  ])('HTTP %i with code %i is %s, and never for the next provider', async (status, code, error) => {
    fake.fail({ status, code, message: `The 'To' number ${message.to} is not for ${message.body}` })
    const result = await provider().send(message, never)
    expect(result).toMatchObject({
      ok: false,
      error,
      retryElsewhere: false,
      mayHaveBeenSent: false,
    })
    expect(result).toMatchObject({ detail: expect.stringContaining(`Twilio ${code}`) })
    const told = JSON.stringify(result)
    for (const secret of ['8031234567', '482913', 'Your code']) expect(told).not.toContain(secret)
  })

  it.each([
    ['500', { status: 500 }, false],
    ['503 in HTML', { status: 503, text: '<h1>Sorry</h1>' }, false],
    ['504', { status: 504 }, true],
    ['a reset', { reset: 'before' }, true],
    ['a reset after it took the message', { reset: 'after' }, true],
  ] as const)('%s is for the next provider', async (_, fault, mayHaveBeenSent) => {
    fake.fail(fault)
    expect(await provider().send(message, never)).toMatchObject({
      ok: false,
      error: 'unavailable',
      retryElsewhere: true,
      mayHaveBeenSent,
    })
  })

  it('a refused connection was certainly not sent', async () => {
    const gone = await startFakeTwilio()
    await gone.close()
    expect(await provider({ baseUrl: gone.baseUrl }).send(message, never)).toMatchObject({
      error: 'unavailable',
      detail: 'connection failed: ECONNREFUSED',
      retryElsewhere: true,
      mayHaveBeenSent: false,
    })
  })

  it('silence until the time limit may have been sent', async () => {
    fake.fail({ silent: true })
    expect(await provider().send(message, AbortSignal.timeout(30))).toMatchObject({
      error: 'unavailable',
      detail: 'no answer within the time limit',
      retryElsewhere: true,
      mayHaveBeenSent: true,
    })
  })

  it('a refusal whose body never ends stays a refusal', async () => {
    fake.fail({ silent: true, headers: 400 })
    expect(await provider().send(message, AbortSignal.timeout(30))).toMatchObject({
      error: 'rejected',
      retryElsewhere: false,
    })
  })

  it.each([
    ['without a SID', '{}'],
    ['that is not JSON', 'OK'],
    ['of null', 'null'],
    ['longer than is read', `{"sid":"SM1","pad":"${'x'.repeat(100_000)}"}`],
  ])('a 201 %s is not sent again elsewhere', async (_, text) => {
    fake.fail({ status: 201, text })
    expect(await provider().send(message, never)).toMatchObject({
      ok: false,
      error: 'unknown',
      retryElsewhere: false,
      mayHaveBeenSent: true,
    })
  })

  it('reads a failure and a price from a created message', async () => {
    fake.fail({ status: 201, text: '{"sid":"SM1","status":"failed","error_code":30450}' })
    expect(await provider().send(message, never)).toMatchObject({ ok: false, error: 'blocked' })
    fake.fail({ status: 201, text: '{"sid":"SM1","price":"-0.0075","price_unit":"USD"}' })
    expect(await provider().send(message, never)).toMatchObject({ priceMicroUsd: 7_500 })
  })

  it('carries the number and the credentials to no other address', async () => {
    fake.fail({ status: 307, location: `${fake.baseUrl}/elsewhere` })
    const before = fake.requests
    expect(await provider().send(message, never)).toMatchObject({
      ok: false,
      error: 'rejected',
      retryElsewhere: false,
    })
    expect(fake.requests).toBe(before + 1)
  })

  it('wrong credentials are our account', async () => {
    const wrong = provider({ credentials: { apiKey: 'SK1', apiSecret: 'no' } })
    expect(await wrong.send(message, never)).toMatchObject({ error: 'account' })
  })
})

describe("Twilio's receipts", () => {
  const url = 'https://gate.example/v1/hooks/primary/receipts'

  it.each([
    ['sent', undefined, [{ status: 'sent', error: null, providerCode: null }]],
    ['delivered', undefined, [{ status: 'delivered', error: null, providerCode: null }]],
    ['undelivered', 30005, [{ status: 'failed', error: 'unallocated', providerCode: '30005' }]],
    ['undelivered', 30003, [{ status: 'failed', error: 'absent', providerCode: '30003' }]],
    [
      'undelivered',
      30006,
      [{ status: 'failed', error: 'unreachable_type', providerCode: '30006' }],
    ],
    ['failed', 30453, [{ status: 'failed', error: 'blocked', providerCode: '30453' }]],
    ['failed', 30001, [{ status: 'failed', error: 'throttled', providerCode: '30001' }]],
    ['failed', undefined, [{ status: 'failed', error: 'unknown', providerCode: null }]],
    ['failed', 77777, [{ status: 'failed', error: 'unknown', providerCode: '77777' }]],
    ['queued', undefined, []],
    ['made up', undefined, []],
  ])('%s with code %s', (status, errorCode, expected) => {
    const request = fake.signReceipt('SM9', errorCode ? { status, errorCode } : { status }, url)
    const receipts = provider().receipts(request)
    expect(receipts).toEqual(expected.map((r) => ({ providerId: 'SM9', at: 5_000, ...r })))
  })

  it('name the message by what Twilio was told to call, which it signs', async () => {
    fake.fail({ reset: 'after' })
    const receiptUrl = `${url}?tenant=a`
    expect(await provider().send({ ...message, receiptUrl }, never)).toMatchObject({
      ok: false,
      mayHaveBeenSent: true,
    })
    const called = fake.messages.at(-1)?.statusCallback ?? ''
    const request = fake.signReceipt('SM9', { status: 'delivered' }, called)
    expect(provider().receipts(request)).toMatchObject([
      { providerId: 'SM9', reference: message.idempotencyKey, status: 'delivered' },
    ])
    const other = called.replace(message.idempotencyKey, 'another')
    expect(provider().receipts({ ...request, url: other })).toBeNull()
  })

  it('are refused unsigned, signed otherwise, changed, or where no token can check them', () => {
    const request = fake.signReceipt('SM9', { status: 'delivered' }, url)
    const signature = request.headers['x-twilio-signature'] ?? ''
    expect(provider().receipts({ ...request, headers: {} })).toBeNull()
    expect(provider().receipts({ ...request, body: `${request.body}&X=1` })).toBeNull()
    expect(provider().receipts({ ...request, url: `${url}?x=1` })).toBeNull()
    expect(
      provider().receipts({ ...request, headers: { 'x-twilio-signature': `A${signature}` } }),
    ).toBeNull()
    expect(provider({ webhookAuthToken: 'another' }).receipts(request)).toBeNull()
    const keyed = { credentials: { apiKey: 'SK1', apiSecret: 's' } }
    expect(provider(keyed).receipts(request)).toBeNull()
    expect(provider({ ...keyed, webhookAuthToken: fake.authToken }).receipts(request)).toHaveLength(
      1,
    )
  })

  it('are answered the same as by the official library, whatever the URL and the form', () => {
    const urls = [
      url,
      'https://gate.example:443/v1/hooks',
      'http://gate.example:7700/v1/hooks?a=1&b=%20',
      "http://gate.example/it's?q=it's",
      'http://user:pass@gate.example/x#fragment',
      'https://[2001:db8::1]/x',
      'https://[2001:db8::1]:8443/x',
      'https://gate.example',
    ]
    const forms: [string, string][][] = [
      [],
      [['MessageSid', 'SM1']],
      [
        ['b', '2'],
        ['a', 'é ü +'],
        ['A', '1'],
        ['b', '1'],
        ['b', '2'],
      ],
    ]
    const portless = (u: string) => u.replace(/:(443|7700|8443)(?=\/|$)/, '')
    let agreed = 0
    for (const called of urls) {
      for (const pairs of forms) {
        const form = new URLSearchParams(pairs)
        const params = Object.fromEntries([...form.keys()].map((k) => [k, form.getAll(k)]))
        for (const signedUrl of [
          called,
          portless(called),
          new URL(called).toString(),
          `${called}/`,
        ]) {
          const signature = webhooks.getExpectedTwilioSignature(fake.authToken, signedUrl, params)
          const official = webhooks.validateRequest(fake.authToken, signature, called, params)
          const ours = provider().receipts({
            url: called,
            headers: { 'x-twilio-signature': signature },
            body: form.toString(),
          })
          expect(ours !== null, `${called} signed as ${signedUrl}`).toBe(official)
          agreed += official ? 1 : 0
        }
      }
    }
    expect(agreed).toBeGreaterThan(40)
  })
})

it('every class of error is reachable from a documented code, but the unknown one by all others', () => {
  const codes = Array.from({ length: 40_000 }, (_, code) => twilioError(code))
  for (const error of SEND_ERRORS) expect(codes).toContain(error)
})
