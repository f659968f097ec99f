import { describe, expect, test } from 'vitest'
import { solvePow } from '../../src/challenge/solve.js'
import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import { MINUTE, SECOND, subscriber, wrongCode } from './stage.js'
import {
  check,
  create,
  gateway,
  open,
  patient,
  refusal,
  service,
  stageTwilio,
  to,
  twilio,
} from './twilio-stage.js'

stageTwilio()

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
    expect(again.details.detail).toContain('no code is out for this number')
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
    const spent = await (await service()).verifications(to).fetch()
    expect(spent.status).toBe('max_attempts_reached')
    // a message now would cost money for a code that cannot be entered
    expect(await refusal(create())).toMatchObject({ status: 429, code: 60202 })
    expect(gateway.messages()).toHaveLength(1)
    await (await service()).verifications(spent.sid).update({ status: 'canceled' })
    expect((await create()).sid).not.toBe(spent.sid)
    expect((await check(gateway.code())).status).toBe('approved')
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
    // the SDK hands on no header: when to come again is in the details
    expect(await refusal(create())).toMatchObject({
      status: 429,
      code: 60212,
      details: { detail: expect.stringContaining('30 s'), retry_at: gateway.now() + 30 * SECOND },
    })
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
