import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../../test/fakes/http-endpoint.js'
import { MAX_ANSWER_BYTES } from './exchange.js'
import { type HttpOptions, httpProvider } from './http.js'
import type { OutgoingMessage } from './port.js'

const message: OutgoingMessage = {
  idempotencyKey: 'k1',
  to: '+2348031234567',
  body: 'Your code is 482913',
  channel: 'sms',
}
/** A body that tries to leave every place it is put in. */
const hostile = `"},{"x":"\\\r\nX-Injected: 1\r\n\r\n&to=+1&<a>{to}'%00é\u2028\ud800`
const never = new AbortController().signal

let endpoint: Endpoint
beforeAll(async () => {
  endpoint = await startEndpoint()
})
beforeEach(() => endpoint.answers({ status: 200, body: { id: 'm1' } }))
afterAll(() => endpoint.close())

const provider = (options: Partial<HttpOptions> = {}) =>
  httpProvider({ name: 'own', url: `${endpoint.url}/sms`, allowPrivate: true, ...options })

describe('what the generic provider sends', () => {
  it('by default POSTs to, body and idempotencyKey as JSON', async () => {
    expect(await provider().send(message, never)).toEqual({
      ok: true,
      providerId: 'm1',
      priceMicroUsd: null,
    })
    const { method, url, headers, body } = endpoint.last()
    expect([method, url, headers['content-type']]).toEqual(['POST', '/sms', 'application/json'])
    expect(headers['idempotency-key']).toBe('k1')
    expect(JSON.parse(body)).toEqual({
      to: message.to,
      body: message.body,
      idempotencyKey: 'k1',
    })
  })

  it('keeps a hostile body in its place: JSON object', async () => {
    const body = { text: '{body}', list: [{ to: '{to}' }, 1, null] }
    await provider({ body }).send({ ...message, body: hostile }, never)
    expect(JSON.parse(endpoint.last().body)).toEqual({
      text: Buffer.from(hostile).toString(),
      list: [{ to: message.to }, 1, null],
    })
  })

  it('keeps a hostile body in its place: JSON text', async () => {
    await provider({ body: '{"a": {"text": "{body}"}}' }).send({ ...message, body: hostile }, never)
    expect(JSON.parse(endpoint.last().body)).toEqual({
      a: { text: Buffer.from(hostile).toString() },
    })
  })

  it.each([
    ['form text', 'text={body}&to={to}'],
    ['form object', { text: '{body}', to: '{to}' }],
  ])('keeps a hostile body in its place: %s', async (_, body) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await provider({ headers, body }).send({ ...message, body: hostile }, never)
    const form = new URLSearchParams(endpoint.last().body)
    expect([...form]).toEqual([
      ['text', Buffer.from(hostile).toString()],
      ['to', message.to],
    ])
  })

  it('keeps a hostile body in its place: XML', async () => {
    const headers = { 'content-type': 'text/xml' }
    await provider({ headers, body: '<m to="{to}">{body}</m>' }).send(
      { ...message, body: '<b>&"\'\u0000' },
      never,
    )
    expect(endpoint.last().body).toBe('<m to="+2348031234567">&lt;b&gt;&amp;&quot;&apos;</m>')
  })

  it('keeps a hostile body in its place: URL and headers', async () => {
    const url = `${endpoint.url}/send/{to}?text={body}#x`
    const headers = { 'X-Text': 'a {body}', authorization: 'Bearer 100%' }
    const sent = { ...message, body: hostile }
    const result = await provider({ url, headers, method: 'GET' }).send(sent, never)
    expect(result.ok).toBe(true)
    const last = endpoint.last()
    expect(last.method).toBe('GET')
    expect(last.body).toBe('')
    const called = new URL(last.url, endpoint.url)
    expect(called.pathname).toBe('/send/%2B2348031234567')
    expect(called.searchParams.get('text')).toBe(Buffer.from(hostile).toString())
    expect(last.headers['x-injected']).toBeUndefined()
    expect(last.headers.authorization).toBe('Bearer 100%')
    const header = String(last.headers['x-text'])
    expect(header).toMatch(/^[\x20-\x7e]+$/)
    expect(decodeURIComponent(header)).toBe(`a ${Buffer.from(hostile).toString()}`)
  })

  it('puts the receipt URL where the template wants it', async () => {
    const receiptUrl = 'https://gate.example/v1/hooks/own/receipts?a=1&b=2'
    await provider({ url: `${endpoint.url}/?cb={receiptUrl}` }).send(
      { ...message, receiptUrl },
      never,
    )
    expect(new URL(endpoint.last().url, endpoint.url).searchParams.get('cb')).toBe(receiptUrl)
  })
})

describe('what the generic provider makes of an answer', () => {
  const success = { status: [200], json: { pointer: '/data/0/ok', equals: true } }
  const failure = [
    { status: 400, pointer: '/error/code', equals: 'unknown_subscriber', error: 'unallocated' },
    { pointer: '/error/message', matches: 'STOP', error: 'opted_out' },
    { status: 503, error: 'throttled' },
    { matches: 'overloaded', error: 'unavailable' },
    { pointer: '/spam', error: 'blocked' },
  ] as const
  const mapping: Partial<HttpOptions> = { success, failure: [...failure], id: '/data/0/a~1b' }

  it.each([
    ['accepted', 200, { data: [{ ok: true, 'a/b': 7 }] }, { ok: true, providerId: '7' }],
    ['accepted without id', 200, { data: [{ ok: true }] }, { ok: true, providerId: 'k1' }],
    [
      'not ok inside',
      200,
      { data: [{ ok: 'true' }] },
      { error: 'unknown', mayHaveBeenSent: false },
    ],
    ['not JSON', 200, 'OK', { error: 'unknown', mayHaveBeenSent: true, retryElsewhere: false }],
    ['another success', 202, {}, { error: 'unknown', retryElsewhere: false }],
    ['code', 400, { error: { code: 'unknown_subscriber' } }, { error: 'unallocated' }],
    ['text', 422, { error: { message: 'sent STOP' } }, { error: 'opted_out' }],
    ['presence', 200, { spam: false }, { error: 'blocked', retryElsewhere: false }],
    ['mapped 503', 503, '', { error: 'throttled', retryElsewhere: true }],
    ['service error in a 200', 200, 'overloaded', { error: 'unavailable', retryElsewhere: true }],
    ['service words in a 400', 400, 'overloaded', { error: 'unavailable', retryElsewhere: false }],
    ['unmapped 400', 400, {}, { error: 'rejected', retryElsewhere: false }],
    ['unmapped 401', 401, {}, { error: 'account', retryElsewhere: false }],
    ['unmapped 429', 429, {}, { error: 'throttled', retryElsewhere: false }],
    [
      'unmapped 500',
      500,
      {},
      { error: 'unavailable', retryElsewhere: true, mayHaveBeenSent: false },
    ],
    [
      'unmapped 504',
      504,
      {},
      { error: 'unavailable', retryElsewhere: true, mayHaveBeenSent: true },
    ],
  ])('%s', async (_, status, body, expected) => {
    endpoint.answers({ status, body })
    expect(await provider(mapping).send(message, never)).toMatchObject(expected)
  })

  it('does not reach into prototypes', async () => {
    endpoint.answers({ status: 200, body: {} })
    const result = await provider({ id: '/constructor/name' }).send(message, never)
    expect(result).toMatchObject({ providerId: 'k1' })
  })

  it('takes no id longer than it could store', async () => {
    endpoint.answers({ status: 200, body: { id: 'x'.repeat(10_000) } })
    expect(await provider().send(message, never)).toMatchObject({ ok: true, providerId: 'k1' })
  })

  it('never repeats what the answer says', async () => {
    endpoint.answers({ status: 400, body: `number ${message.to}: ${message.body}` })
    const told = JSON.stringify(await provider().send(message, never))
    expect(told).not.toMatch(/803123|482913|Your code/)
  })

  it('does not follow redirects', async () => {
    const before = endpoint.requests.length
    endpoint.answers({ status: 302, headers: { location: `${endpoint.url}/elsewhere` } })
    expect(await provider().send(message, never)).toMatchObject({
      error: 'rejected',
      retryElsewhere: false,
    })
    expect(endpoint.requests.length).toBe(before + 1)
  })

  it('reads no more than 64 kB of an answer without end', async () => {
    const mebibyte = 'x'.repeat(2 ** 20)
    let written = 0
    const closed = new Promise<void>((resolve) => {
      endpoint.answers((response) => {
        response.writeHead(200).on('close', resolve)
        const more = () => {
          while (!response.destroyed && written < 512) {
            written++
            if (!response.write(mebibyte)) return void response.once('drain', more)
          }
        }
        more()
      })
    })
    expect(await provider().send(message, never)).toEqual({
      ok: true,
      providerId: 'k1',
      priceMicroUsd: null,
    })
    await closed
    // Socket buffers hold some megabytes beyond what was read; the answer had 512.
    expect(written * 2 ** 20).toBeLessThan(MAX_ANSWER_BYTES + 64 * 2 ** 20)
  })

  it('gives up on an answer that trickles', async () => {
    endpoint.answers((response) => {
      response.flushHeaders()
      const drip = setInterval(() => response.write(' '), 5)
      response.on('close', () => clearInterval(drip))
    })
    const mapped = provider({ success })
    expect(await mapped.send(message, AbortSignal.timeout(50))).toMatchObject({
      ok: false,
      error: 'unknown',
      mayHaveBeenSent: true,
    })
  })

  it('gives up on headers that never come', async () => {
    endpoint.answers(() => undefined)
    expect(await provider().send(message, AbortSignal.timeout(50))).toMatchObject({
      error: 'unavailable',
      retryElsewhere: true,
      mayHaveBeenSent: true,
    })
  })

  it('knows that a host that does not exist was sent nothing', async () => {
    const gone = provider({ url: 'http://gone.invalid/sms' })
    expect(await gone.send(message, never)).toMatchObject({
      error: 'unavailable',
      retryElsewhere: true,
      mayHaveBeenSent: false,
    })
  })
})

describe('a generic provider that cannot work', () => {
  it.each([
    [{ url: 'ftp://x/' }, /not an http or https URL/],
    [{ url: 'http://{to}.example/' }, /not an http|must be fixed/],
    [{ url: 'http://x/{phone}' }, /no placeholder \{phone\}.*Known: \{to\}/],
    [{ headers: { 'x-a': '{number}' } }, /no placeholder \{number\}/],
    [{ headers: { 'x a': '1' } }, /header/],
    [{ headers: { 'x-a': 'a\r\nb: c' } }, /header/],
    [{ body: '{"to": {to}}' }, /not JSON.*inside quotes/],
    [{ method: 'GET', body: 'x' }, /GET request has no body/],
  ] as [Partial<HttpOptions>, RegExp][])('%j is refused at start', (options, why) => {
    expect(() => provider(options)).toThrow(why)
  })
})
