import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

const TO = '+2348031234567'
let gateway: Harness

beforeEach(async () => {
  gateway = await startHarness({ desk: true, policy: enforce({ countries: { NG: 'hold' } }) })
})
afterEach(() => gateway.close())

const start = (more: object = {}) =>
  gateway.call('POST', '/v1/verifications', { service: 'signup', to: TO, ...more })
const queue = async () => (await gateway.call('GET', '/v1/console/review')).body
const answer = (id: string, how: 'approve' | 'refuse', more: object = {}) =>
  gateway.call('POST', `/v1/console/review/${id}`, { answer: how, ...more })
const verification = async (id: string) =>
  (await gateway.call('GET', `/v1/verifications/${id}`)).body

describe('held requests', () => {
  it('wait in a queue, and an approval sends the code and charges it', async () => {
    const held = (await start()).body
    expect(held).toMatchObject({ status: 'held', decision: { verdict: 'hold' } })
    expect(gateway.messages()).toHaveLength(0)
    const { held: waiting } = await queue()
    expect(waiting).toEqual([
      expect.objectContaining({
        id: held.decision.id,
        verificationId: held.id,
        number: TO,
        expiresAt: gateway.now() + HOUR,
        reasons: [expect.objectContaining({ code: 'country.hold' })],
      }),
    ])
    const approved = await answer(held.decision.id, 'approve')
    expect([approved.status, approved.body.state]).toEqual([200, 'approved'])
    expect(gateway.messages()).toHaveLength(1)
    const checked = await gateway.call('POST', `/v1/verifications/${held.id}/check`, {
      code: gateway.code(),
    })
    expect(checked.body).toMatchObject({ verified: true })
    const rows = await gateway.parts.ledger.requests({ verificationId: held.id, limit: 10 })
    expect(rows.map(({ verdict, credit }) => [verdict, credit])).toEqual([
      ['allow', 'earned'],
      ['hold', 'none'],
    ])
    expect((await queue()).held).toEqual([])
    const [action] = await gateway.parts.ledger.actions(1)
    expect(action).toMatchObject({ action: 'review.approve', target: held.decision.id })
    expect(JSON.stringify(action)).not.toContain(TO)
  })

  it('of two who approve at once one sends, and nothing is charged twice', async () => {
    const held = (await start()).body
    const answers = await Promise.all([
      answer(held.decision.id, 'approve'),
      answer(held.decision.id, 'approve'),
      answer(held.decision.id, 'refuse'),
    ])
    const effects = answers.filter(({ status }) => status === 200)
    expect(effects).toHaveLength(1)
    for (const { status, body } of answers.filter((a) => !effects.includes(a)))
      expect([status, ['conflict', 'not_held'].includes(body.code)]).toEqual([409, true])
    const { status } = await verification(held.id)
    expect(gateway.messages()).toHaveLength(status === 'sent' ? 1 : 0)
    const rows = await gateway.parts.ledger.requests({ verificationId: held.id, limit: 10 })
    expect(rows.filter(({ credit }) => credit === 'reserved')).toHaveLength(
      status === 'sent' ? 1 : 0,
    )
  })

  it('refused sends nothing, then or later', async () => {
    const held = (await start()).body
    expect((await answer(held.decision.id, 'refuse')).body.state).toBe('refused')
    expect((await verification(held.id)).status).toBe('denied')
    expect((await answer(held.decision.id, 'approve')).status).toBe(409)
    expect(gateway.messages()).toHaveLength(0)
  })

  it('are as many on every page, right after one was answered too', async () => {
    const held = (await start()).body
    const waiting = async () => (await gateway.call('GET', '/v1/console/status')).body.waiting
    expect(await waiting()).toBe(1)
    await answer(held.decision.id, 'refuse')
    expect(await waiting()).toBe(0)
  })

  it('nobody answers in time: that is a refusal', async () => {
    const held = (await start()).body
    gateway.advance(HOUR)
    expect((await queue()).held).toEqual([])
    expect((await verification(held.id)).status).toBe('denied')
    await gateway.parts.gate.tick()
    expect((await verification(held.id)).status).toBe('denied')
    expect((await answer(held.decision.id, 'approve')).status).toBe(409)
  })

  it('allowed, the number passes from then on', async () => {
    const held = (await start()).body
    await answer(held.decision.id, 'approve', { allowNumber: true })
    expect((await gateway.call('GET', '/v1/admin/lists')).body.entries).toMatchObject([
      { list: 'allow', entry: TO },
    ])
    gateway.advance(MINUTE)
    expect((await start()).body.status).toBe('sent')
  })

  it('a code of the caller is not kept, so that an approval cannot send it', async () => {
    const held = (await start({ code: '123456' })).body
    const approved = await answer(held.decision.id, 'approve')
    expect([approved.status, approved.body.code]).toEqual([409, 'own_code_not_kept'])
    expect(gateway.messages()).toHaveLength(0)
  })

  it('who only asked for a decision polls for the answer, and reports for the one that let it through', async () => {
    const { body } = await gateway.call('POST', '/v1/decisions', { service: 'signup', to: TO })
    const path = `/v1/decisions/${body.id}`
    expect((await gateway.call('GET', path)).body).toMatchObject({
      decision: { verdict: 'hold' },
      review: { state: 'waiting', decisionId: null },
    })
    const both = await Promise.all([answer(body.id, 'approve'), answer(body.id, 'approve')])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const { review } = (await gateway.call('GET', path)).body
    expect(review).toMatchObject({ state: 'approved', decisionId: expect.stringMatching(/^dec_/) })
    const reported = await gateway.call('POST', '/v1/outcomes', {
      outcomes: [{ id: review.decisionId, kind: 'verified' }],
    })
    expect(reported.body.results).toMatchObject([{ accepted: true }])
    const other = await gateway.keyWith('decide')
    expect((await gateway.call('GET', path, undefined, { authorization: other })).status).toBe(404)
  })
})
