import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/engine/units.js'
import type { DecisionDetail, DecisionsPage } from '../../src/http/console/decisions-view.js'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

const TO = '+2348031234567'
let gateway: Harness

beforeEach(async () => {
  gateway = await startHarness({
    desk: true,
    policy: enforce({
      rateLimits: [{ subject: 'number', limit: 1, windowMs: HOUR, action: 'deny' }],
    }),
  })
})
afterEach(() => gateway.close())

async function start(to = TO, more: object = {}) {
  const answer = await gateway.call('POST', '/v1/verifications', { service: 'signup', to, ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(400)
  return answer.body
}
const list = async (query: Record<string, string> = {}): Promise<DecisionsPage> =>
  (await gateway.call('GET', `/v1/console/decisions?${new URLSearchParams(query)}`)).body
const detail = async (id: string): Promise<DecisionDetail> =>
  (await gateway.call('GET', `/v1/console/decisions/${id}`)).body
const allowIt = (id: string, body: object = {}) =>
  gateway.call('POST', `/v1/console/decisions/${id}/allow`, body)

describe('decisions in the console', () => {
  it('a refused number is found, explained and allowed', async () => {
    const source = { context: { ip: '105.112.3.4', deviceId: 'device-1' } }
    const first = await start(TO, source)
    gateway.advance(DAY / 24 / 4)
    const refused = await start(TO, source)
    expect(refused.decision.verdict).toBe('deny')
    await start('+2348031239999', { context: { ip: '105.112.3.9' } })

    const found = await list({ number: '+234 803 123 4567' })
    expect(found.rows.map(({ id }) => id)).toEqual([refused.decision.id, first.decision.id])
    expect(found.rows[0]).toMatchObject({ number: TO, verdict: 'deny', moreReasons: 0 })
    for (const query of [
      { verdict: 'deny' },
      { reason: 'number.messages' },
      { device: 'device-1', verdict: 'deny' },
      { ip: '105.112.3.4', from: String(gateway.now()) },
    ])
      expect((await list(query as never)).rows.map(({ id }) => id)).toEqual([refused.decision.id])
    expect((await list({ range: '+234803123' })).rows).toHaveLength(3)
    expect((await list({ country: 'GB' })).rows).toEqual([])

    const told = await detail(refused.decision.id)
    expect(told.reasons[0]).toMatchObject({
      code: 'number.messages',
      observed: 2,
      limit: 1,
      headroom: -1,
      windowMs: HOUR,
    })
    expect(told.reasons[0]?.sentence).toContain('in 1 hour, limit 1')
    expect(told.lines).toEqual([])
    expect(told.now).toMatchObject({
      would: 'deny',
      alternatives: [{ would: 'deny' }, { would: 'allow' }],
    })
    expect(told.allowed).toBeNull()

    const allowed = await allowIt(refused.decision.id)
    expect(allowed.body).toEqual({ expiresAt: gateway.now() + 24 * HOUR })
    expect(await detail(refused.decision.id)).toMatchObject({
      now: { would: 'allow', alternatives: [] },
      allowed: { expiresAt: gateway.now() + 24 * HOUR },
    })
    const [action] = await gateway.parts.ledger.actions(1)
    expect(action?.action).toBe('list.add')
    expect(JSON.stringify(action)).not.toContain(TO)
    expect((await start()).decision.verdict).toBe('allow')
    gateway.advance(24 * HOUR + 1)
    expect((await detail(refused.decision.id)).allowed).toBeNull()
  })

  it('what was sent shows its charge and the life of its verification', async () => {
    const { id, decision } = await start()
    gateway.advance(60_000)
    await gateway.call('POST', `/v1/verifications/${id}/check`, { code: gateway.code() })
    const told = await detail(decision.id)
    expect(told).toMatchObject({ credit: 'earned', verification: { id, status: 'verified' } })
    const money = told.lines.filter(({ unit }) => unit === 'micro_usd')
    expect(money.map(({ line, cost }) => [line, cost])).toEqual(
      ['subBlock', 'block', 'operator', 'country', 'service'].map((line) => [
        line,
        told.priceMicroUsd,
      ]),
    )
    expect(told.timeline.map(({ event }) => event)).toEqual([
      'start: allow',
      'message accepted',
      'verified',
    ])
  })

  it('pages without gaps, and says what it does not understand', async () => {
    for (let i = 0; i < 7; i++) {
      await start(`+23480312345${60 + i}`)
      gateway.advance(1_000)
    }
    const ids: string[] = []
    let before: number | null = null
    do {
      const page: DecisionsPage = await list({
        limit: '3',
        ...(before !== null && { before: String(before) }),
      })
      ids.push(...page.rows.map(({ id }) => id))
      before = page.next
    } while (before !== null)
    expect(new Set(ids).size).toBe(7)
    expect(ids).toHaveLength(7)
    const wrong = await gateway.call('GET', '/v1/console/decisions?number=hello')
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'query/number'])
    expect((await gateway.call('GET', '/v1/console/decisions/dec_1')).status).toBe(404)
    expect((await gateway.call('GET', '/v1/console/decisions?range=abc')).status).toBe(400)
  })

  it('a number that nothing can be sent to is not allowed', async () => {
    const { decision } = await start('+234')
    const answer = await allowIt(decision.id)
    expect([answer.status, answer.body.code]).toEqual([409, 'conflict'])
    expect(await gateway.parts.ledger.listEntries(gateway.now())).toEqual([])
  })
})
