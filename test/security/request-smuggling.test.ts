import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'
import { exchangeRaw } from './raw-socket.js'

let gateway: Harness
let host = ''
let key = ''
beforeAll(async () => {
  gateway = await startHarness()
  host = new URL(gateway.url).host
  key = `authorization: ${gateway.authorization}\r\n`
})
afterAll(() => gateway?.close())

const BODY = JSON.stringify({ service: 'signup', to: '+2348031234567' })
/** What an attacker wants a proxy to take for a body, and us for a request. */
const HIDDEN = 'GET /healthz HTTP/1.1\r\nhost: hidden\r\n\r\n'
const post = (headers: string, body: string): string =>
  `POST /v1/decisions HTTP/1.1\r\nhost: ${host}\r\n${key}content-type: application/json\r\n${headers}\r\n${body}`

/** Framings that two servers in a row may read in two ways. */
const ambiguous = (): Record<string, string> => ({
  'length and chunks': post(
    'content-length: 6\r\ntransfer-encoding: chunked\r\n',
    `0\r\n\r\n${HIDDEN}`,
  ),
  'chunks and length': post(
    'transfer-encoding: chunked\r\ncontent-length: 6\r\n',
    `0\r\n\r\n${HIDDEN}`,
  ),
  'two lengths': post(`content-length: ${BODY.length}\r\ncontent-length: 0\r\n`, BODY + HIDDEN),
  'two equal lengths': post(
    `content-length: ${BODY.length}\r\ncontent-length: ${BODY.length}\r\n`,
    BODY + HIDDEN,
  ),
  'a list of lengths': post(`content-length: ${BODY.length}, 0\r\n`, BODY + HIDDEN),
  'a negative length': post('content-length: -1\r\n', BODY + HIDDEN),
  'a length with a plus': post(`content-length: +${BODY.length}\r\n`, BODY + HIDDEN),
  'a length in hex': post('content-length: 0x10\r\n', BODY + HIDDEN),
  'a coding nobody knows': post('transfer-encoding: identity\r\n', BODY + HIDDEN),
  'chunks spelled otherwise': post('transfer-encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'chunks twice': post('transfer-encoding: chunked, chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'chunks not last': post('transfer-encoding: chunked, gzip\r\n', `0\r\n\r\n${HIDDEN}`),
  'a vertical tab before chunked': post(
    'transfer-encoding:\u000bchunked\r\n',
    `0\r\n\r\n${HIDDEN}`,
  ),
  'a space before the colon': post('transfer-encoding : chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'a folded header': post('x-a: b\r\n transfer-encoding: chunked\r\n', `0\r\n\r\n${HIDDEN}`),
  'a header without a colon': post('transfer-encoding chunked\r\n', BODY + HIDDEN),
  'a bare line feed': post('x-a: b\ncontent-length: 0\r\n', BODY + HIDDEN),
  'a bare carriage return': post('x-a: b\rcontent-length: 0\r\n', BODY + HIDDEN),
  'a null byte': post('x-a: b\u0000c\r\n', BODY + HIDDEN),
  'a chunk size that is none': post('transfer-encoding: chunked\r\n', `zz\r\n${BODY}\r\n0\r\n\r\n`),
  'a chunk size that overflows': post(
    'transfer-encoding: chunked\r\n',
    `fffffffffffffffff\r\n${BODY}\r\n0\r\n\r\n`,
  ),
  'a chunk that is longer than it says': post(
    'transfer-encoding: chunked\r\n',
    `1\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`,
  ),
})

describe('a request that two servers could read in two ways', () => {
  // the key is known when the gateway is: names now, bytes later
  test.each(Object.keys(ambiguous()))(
    '%s: is refused, and what follows is no request',
    async (name) => {
      const { answers, closed, text } = await exchangeRaw(gateway.url, [ambiguous()[name] ?? ''])
      expect(answers.map(({ status }) => status)).toEqual([400])
      expect(answers[0]?.body).toContain('"code":"malformed_request"')
      expect(closed).toBe(true)
      expect(text).not.toContain('"status":"ok"')
    },
  )

  test('the same requests framed once are answered: the cases above fail for their framing', async () => {
    const whole = await exchangeRaw(gateway.url, [
      post(`content-length: ${BODY.length}\r\n`, BODY),
      HIDDEN.replace('hidden', host),
    ])
    expect(whole.answers.map(({ status }) => status)).toEqual([200, 200])
    const chunked = await exchangeRaw(gateway.url, [
      post('transfer-encoding: chunked\r\n', `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`),
    ])
    expect(chunked.answers.map(({ status }) => status)).toEqual([200])
  })

  test('a request without a host, or with two, is refused', async () => {
    for (const head of [
      'GET /healthz HTTP/1.1\r\n\r\n',
      `GET /healthz HTTP/1.1\r\nhost: ${host}\r\nhost: evil.example\r\n\r\n`,
    ]) {
      const { answers, closed } = await exchangeRaw(gateway.url, [head])
      expect([head.length, ...answers.map(({ status }) => status)]).toEqual([head.length, 400])
      expect(closed).toBe(true)
    }
  })
})

describe('header injection', () => {
  /** What would begin a header of its own, in every spelling that reaches a handler. */
  const CRLF = [
    '\r\nx-evil: 1',
    '\nx-evil: 1',
    '%0d%0ax-evil:%201',
    '\u2028x-evil: 1',
    '\u560d\u560ax-evil: 1',
  ]

  test.each(CRLF)('%j in fields that come back adds no header to the answer', async (evil) => {
    const asked = [
      ['POST', '/v1/verifications', { service: `signup${evil}`, to: '+2348031234567' }],
      ['POST', '/v1/verifications', { service: 'signup', to: `+234803${evil}` }],
      ['GET', `/v1/verifications/ver_${encodeURIComponent(evil)}`, undefined],
      ['GET', `/v1/admin/requests?service=${encodeURIComponent(evil)}`, undefined],
      ['POST', '/v1/admin/keys', { name: `k${evil}`, scopes: ['verify'] }],
      ['GET', `/${encodeURIComponent(evil)}`, undefined],
    ] as const
    for (const [method, path, body] of asked) {
      const { headers } = await gateway.call(method, path, body)
      expect(headers.get('x-evil'), path).toBeNull()
    }
  })

  test('in metrics a name that somebody made up opens no line of its own', async () => {
    const service = 'a"} 1\ntollgate_evil{x="'
    await gateway.call('POST', '/v1/decisions', { service, to: '+2348031234567' })
    const { body } = await gateway.call('GET', '/metrics')
    expect(body).toContain('tollgate_')
    expect(body).not.toContain('tollgate_evil')
  })
})
