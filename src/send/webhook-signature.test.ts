import { expect, it } from 'vitest'
import { httpProvider } from './http.js'
import {
  signWebhook,
  verifyWebhook,
  WEBHOOK_TOLERANCE_MS,
  webhookKey,
} from './webhook-signature.js'

// The example of the Standard Webhooks libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const timestamp = 1614265330
const body = '{"test": 2432232314}'
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

const now = timestamp * 1000
const key = webhookKey(secret)
const headers = {
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
}

it('signs and checks as the standard does', () => {
  expect(signWebhook(key, id, timestamp, body)).toBe(signature)
  expect(verifyWebhook(key, { headers, body }, now)).toBe(true)
  const rotated = { ...headers, 'webhook-signature': `v1,b2xk ${signature} v2,x` }
  expect(verifyWebhook(key, { headers: rotated, body }, now)).toBe(true)
})

it.each([
  ['another body', headers, `${body} `, now],
  ['another id', { ...headers, 'webhook-id': 'msg_2' }, body, now],
  ['another time', { ...headers, 'webhook-timestamp': String(timestamp + 1) }, body, now],
  ['no id', { ...headers, 'webhook-id': undefined }, body, now],
  ['no time', { ...headers, 'webhook-timestamp': 'soon' }, body, now],
  ['no signature', { ...headers, 'webhook-signature': undefined }, body, now],
  ['a signature cut short', { ...headers, 'webhook-signature': signature.slice(0, -1) }, body, now],
  ['an old webhook', headers, body, now + WEBHOOK_TOLERANCE_MS + 1],
  ['one from the future', headers, body, now - WEBHOOK_TOLERANCE_MS - 1],
])('refuses %s', (_, given, text, at) => {
  expect(verifyWebhook(key, { headers: given, body: text }, at)).toBe(false)
})

it('takes a secret that is plain text too', () => {
  const plain = webhookKey('correct horse')
  const signed = { ...headers, 'webhook-signature': signWebhook(plain, id, timestamp, body) }
  expect(verifyWebhook(plain, { headers: signed, body }, now)).toBe(true)
  expect(verifyWebhook(key, { headers: signed, body }, now)).toBe(false)
})

const provider = httpProvider({
  name: 'own',
  url: 'https://sms.example/',
  receipts: { secret },
  now: () => now,
})
const post = (json: unknown) => {
  const text = typeof json === 'string' ? json : JSON.stringify(json)
  const signed = { ...headers, 'webhook-signature': signWebhook(key, id, timestamp, text) }
  return provider.receipts({ url: 'https://gate.example/', headers: signed, body: text })
}

it('reads receipts, one or many, and skips what is none', () => {
  expect(post({ id: 'm1', status: 'delivered' })).toEqual([
    { providerId: 'm1', status: 'delivered', error: null, providerCode: null, at: now },
  ])
  expect(
    post([
      { id: 7, status: 'failed', error: 'absent', code: 11, at: 1_000 },
      { id: 'm2', status: 'failed', error: 'sunspots', at: '2026-11-21T05:00:00Z' },
      { id: 'm3', status: 'sent', error: 'absent', at: 'yesterday' },
      { id: 'm4', status: 'lost' },
      { status: 'sent' },
      { reference: 'msg_1', status: 'sent' },
      { id: 'm5', reference: 'a b', status: 'sent' },
      null,
      'text',
    ]),
  ).toEqual([
    { providerId: '7', status: 'failed', error: 'absent', providerCode: '11', at: 1_000 },
    {
      providerId: 'm2',
      status: 'failed',
      error: 'unknown',
      providerCode: null,
      at: Date.UTC(2026, 10, 21, 5),
    },
    { providerId: 'm3', status: 'sent', error: null, providerCode: null, at: now },
    {
      ...{ providerId: null, reference: 'msg_1', status: 'sent', error: null, providerCode: null },
      at: now,
    },
  ])
  expect(post('not JSON')).toEqual([])
  expect(post(Array.from({ length: 5_000 }, () => ({ id: 'm', status: 'sent' })))).toHaveLength(
    1_000,
  )
})

it('refuses receipts that are not signed, or that nothing can check', () => {
  const request = { url: 'https://gate.example/', headers, body: '{"id":"m1","status":"sent"}' }
  expect(provider.receipts(request)).toBeNull()
  const keyless = httpProvider({ name: 'own', url: 'https://sms.example/' })
  expect(keyless.receipts({ ...request, body })).toBeNull()
})
