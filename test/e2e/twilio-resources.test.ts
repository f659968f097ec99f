import { describe, expect, test, vi } from 'vitest'
import { aCharged } from '../conformance/ledger-rows.js'
import { MINUTE, SECOND, subscriber } from './stage.js'
import { twilioClient, violations } from './twilio-client.js'
import {
  check,
  create,
  gateway,
  open,
  refusal,
  service,
  serviceSid,
  stageTwilio,
  to,
  twilio,
} from './twilio-stage.js'

stageTwilio()

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
    // the SDK makes the limit of a list the size of its pages
    expect(await services.list({ limit: 5000 })).toHaveLength(5)
    const { nextPageUrl } = await services.page({ pageSize: 2 })
    expect((await services.getPage(nextPageUrl ?? '')).instances[0]?.sid).toBe(listed[2]?.sid)
    expect(new Set(listed.map(({ sid }) => sid)).size).toBe(5)
    expect(await services(made.sid).remove()).toBe(true)
    expect(await refusal(services(made.sid).fetch())).toMatchObject({ status: 404, code: 20404 })
    expect(await services.list()).toHaveLength(4)
  })

  test.each(['Sign-Up', 'sign up', 'SIGN_UP'])('%s stands for signup', async (friendlyName) => {
    const { services } = twilio.client.verify.v2
    const { sid } = await services.create({ friendlyName })
    await services(sid).verifications.create({ to, channel: 'sms' })
    expect(gateway.messages()[0]?.body).toContain('Your signup code')
  })

  test('need a name that the policy knows', async () => {
    const error = await refusal(twilio.client.verify.v2.services.create({ friendlyName: 'Login' }))
    expect(error).toMatchObject({
      status: 400,
      code: 60200,
      message: 'Invalid parameter: FriendlyName',
    })
  })

  test('have no passkeys', async () => {
    const own = await twilio.client.verify.v2.services(await serviceSid()).fetch()
    expect(own.passkeys).toBeNull()
  })

  test('have no rate limits of their own: the policy has them', async () => {
    const error = await refusal((await service()).rateLimits.create({ uniqueName: 'ip' }))
    expect(error).toMatchObject({
      status: 501,
      code: 60204,
      message: 'Not served by this API. See docs/twilio-migration.md for what takes its place.',
    })
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
    expect(await refusal(safelist(number).remove())).toMatchObject({
      status: 404,
      code: 20404,
      details: { detail: expect.stringContaining('not on the safe list') },
    })
  })
})

describe('attempts', () => {
  test('behind any number of decisions are found page by page, none of which reads the whole ledger', async () => {
    await create(to)
    const { ledger } = gateway.parts
    const at = gateway.now()
    const decisions = Array.from({ length: 6_000 }, (_, i) => aCharged(`dec_${i}`, { at: at + i }))
    await ledger.commit(decisions.map((row) => ({ table: 'requests', row })))
    const asked = vi.spyOn(ledger, 'requests')
    const first = await gateway.call('GET', '/v2/Attempts?PageSize=1')
    expect(first.body.attempts).toEqual([])
    expect(asked.mock.calls.reduce((rows, [{ limit }]) => rows + limit, 0)).toBeLessThan(6_000)
    const all = await twilio.client.verify.v2.verificationAttempts.list({ pageSize: 1 })
    expect(all.map(({ channelData }) => channelData.to)).toEqual([to])
  })

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
