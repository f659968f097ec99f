import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { subscriber } from './stage.js'

let gateway: Harness
beforeAll(async () => {
  gateway = await startHarness()
})
afterAll(() => gateway.close())

const good = { service: 'signup', to: subscriber(1), context: { ip: '105.112.3.4' } }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const nested = `${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`

describe('a body that is no request gets a precise answer, and sends nothing', () => {
  test.each<[string, unknown, Record<string, string>, number, string, object]>([
    ['nothing', undefined, { 'content-type': 'application/json' }, 400, 'validation', {}],
    ['no JSON', '{"service":', {}, 400, 'malformed_json', {}],
    ['a list', [], {}, 400, 'validation', { errors: [{ path: '/', message: 'must be object' }] }],
    ['null', 'null', {}, 400, 'validation', {}],
    [
      'half of UTF-8',
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
      {},
      400,
      'invalid_utf8',
      {},
    ],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), {}, 400, 'invalid_utf8', {}],
    ['a form', 'service=signup', form, 415, 'unsupported_media_type', {}],
    ['plain text', 'x', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type', {}],
    [
      'another JSON',
      '{}',
      { 'content-type': 'application/json-seq' },
      415,
      'unsupported_media_type',
      {},
    ],
    ['70 kB', { ...good, locale: 'x'.repeat(70_000) }, {}, 413, 'body_too_large', {}],
    ['12,000 objects in each other', nested, {}, 413, 'body_too_large', {}],
    ['9,000 lists in each other', '['.repeat(9000) + ']'.repeat(9000), {}, 400, 'validation', {}],
    ['a prototype', '{"__proto__":{"admin":true}}', {}, 400, 'malformed_json', {}],
    ['an escaped prototype', '{"\\u005f_proto__":{"admin":true}}', {}, 400, 'malformed_json', {}],
    ['a constructor', '{"constructor":{"prototype":{"x":1}}}', {}, 400, 'malformed_json', {}],
    [
      'no fields',
      {},
      {},
      400,
      'validation',
      {
        errors: [
          { path: '/service', message: 'is missing' },
          { path: '/to', message: 'is missing' },
        ],
      },
    ],
    [
      'an unknown field',
      { ...good, phone: '+1' },
      {},
      400,
      'validation',
      { errors: [{ path: '/phone', message: 'unknown field' }] },
    ],
    [
      'a misspelt field',
      { ...good, context: { device_id: 'x' } },
      {},
      400,
      'validation',
      {
        errors: [
          { path: '/context/device_id', message: 'unknown field', hint: 'did you mean deviceId?' },
        ],
      },
    ],
    [
      'a number as text',
      { ...good, context: { sessionAgeMs: '5' } },
      {},
      400,
      'validation',
      { errors: [{ path: '/context/sessionAgeMs', message: 'must be integer' }] },
    ],
    [
      'a text as number',
      { ...good, to: 2348031234567 },
      {},
      400,
      'validation',
      { errors: [{ path: '/to', message: 'must be string' }] },
    ],
    [
      '10 kB of number',
      { ...good, to: '+'.repeat(10_000) },
      {},
      400,
      'validation',
      { errors: [{ path: '/to', message: 'must NOT have more than 64 characters' }] },
    ],
    [
      'a country that is none',
      { ...good, to: '08031234567', defaultCountry: 'UK' },
      {},
      400,
      'validation',
      {
        detail: '/defaultCountry is not a country (write GB)',
        errors: [{ path: '/defaultCountry', message: 'is not a country', hint: 'write GB' }],
      },
    ],
    [
      '10 kB of device',
      { ...good, context: { deviceId: 'x'.repeat(10_000) } },
      {},
      400,
      'validation',
      { errors: [{ path: '/context/deviceId' }] },
    ],
    [
      'an address with a port',
      { ...good, context: { ip: '1.2.3.4:80' } },
      {},
      400,
      'validation',
      { errors: [{ path: '/context/ip', message: 'is not an IP address' }] },
    ],
    [
      'a tag that is no text',
      { ...good, tags: { a: { b: 1 } } },
      {},
      400,
      'validation',
      { errors: [{ path: '/tags/a', message: 'must be string' }] },
    ],
    [
      'a channel that is not there',
      { ...good, channel: 'call' },
      {},
      400,
      'validation',
      { errors: [{ path: '/channel', hint: 'one of: sms' }] },
    ],
    [
      'a code of letters',
      { ...good, code: 'abcd' },
      {},
      400,
      'validation',
      { errors: [{ path: '/code', hint: 'a code of your own, 4 to 10 digits' }] },
    ],
    [
      'a service that is not there',
      { ...good, service: 'sign-up' },
      {},
      422,
      'unknown_service',
      {},
    ],
  ])('%s', async (_what, body, headers, status, code, more) => {
    const answer = await gateway.call('POST', '/v1/verifications', body, {
      'content-type': 'application/json',
      ...headers,
    })
    expect(answer).toMatchObject({ status, body: { status, code, ...more } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body.type).toBe(`urn:tollgate:error:${code}`)
    expect(answer.body.detail.length).toBeGreaterThan(10)
    expect(answer.body.instance).toMatch(/^urn:tollgate:request:/)
    expect(gateway.messages()).toHaveLength(0)
  })

  test('a thousand unknown fields are not told a thousand times', async () => {
    const body = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field${i}`, i]))
    const answer = await gateway.call('POST', '/v1/decisions', body)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.length).toBeLessThanOrEqual(20)
  })
})

describe('numbers in other spellings', () => {
  test.each(['+234 803 123 4567', 'tel:+2348031234567', '+٢٣٤٨٠٣١٢٣٤٥٦٧', '+234 (0) 803-123-4567'])(
    '%s is one subscriber',
    async (to) => {
      const answer = await gateway.call('POST', '/v1/decisions', { service: 'signup', to })
      expect(answer).toMatchObject({ status: 200, body: { number: { e164: '+2348031234567' } } })
    },
  )

  test.each([
    ['+2348031234567;ext=5', 'number.extension'],
    ['+2348031234567 x5', 'number.extension'],
    ['call me', 'number.invalid'],
    ['08031234567', 'number.invalid'],
    ['+23480312345678901', 'number.invalid'],
  ])('%s is refused', async (to, code) => {
    const answer = await gateway.call('POST', '/v1/decisions', { service: 'signup', to })
    expect(answer).toMatchObject({ status: 200, body: { verdict: 'deny', reasons: [{ code }] } })
  })
})

describe('Twilio’s API', () => {
  const path = async () => {
    const { body } = await gateway.call('GET', '/v2/Services')
    return `/v2/Services/${body.services[0].sid}/Verifications`
  }
  test.each<[string, unknown, Record<string, string>, number, number]>([
    ['JSON', { To: subscriber(1), Channel: 'sms' }, {}, 415, 60200],
    ['a parameter twice', 'To=%2B1&To=%2B2&Channel=sms', form, 400, 60200],
    ['no parameter', '', form, 400, 60200],
    ['bytes that are no UTF-8', 'To=%FF%FE&Channel=sms', form, 400, 60200],
    ['a plus that was not encoded', `To=${subscriber(1)}&Channel=sms`, form, 400, 60200],
    ['70 kB', `To=${'x'.repeat(70_000)}`, form, 413, 60200],
  ])('%s', async (_what, body, headers, status, code) => {
    const answer = await gateway.call('POST', await path(), body, headers)
    expect(answer).toMatchObject({ status, body: { status, code } })
    expect(answer.body.more_info).toBe(`https://www.twilio.com/docs/errors/${code}`)
    expect(gateway.messages()).toHaveLength(0)
  })

  test('a form that is missing names what belongs in it; a number says how it is written', async () => {
    const empty = await gateway.call('POST', await path())
    expect(empty.body).toMatchObject({ code: 60200, message: 'Invalid parameter: To, Channel' })
    const lost = await gateway.call('POST', await path(), 'To=+2348031234567&Channel=sms', form)
    expect(lost.body.details.detail).toContain('%2B')
  })

  test.each([
    ['GET', '/v2/Nothing', 404, 20404],
    ['PUT', '/v2/Services', 405, 20004],
    ['GET', '/v2/Services/%', 400, 60200],
    ['GET', `/v2/Services/${'x'.repeat(900)}`, 431, 60200],
  ])('%s %.30s is refused as Twilio would', async (method, path, status, code) => {
    const answer = await gateway.call(method, path)
    expect(answer).toMatchObject({ status, body: { code, status } })
    expect(answer.body.more_info).toBe(`https://www.twilio.com/docs/errors/${code}`)
  })
})

test('the console’s pages leave what is missing of Twilio’s API to Twilio’s words', async () => {
  const whole = await startHarness({ desk: true })
  const answer = await whole.call('GET', '/v2/SafeLists')
  expect(answer).toMatchObject({ status: 404, body: { code: 20404, status: 404 } })
  const other = await whole.call('GET', '/v2/SafeList/Numbers')
  expect(other).toMatchObject({ status: 405, body: { code: 20004, status: 405 } })
  await whole.close()
})

describe('an address under another method says which it takes', () => {
  test.each([
    ['GET', '/v1/verifications', 'POST'],
    ['PUT', '/v1/verifications/ver_1', 'DELETE, GET'],
    ['DELETE', '/v1/decisions/?x=1', 'POST'],
    ['OPTIONS', '/v1/decisions', 'POST'],
    ['POST', '/openapi.json', 'GET'],
    ['PATCH', '/v2/Services', 'GET, POST'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await gateway.call(method, path)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe(allow)
    expect(JSON.stringify(answer.body)).toContain(`not ${method}.`)
  })

  test('what is nowhere is not found', async () => {
    expect(await gateway.call('PUT', '/v1/verification')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
    expect((await gateway.call('GET', '/openapi-json')).status).toBe(404)
  })

  test.each(['/healthz', '/readyz'])('HEAD %s answers those who only look', async (path) => {
    const answer = await gateway.call('HEAD', path)
    expect(answer).toMatchObject({ status: 200, body: '' })
  })
})

describe('requests that are none', () => {
  test.each([
    ['/v1/nothing', 404, 'not_found'],
    ['/v1/verifications/%', 400, 'malformed_request'],
    [`/v1/verifications/${'x'.repeat(900)}`, 431, 'header_too_large'],
  ])('%.40s', async (path, status, code) => {
    const answer = await gateway.call('GET', path)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  /** What the server says to bytes that no client of HTTP would send. */
  async function say(bytes: string): Promise<string> {
    const { hostname, port } = new URL(gateway.url)
    const socket = connect(Number(port), hostname)
    socket.end(bytes)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += String(chunk)
    })
    await once(socket, 'close')
    return answer
  }

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'malformed_request'],
    [
      '20 kB of headers',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'header_too_large',
    ],
  ])('%s', async (_what, bytes, status, code) => {
    const answer = await say(bytes)
    expect(answer).toContain(`HTTP/1.1 ${status} `)
    expect(answer).toContain(`"code":"${code}"`)
  })
})
