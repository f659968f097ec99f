import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConsoleStage, openConsole } from './console-stage.js'

const NUMBER = '+2348031234567'
let stage: ConsoleStage
beforeEach(async () => {
  stage = await openConsole()
  await stage.gate.start({ service: 'signup', to: NUMBER, ip: '105.112.3.4', deviceId: 'd1' })
})
afterEach(() => stage.close())

describe('an administrator', () => {
  test('exports what is kept of a number', async () => {
    const admin = await stage.signedIn('admin')
    const { status, body } = await admin.post('/v1/console/privacy/export', {
      number: '+234 803 123 4567',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      about: NUMBER,
      requests: [{ number: NUMBER, address: '105.112.3.4', device: 'd1' }],
      verifications: [{ service: 'signup', codesSent: 1 }],
      messages: [{ provider: 'own' }],
    })
    expect(JSON.stringify(body)).not.toMatch(/codeHash|secret/)
  })

  test('erases it after typing it once more; what was in flight goes with the second time', async () => {
    const admin = await stage.signedIn('admin')
    const erase = (confirm: string) =>
      admin.post('/v1/console/privacy/erase', { number: NUMBER, confirm })
    for (const wrong of ['', '+2348031234568', 'yes', 'nonsense'])
      expect(await erase(wrong)).toMatchObject({ status: 400, body: { code: 'validation' } })
    expect(await stage.ledger.requests({ number: NUMBER, limit: 9 })).toHaveLength(1)

    const first = await erase('+234 803 1234567')
    expect(first).toMatchObject({ status: 200, body: { verifications: 1, inFlight: 1 } })
    // the code that is out is worth nothing any more
    const [row] = await stage.ledger.requests({ number: NUMBER, limit: 9 })
    const verification = await stage.gate.get(row?.verificationId ?? '')
    expect(verification).toMatchObject({ ok: true, value: { status: 'cancelled', to: '' } })
    stage.advance(first.body.inFlightUntil - stage.now() + 1)
    await stage.gate.tick()
    expect((await erase(NUMBER)).body).toMatchObject({ requests: 1, inFlight: 0 })
    expect((await erase(NUMBER)).body).toMatchObject({ requests: 0, verifications: 0, inFlight: 0 })

    const { body } = await admin.post('/v1/console/privacy/export', { number: NUMBER })
    expect(body).toMatchObject({ requests: [], verifications: [], messages: [], documents: [] })
    expect(JSON.stringify(await stage.ledger.actions(100))).not.toMatch(/8031234567|105\.112\.3\.4/)
    const actions = await stage.ledger.actions(100, { action: 'privacy.' })
    expect(actions.map(({ action, actor }) => [action, actor.split(':')[0]])).toContainEqual([
      ...['privacy.erase', 'user'],
    ])
    const money = await stage.ledger.conversion({})
    expect(money.total).toBe(1)
  })

  test('asks of a text that is no number nothing', async () => {
    const admin = await stage.signedIn('admin')
    const answer = await admin.post('/v1/console/privacy/export', { number: 'everybody' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation' } })
  })

  test('who signed in a while ago does it again first', async () => {
    const admin = await stage.signedIn('admin')
    stage.advance(16 * 60_000)
    for (const path of ['export', 'erase'])
      expect(
        await admin.post(`/v1/console/privacy/${path}`, { number: NUMBER, confirm: NUMBER }),
      ).toMatchObject({
        body: { code: 'sign_in_again' },
      })
  })
})
