import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import type { ServicePolicy } from '../../src/engine/policy.js'
import { type Harness, startHarness } from './harness.js'
import { enforce, MINUTE, SECOND, subscriber, wrongCode } from './stage.js'
import { twilioClient, violations } from './twilio-client.js'

let gateway: Harness
let twilio: ReturnType<typeof twilioClient>

/** A service without the limits that would meet before Twilio's own: five sends, five checks. */
const patient: Partial<ServicePolicy> = {
  rateLimits: [],
  distinct: [],
  lines: Object.fromEntries(
    Object.entries(enforce().services.signup?.lines ?? {}).map(([name, line]) => [
      name,
      { ...line, opening: 1e9, openingOutside: 1e9 },
    ]),
  ) as ServicePolicy['lines'],
}

async function open(service: Partial<ServicePolicy> = {}): Promise<void> {
  gateway = await startHarness({ policy: enforce(service) })
  twilio = twilioClient(gateway.url, gateway.key)
}

beforeEach(() => open(patient))

afterEach(async () => {
  // Twilio's specification knows answers of success only; every one of them has to hold.
  const wrong = twilio.exchanges
    .filter(({ status }) => status < 400)
    .map((each) => ({ ...each, says: violations(each.method, each.path, each.status, each.body) }))
    .filter(({ says }) => says !== null)
  await gateway.close()
  expect(wrong).toEqual([])
})

/** SID of the policy's service. */
async function serviceSid(): Promise<string> {
  const [first] = await twilio.client.verify.v2.services.list()
  if (!first) throw new Error('the policy names a service')
  return first.sid
}

const service = async () => twilio.client.verify.v2.services(await serviceSid())

/** The error that a call of the SDK is rejected with. */
async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error as {
    status: number
    code: number
    message: string
    moreInfo: string
    // biome-ignore lint/suspicious/noExplicitAny: Twilio leaves it open
    details: any
  }
}

const to = subscriber(1)
const create = async (number = to, more: object = {}) =>
  (await service()).verifications.create({ to: number, channel: 'sms', ...more })
const check = async (code: string, number = to) =>
  (await service()).verificationChecks.create({ to: number, code })

describe('a verification', () => {
  test('is created, checked and approved', async () => {
    const verification = await create(to, { deviceIp: '105.112.3.4', tags: '{"form":"a"}' })
    expect(verification).toMatchObject({ status: 'pending', valid: false, to, channel: 'sms' })
    expect(verification.sid).toMatch(/^VE[0-9a-f]{32}$/)
    expect(verification.accountSid).toBe(gateway.key.id)
    expect(gateway.messages()).toHaveLength(1)
    const checked = await check(gateway.code())
    expect(checked).toMatchObject({ status: 'approved', valid: true, sid: verification.sid })
    const fetched = await (await service()).verifications(verification.sid).fetch()
    expect(fetched.status).toBe('approved')
    expect(fetched.dateCreated.getTime()).toBe(gateway.now())
  })

  test('is checked by its SID as well; one of the two has to be given', async () => {
    const { sid } = await create()
    const approved = await (await service()).verificationChecks.create({
      verificationSid: sid,
      code: gateway.code(),
    })
    expect(approved.status).toBe('approved')
    expect(
      await refusal((await service()).verificationChecks.create({ code: '123456' })),
    ).toMatchObject({
      status: 400,
      code: 60221,
    })
  })

  test('stays pending on a wrong code, and is gone once approved', async () => {
    await create()
    expect(await check(wrongCode(gateway.code()))).toMatchObject({
      status: 'pending',
      valid: false,
    })
    expect((await check(gateway.code())).status).toBe('approved')
    const again = await refusal(check(gateway.code()))
    expect(again).toMatchObject({ status: 404, code: 20404 })
    expect(again.message).toMatch(
      /^The requested resource \/Services\/VA\w+\/VerificationCheck was not found$/,
    )
    expect(again.moreInfo).toBe('https://www.twilio.com/docs/errors/20404')
  })

  test('is gone when it has expired', async () => {
    await create()
    const code = gateway.code()
    gateway.advance(10 * MINUTE)
    expect(await refusal(check(code))).toMatchObject({ status: 404, code: 20404 })
  })

  test('takes five checks: 60202', async () => {
    await create()
    const right = gateway.code()
    for (let i = 0; i < 5; i++) {
      expect((await check(wrongCode(right))).status).toBe('pending')
    }
    expect(await refusal(check(right))).toMatchObject({
      status: 429,
      code: 60202,
      message: 'Max check attempts reached',
    })
    // Twilio lets a verification be fetched by its number, too.
    expect((await (await service()).verifications(to).fetch()).status).toBe('max_attempts_reached')
  })

  test('is sent again under its SID, five times: 60203', async () => {
    const first = await create()
    for (let sends = 2; sends <= 5; sends++) {
      const again = await create()
      expect(again.sid).toBe(first.sid)
      expect(again.sendCodeAttempts).toHaveLength(sends)
    }
    expect(await refusal(create())).toMatchObject({
      status: 429,
      code: 60203,
      message: 'Max send attempts reached',
    })
    expect(gateway.messages()).toHaveLength(5)
    expect((await check(gateway.code())).status).toBe('approved')
  })

  test('created many times at once is one', async () => {
    const made = await Promise.all([create(), create(), create(), create()])
    expect(new Set(made.map(({ sid }) => sid)).size).toBe(1)
    expect(gateway.messages()).toHaveLength(4)
    expect((await check(gateway.code())).sid).toBe(made[0]?.sid)
  })

  test('is not sent again sooner than the policy lets it: 60212', async () => {
    await gateway.close()
    await open({ ...patient, code: { ...DEFAULT_SERVICE.code, resendAfterMs: 30 * SECOND } })
    await create()
    expect(await refusal(create())).toMatchObject({ status: 429, code: 60212 })
    gateway.advance(30 * SECOND)
    expect((await create()).sendCodeAttempts).toHaveLength(2)
  })

  test('is cancelled, or approved by other means', async () => {
    const verifications = (await service()).verifications
    const { sid } = await create()
    expect((await verifications(sid).update({ status: 'canceled' })).status).toBe('canceled')
    expect(await refusal(check(gateway.code()))).toMatchObject({ status: 404, code: 20404 })
    const next = await create(subscriber(2))
    expect(next.sid).not.toBe(sid)
    expect((await verifications(next.sid).update({ status: 'approved' })).status).toBe('approved')
    const attempts = await twilio.client.verify.v2.verificationAttempts.list({
      verificationSid: next.sid,
    })
    expect(attempts.map((each) => each.conversionStatus)).toEqual(['converted'])
  })

  test('takes a code of its caller', async () => {
    await create(to, { customCode: '48151623' })
    expect(gateway.messages()[0]?.body).toContain('48151623')
    expect((await check('48151623')).status).toBe('approved')
  })

  test('is not there under another service or SID', async () => {
    const { sid } = await create()
    const same = await twilio.client.verify.v2.services.create({ friendlyName: 'Signup' })
    const { services } = twilio.client.verify.v2
    expect((await services(same.sid).verifications(sid).fetch()).sid).toBe(sid)
    const unknown = twilio.client.verify.v2.services(`VA${'0'.repeat(32)}`)
    expect(await refusal(unknown.verifications(sid).fetch())).toMatchObject({ code: 20404 })
    expect(
      await refusal((await service()).verifications(`VE${'0'.repeat(32)}`).fetch()),
    ).toMatchObject({
      status: 404,
      code: 20404,
    })
  })
})

describe('parameters', () => {
  test.each([
    ['a number that is none', { to: '+99912345' }, 'To'],
    ['a national spelling', { to: '08031234567' }, 'To'],
    ['an extension', { to: '+2348031234567;ext=5' }, 'To'],
    ['a channel that is not served', { channel: 'call' }, 'Channel'],
    ['an address that is none', { deviceIp: '1.2.3' }, 'DeviceIp'],
    ['a code of letters', { customCode: 'abcdef' }, 'CustomCode'],
    ['tags that are not JSON', { tags: 'form=a' }, 'Tags'],
    ['tags that are no texts', { tags: '{"a":{"b":1}}' }, 'Tags'],
    [
      'too many tags',
      {
        tags: JSON.stringify(
          Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`k${i}`, 'v'])),
        ),
      },
      'Tags',
    ],
  ])('%s: 60200', async (_what, parameters, field) => {
    const error = await refusal(create(to, parameters))
    expect(error).toMatchObject({ status: 400, code: 60200 })
    expect(error.message).toBe(`Invalid parameter: ${field}`)
    expect(gateway.messages()).toHaveLength(0)
  })

  test('amounts (PSD2) are refused rather than left out of the message', async () => {
    expect(await refusal(create(to, { amount: '5', payee: 'x' }))).toMatchObject({ code: 60204 })
  })

  test('what we do not know is ignored, as Twilio ignores it', async () => {
    const made = await create(to, { appHash: 'x', customFriendlyName: 'y', sendDigits: '1' })
    expect(made.status).toBe('pending')
  })

  test('RateLimits say who asks', async () => {
    await create(to, {
      rateLimits: { end_user_ip_address: '105.112.9.9', session_id: 's-77', plan: 'x' },
    })
    const { body } = await gateway.call('GET', '/v1/admin/requests')
    expect(body.requests[0]).toMatchObject({
      ip: '105.112.9.9',
      sessionId: 's-77',
      accountId: null,
    })
  })

  test('RiskCheck=disable skips the lines for a request one vouches for', async () => {
    await gateway.close()
    await open()
    for (let i = 0; i < 6; i++) {
      const made = await create(subscriber(i), { riskCheck: 'disable', deviceIp: '105.112.3.4' })
      expect(made.status).toBe('pending')
    }
  })
})

describe('refusals of the gate', () => {
  test('a range in debt: 60410, with a challenge that lets it through', async () => {
    await gateway.close()
    await open()
    await create(subscriber(1))
    await create(subscriber(2))
    const error = await refusal(create(subscriber(3)))
    expect(error).toMatchObject({ status: 403, code: 60410 })
    const { details } = error
    expect(details.verdict).toBe('challenge')
    expect(details.reasons[0].message).toContain('unverified')
    expect(details.verification_sid).toMatch(/^VE[0-9a-f]{32}$/)
    const solution = await solvePow(details.challenge.payload)
    const answer = await gateway.call('POST', new URL(details.challenge_url).pathname, {
      type: details.challenge.type,
      solution,
    })
    expect(answer).toMatchObject({ status: 200, body: { status: 'sent' } })
    expect((await check(gateway.code(), subscriber(3))).status).toBe('approved')
  })

  test('far in debt: 60410, with when to come again', async () => {
    await gateway.close()
    await open({ challenge: { ttlMs: MINUTE, cost: 0.001, maxCost: 0.001 } })
    await gateway.call('POST', '/v1/admin/lists', { list: 'deny', entry: '+23480312*' })
    const error = await refusal(create())
    expect(error).toMatchObject({ status: 403, code: 60410 })
    expect(error.details).toMatchObject({ verdict: 'deny', reasons: [{ code: 'list.denied' }] })
    expect(gateway.messages()).toHaveLength(0)
  })

  test('a country that is not permitted: 60605', async () => {
    await gateway.close()
    await open({ countries: { NG: 'deny' } })
    expect(await refusal(create())).toMatchObject({ status: 403, code: 60605 })
  })

  test('a line that takes no messages: 60205', async () => {
    expect(await refusal(create('+442079460123'))).toMatchObject({ status: 403, code: 60205 })
  })

  test('a satellite number: 60200', async () => {
    expect(await refusal(create('+870773111632'))).toMatchObject({ status: 400, code: 60200 })
  })

  test('no provider takes it: 20503, and nothing is charged', async () => {
    gateway.endpoint.answers({ status: 503 })
    expect(await refusal(create())).toMatchObject({ status: 503, code: 20503 })
    const summary = await twilio.client.verify.v2.verificationAttemptsSummary().fetch()
    expect(summary.totalAttempts).toBe(0)
  })
})

describe('services', () => {
  test('of the policy are there, with SIDs that stay', async () => {
    const [own] = await twilio.client.verify.v2.services.list()
    expect(own).toMatchObject({ friendlyName: 'signup', codeLength: 6 })
    const again = await twilio.client.verify.v2.services(own?.sid ?? '').fetch()
    expect(again.sid).toBe(own?.sid)
    expect(await refusal(again.remove())).toMatchObject({ code: 60204 })
  })

  test('are created, updated, listed in pages and deleted', async () => {
    const { services } = twilio.client.verify.v2
    const made = await services.create({ friendlyName: 'Signup', codeLength: 8 })
    expect(made).toMatchObject({ friendlyName: 'Signup', codeLength: 8 })
    await services(made.sid).verifications.create({ to, channel: 'sms' })
    expect(gateway.messages()[0]?.body).toMatch(/\b\d{8}\b/)
    expect((await services(made.sid).update({ codeLength: 4 })).codeLength).toBe(4)
    for (let i = 0; i < 3; i++) await services.create({ friendlyName: 'SIGNUP' })
    const listed = await services.list({ pageSize: 2 })
    expect(listed).toHaveLength(5)
    expect(new Set(listed.map(({ sid }) => sid)).size).toBe(5)
    expect(await services(made.sid).remove()).toBe(true)
    expect(await refusal(services(made.sid).fetch())).toMatchObject({ status: 404, code: 20404 })
    expect(await services.list()).toHaveLength(4)
  })

  test('need a name that the policy knows', async () => {
    const error = await refusal(twilio.client.verify.v2.services.create({ friendlyName: 'Login' }))
    expect(error).toMatchObject({
      status: 400,
      code: 60200,
      message: 'Invalid parameter: FriendlyName',
    })
  })

  test('have no rate limits of their own: the policy has them', async () => {
    const error = await refusal((await service()).rateLimits.create({ uniqueName: 'ip' }))
    expect(error).toMatchObject({ status: 501, code: 60204 })
  })
})

describe('the safe list', () => {
  test('lets a number through that its range would hold up', async () => {
    await gateway.close()
    await open()
    const { safelist } = twilio.client.verify.v2
    const number = subscriber(3)
    await create(subscriber(1))
    await create(subscriber(2))
    expect(await refusal(create(number))).toMatchObject({ code: 60410 })

    const entry = await safelist.create({ phoneNumber: number })
    expect(entry).toMatchObject({ phoneNumber: number })
    expect((await safelist(number).fetch()).sid).toBe(entry.sid)
    expect(await refusal(safelist.create({ phoneNumber: number }))).toMatchObject({
      status: 400,
      code: 60411,
    })
    expect((await create(number)).status).toBe('pending')

    expect(await safelist(number).remove()).toBe(true)
    expect(await refusal(safelist(number).fetch())).toMatchObject({ status: 404, code: 20404 })
    expect(await refusal(safelist(number).remove())).toMatchObject({ status: 404, code: 20404 })
  })
})

describe('attempts', () => {
  test('are listed, fetched, filtered and counted', async () => {
    const { verificationAttempts, verificationAttemptsSummary } = twilio.client.verify.v2
    for (let i = 0; i < 5; i++) await create(subscriber(i))
    await check(gateway.code(0), subscriber(0))
    await check(gateway.code(1), subscriber(1))
    await gateway.call('POST', '/v1/decisions', { service: 'signup', to: subscriber(6) })

    const all = await verificationAttempts.list({ pageSize: 2 })
    expect(all).toHaveLength(5)
    const [latest] = all
    expect(latest).toMatchObject({
      conversionStatus: 'unconverted',
      channel: 'sms',
      serviceSid: await serviceSid(),
      price: { value: '0.11', currency: 'usd' },
    })
    expect(latest?.channelData).toMatchObject({
      to: subscriber(4),
      country: 'NG',
      carrier: 'MTN',
      message_status: 'sent',
    })
    expect((await verificationAttempts(latest?.sid ?? '').fetch()).sid).toBe(latest?.sid)
    expect(await refusal(verificationAttempts(`VL${'0'.repeat(32)}`).fetch())).toMatchObject({
      code: 20404,
    })

    const converted = await verificationAttempts.list({ status: 'converted' })
    expect(converted.map(({ channelData }) => channelData.to).sort()).toEqual([
      subscriber(0),
      subscriber(1),
    ])
    expect(await verificationAttempts.list({ 'channelData.to': subscriber(3) })).toHaveLength(1)
    expect(await verificationAttempts.list({ country: 'GH' })).toHaveLength(0)
    expect(await verificationAttempts.list({ channel: 'call' })).toHaveLength(0)
    const later = new Date(gateway.now() + SECOND)
    expect(await verificationAttempts.list({ dateCreatedAfter: later })).toHaveLength(0)
    expect(await verificationAttempts.list({ dateCreatedBefore: later })).toHaveLength(5)

    expect(await verificationAttemptsSummary().fetch()).toMatchObject({
      totalAttempts: 5,
      totalConverted: 2,
      totalUnconverted: 3,
      conversionRatePercentage: '40',
    })
    const prefixed = await verificationAttemptsSummary().fetch({ destinationPrefix: '23480' })
    expect(prefixed.totalAttempts).toBe(5)
    const elsewhere = await verificationAttemptsSummary().fetch({ destinationPrefix: '+44' })
    expect(elsewhere).toMatchObject({ totalAttempts: 0, conversionRatePercentage: '0' })
  })
})

describe('lookup', () => {
  test('tells what a number is and what a send would meet, and charges nothing', async () => {
    await gateway.close()
    await open()
    const lookup = (number: string, fields = 'sms_pumping_risk,line_type_intelligence') =>
      twilio.client.lookups.v2.phoneNumbers(number).fetch({ fields })
    for (let i = 0; i < 20; i++) await lookup(to)
    const clean = await lookup(to)
    expect(clean).toMatchObject({ valid: true, countryCode: 'NG', phoneNumber: to })
    expect(clean.lineTypeIntelligence).toMatchObject({ type: 'mobile', carrierName: 'MTN' })
    expect(clean.smsPumpingRisk).toMatchObject({ numberBlocked: false, numberBlockedDate: null })
    expect((await create()).status).toBe('pending')

    await gateway.call('POST', '/v1/admin/lists', { list: 'deny', entry: to })
    gateway.advance(MINUTE)
    await refusal(create())
    const blocked = await lookup(to)
    expect(blocked.smsPumpingRisk).toMatchObject({
      numberBlocked: true,
      numberBlockedLast3Months: true,
      numberBlockedDate: `${new Date(gateway.now()).toISOString().slice(0, 19)}Z`,
    })
    expect((await lookup(to, '')).smsPumpingRisk).toBeNull()
    expect(await lookup('+1415599296000')).toMatchObject({
      valid: false,
      validationErrors: ['TOO_LONG'],
    })
  })
})

test('the specification is not lenient: wrong answers are found', () => {
  const path = `/v2/Services/VA${'0'.repeat(32)}/Verifications`
  expect(violations('post', path, 201, { sid: 'BAD', valid: 'no' })).toMatchObject({
    errors: expect.arrayContaining([
      expect.objectContaining({ errorCode: 'pattern.openapi.responseValidation' }),
      expect.objectContaining({ errorCode: 'type.openapi.responseValidation' }),
    ]),
  })
  expect(violations('post', path, 200, {})).toBe('status 200 is not declared')
})

describe('keys', () => {
  test('that are wrong: 20003', async () => {
    const other = twilioClient(gateway.url, { ...gateway.key, secret: 'wrong' })
    const error = await refusal(other.client.verify.v2.services.list())
    expect(error).toMatchObject({ status: 401, code: 20003, message: 'Authenticate' })
  })
})
