import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { gateway, refusal, service, serviceSid, stageTwilio, to, twilio } from './twilio-stage.js'

stageTwilio()

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** Routes of the compatible API, as `POST /v2/Services/{Sid}`. */
let routes: [string, string][]
beforeAll(async () => {
  const described: Harness = await startHarness()
  const { paths } = (await described.call('GET', '/openapi.json')).body
  await described.close()
  routes = Object.entries<object>(paths)
    .filter(([path]) => path.startsWith('/v2/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((m): [string, string] => [m, path]))
  expect(routes.length).toBeGreaterThan(15)
})

let sid: string
beforeEach(async () => {
  sid = await serviceSid()
})

/** Of what is asked, an answer as every SDK of Twilio reads it. */
async function asked(method: string, path: string, body?: string, headers = {}) {
  const answer = await gateway.call(method.toUpperCase(), path, body, { ...FORM, ...headers })
  expect(answer.body, `${method} ${path}`).toEqual({
    code: expect.any(Number),
    message: expect.stringMatching(/\S/),
    more_info: `https://www.twilio.com/docs/errors/${answer.body.code}`,
    status: answer.status,
    details: expect.objectContaining({ code: expect.any(String), detail: expect.any(String) }),
  })
  return `${answer.status} ${answer.body.code} ${answer.body.details.code}`
}
const at = (path: string, value: string) =>
  path.replace(/\{ServiceSid\}/, sid).replace(/\{\w+\}/g, value)

describe('every route answers as Twilio does to', () => {
  test('no key, and a key without the scope', async () => {
    const none = await gateway.keyWith('outcomes')
    for (const [method, path] of routes) {
      const url = at(path, sid)
      expect(await asked(method, url, undefined, { authorization: '' }), path).toBe(
        '401 20003 unauthenticated',
      )
      expect(await asked(method, url, undefined, { authorization: none }), path).toBe(
        '403 20003 forbidden',
      )
    }
  })

  test('a method that it does not take', async () => {
    for (const path of new Set(routes.map(([, path]) => path)))
      expect(await asked('PATCH', at(path, sid), ''), path).toBe('405 20004 method_not_allowed')
  })

  test('an id that is too long, or of nothing', async () => {
    for (const [method, path] of routes.filter(([, path]) => path.includes('{'))) {
      const body =
        method === 'post'
          ? 'To=%2B2348031234567&Channel=sms&Code=123456&Status=canceled'
          : undefined
      expect(await asked(method, path.replace(/\{\w+\}/g, 'x'.repeat(65)), body), path).toBe(
        '400 60200 validation',
      )
      expect(await asked(method, path.replace(/\{\w+\}/g, 'x'.repeat(600)), body), path).toMatch(
        /^4\d\d \d{5} /,
      )
      if (path.startsWith('/v2/PhoneNumbers/')) continue
      const unknown = await asked(method, path.replace(/\{\w+\}/g, 'x'), body)
      expect(unknown, path).toMatch(/^404 20404 /)
    }
  })

  test.each([
    ['JSON', '{"To":"+2348031234567"}', { 'content-type': 'application/json' }, /^415 60200 /],
    [
      'a field given twice',
      'To=%2B2348031234567&To=%2B2348031234567',
      {},
      /^400 60200 malformed_form/,
    ],
    ['what is not UTF-8', 'To=%FF', {}, /^400 60200 invalid_utf8/],
    ['too long a body', `To=${'1'.repeat(70_000)}`, {}, /^413 60200 body_too_large/],
  ])('%s', async (_what, body, headers, expected) => {
    for (const [method, path] of routes.filter(([method]) => method === 'post'))
      expect(await asked(method, at(path, sid), body, headers), path).toMatch(expected)
  })

  test('a path that there is not', async () => {
    expect(await asked('GET', '/v2/Nothing')).toBe('404 20404 not_found')
    expect(await asked('GET', '/v2')).toBe('404 20404 not_found')
  })
})

/** A shape that a 404 would be mistaken in: of Lookup v1 it says that there is no such number. */
describe('what is not served is 60204', () => {
  const zeros = '0'.repeat(32)
  test('of Verify and Lookup v2, whatever body it takes', async () => {
    const { v2 } = twilio.client.lookups
    const own = await service()
    const calls = [
      own.rateLimits.list(),
      own.rateLimits(`RK${zeros}`).buckets.create({ max: 1, interval: 1 }),
      own.webhooks.list(),
      own.entities('a').remove(),
      own.accessTokens.create({ identity: 'a', factorType: 'push' }),
      own.messagingConfigurations.list(),
      own.newFactors.create({ identity: 'a' } as never),
      twilio.client.verify.v2.templates.list(),
      twilio.client.verify.v2.forms('form-push').fetch(),
      v2.query.create({ lookupRequest: { phone_numbers: [] } } as never),
      v2.rateLimits.fetch(),
      v2.bucket('field', 'bucket').update({} as never),
      v2.lookupOverrides('line_type_intelligence', to).create({} as never),
    ]
    for (const call of calls)
      expect(await refusal(call)).toMatchObject({
        status: 501,
        code: 60204,
        message: 'Not served by this API. See docs/twilio-migration.md for what takes its place.',
      })
  })

  test('of other products: Lookup v1, messages, calls', async () => {
    const { client } = twilio
    const calls = [
      client.lookups.v1.phoneNumbers(to).fetch({ type: ['carrier'] }),
      client.messages.create({ to, from: '+15005550006', body: 'x' }),
      client.calls.list(),
      client.messaging.v1.services.list(),
    ]
    for (const call of calls)
      expect(await refusal(call)).toMatchObject({
        status: 501,
        code: 60204,
        message: expect.stringContaining('Ask Twilio for the rest'),
        moreInfo: 'https://www.twilio.com/docs/errors/60204',
      })
  })

  test('and paths of our own stay what they are', async () => {
    const { headers, body } = await gateway.call('GET', '/v1/nothing')
    expect(headers.get('content-type')).toContain('application/problem+json')
    expect(body).toMatchObject({ status: 404, code: 'not_found' })
  })
})
