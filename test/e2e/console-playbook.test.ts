import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/engine/units.js'
import { editPolicy } from '../../src/policy/edit.js'
import { loadPolicy } from '../../src/policy/load.js'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

/** One block of a Nigerian operator; and a number of another block. */
const RANGE = '+234803123'
const OUTSIDE = '+2348051112222'
let gateway: Harness
let asked = 0

/** All over the block: no 1,000 of it stand for the rest. */
const attacked = (n: number): string => `${RANGE}${String((n * 2_411) % 10_000).padStart(4, '0')}`

beforeEach(async () => {
  asked = 0
  gateway = await startHarness({ desk: true })
})
afterEach(() => gateway.close())

const startAt = (to: string, more: object = {}) => {
  asked += 1
  const context = { ip: `102.89.${asked % 200}.${asked % 250}` }
  return gateway.call('POST', '/v1/verifications', { service: 'signup', to, context, ...more })
}
/** A message of the attack, which the lines would not have let out: the application vouches for it. */
const leak = (to: string) => startAt(to, { riskCheck: false })
const order = (body: object) => gateway.call('POST', '/v1/console/playbook', body)
const block = (more: object = {}) =>
  order({ target: { kind: 'range', key: RANGE, service: 'signup' }, action: 'block', ...more })
const undo = (id: string) => gateway.call('DELETE', `/v1/console/playbook/${id}`)
const inForce = async () => (await gateway.call('GET', '/v1/console/playbook')).body.inForce
const reasonsOf = ({ body }: { body: { decision: { reasons: { code: string }[] } } }) =>
  body.decision.reasons.map(({ code }) => code)
const jobs = async () => {
  await gateway.desk?.incidents.settled()
  for (const job of gateway.desk?.jobs ?? []) await job.run()
}

describe('the playbook', () => {
  it('blocks a range until it is undone, says why, and leaves a trail', async () => {
    expect((await startAt(attacked(1))).body.status).toBe('sent')
    const blocked = await block()
    expect(blocked.status).toBe(201)
    expect(blocked.body).toMatchObject({ action: 'block', until: gateway.now() + HOUR })
    const refused = await startAt(attacked(2))
    expect(refused.body.status).toBe('denied')
    expect(reasonsOf(refused)).toContain('playbook.blocked')
    expect((await startAt(OUTSIDE)).body.status).toBe('sent')
    expect(await inForce()).toHaveLength(1)
    expect((await undo(blocked.body.id)).body.endedAs).toBe('undone')
    expect((await undo(blocked.body.id)).status).toBe(404)
    expect((await startAt(attacked(3))).body.status).toBe('sent')
    const actions = await gateway.parts.ledger.actions(2)
    expect(actions.map(({ action, target }) => [action, target])).toEqual([
      ['playbook.undo', `range:${RANGE}`],
      ['playbook.apply', `range:${RANGE}`],
    ])
    expect(gateway.messages()).toHaveLength(3)
  })

  it('ends by the clock, whether or not a job runs, and lasts twice as long when repeated', async () => {
    await block()
    gateway.advance(HOUR - SECOND)
    expect((await startAt(attacked(1))).body.status).toBe('denied')
    gateway.advance(SECOND)
    expect((await startAt(attacked(1))).body.status).toBe('sent')
    expect(await inForce()).toEqual([])
    await jobs()
    const { rows } = (await gateway.call('GET', '/v1/console/playbook/past')).body
    expect(rows).toMatchObject([{ endedAs: 'over', endedAt: gateway.now() }])
    expect((await block()).body.until).toBe(gateway.now() + 2 * HOUR)
  })

  it('extends what is in force, and a second order of the same kind takes the place of the first', async () => {
    const { body } = await block({ durationMs: HOUR })
    const extended = await gateway.call('POST', `/v1/console/playbook/${body.id}/extend`, {
      byMs: HOUR,
    })
    expect(extended.body.until).toBe(body.until + HOUR)
    const again = await Promise.all([block(), block()])
    expect(again.map(({ status }) => status)).toEqual([201, 201])
    expect(await inForce()).toHaveLength(1)
  })

  it('a throttle lets its limit pass, of many requests at once', async () => {
    await order({
      target: { kind: 'country', key: 'NG' },
      action: 'throttle',
      limit: 5,
      durationMs: HOUR,
    })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => startAt(`+23480${3 + (i % 5)}${100 + i}4567`)),
    )
    expect(answers.filter(({ body }) => body.status === 'sent')).toHaveLength(5)
    expect(gateway.messages()).toHaveLength(5)
    const refused = answers.filter(({ body }) => body.status === 'denied')
    for (const answer of refused) expect(reasonsOf(answer)).toContain('playbook.throttled')
    expect(refused).toHaveLength(15)
  })

  it('tells before what it would have done to the last hour', async () => {
    for (let n = 0; n < 2; n++) await startAt(attacked(n))
    await startAt(OUTSIDE)
    const first = await gateway.parts.ledger.requests({ limit: 1, number: attacked(0) })
    const { code } = { code: gateway.code(0) }
    await gateway.call('POST', `/v1/verifications/${first[0]?.verificationId}/check`, { code })
    gateway.advance(MINUTE)
    await jobs()
    const preview = await gateway.call('POST', '/v1/console/playbook/preview', {
      target: { kind: 'range', key: `${RANGE}*` },
      action: 'block',
    })
    expect(preview.body).toMatchObject({
      requests: 2,
      stopped: 2,
      verified: 1,
      complete: true,
      verifiedInAll: 1,
      share: 1,
      confirm: RANGE,
      durationMs: HOUR,
    })
    expect(preview.body.savedMicroUsd).toBeGreaterThan(0)
    // all people of the service: it takes more than two clicks
    expect((await block()).body).toMatchObject({
      code: 'validation',
      errors: [{ path: '/confirm' }],
    })
    expect((await block({ confirm: RANGE })).status).toBe(201)
    expect((await startAt(attacked(7))).body.status).toBe('denied')
  })

  it('refuses what no measure can be', async () => {
    const cases: [object, string, string][] = [
      [{ kind: 'range', key: '0803' }, 'block', '/target/key'],
      [{ kind: 'country', key: 'XX' }, 'block', '/target/key'],
      [{ kind: 'subnet', key: '10.0.0.1/24' }, 'block', '/target/key'],
      [{ kind: 'service', key: 'nowhere' }, 'block', '/target/service'],
      [{ kind: 'range', key: RANGE }, 'pause', '/action'],
      [{ kind: 'service', key: 'signup' }, 'allow', '/action'],
    ]
    for (const [target, action, path] of cases)
      expect((await order({ target, action })).body.errors).toMatchObject([{ path }])
    expect(await inForce()).toEqual([])
  })

  it('is in force again after a restart of the desk, and never for other numbers', async () => {
    await block()
    gateway.parts.gate.setMeasures([])
    expect((await startAt(attacked(1))).body.status).toBe('sent')
    const { openDesk } = await import('../../src/desk/desk.js')
    const { desk } = gateway
    if (desk === null) throw new Error('no desk')
    const again = await openDesk(desk)
    expect(again.playbook.inForce()).toHaveLength(1)
    expect((await startAt(attacked(2))).body.status).toBe('denied')
    expect((await startAt(OUTSIDE)).body.status).toBe('sent')
    await again.close()
  })
})

describe('an attack', () => {
  const seconds = async (n: number) => {
    for (let i = 0; i < n; i += 5) {
      gateway.advance(5 * SECOND)
      await gateway.parts.gate.tick()
    }
    await gateway.desk?.incidents.settled()
  }

  it('opens an incident; its range is blocked in one order, undone, and all of it is in the book', async () => {
    await gateway.close()
    gateway = await startHarness({
      desk: true,
      policy: enforce({ hard: 10, playbook: { automatic: [] } }),
    })
    for (let n = 0; n < 40; n++) {
      await leak(attacked(n))
      await seconds(5)
    }
    await seconds(300)
    await jobs()
    const listed = (await gateway.call('GET', '/v1/console/incidents')).body
    expect(listed.running).toHaveLength(1)
    const [{ id }] = listed.running
    const incident = (await gateway.call('GET', `/v1/console/incidents/${id}`)).body
    expect(incident.rangeRows.map(({ key }: { key: string }) => key)).toEqual([RANGE])
    expect(incident.findings.requests).toBe(40)
    expect(incident.timeline[0]).toMatchObject({ event: 'first send' })

    await block({ incidentId: id })
    await gateway.desk?.incidents.settled()
    const refused = await startAt(attacked(999))
    expect(reasonsOf(refused)).toContain('playbook.blocked')
    const [measure] = await inForce()
    await undo(measure.id)
    await gateway.call('POST', `/v1/console/incidents/${id}/notes`, { text: 'told the carrier' })
    await gateway.desk?.incidents.settled()
    const after = (await gateway.call('GET', `/v1/console/incidents/${id}`)).body
    expect(after.timeline.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['opened', 'measure applied', 'measure undone']),
    )
    expect(after.notes).toMatchObject([{ text: 'told the carrier' }])

    const csv = await gateway.call('GET', `/v1/console/incidents/${id}/evidence.csv`)
    const lines = String(csv.body).trim().split('\r\n')
    const went = incident.findings.sent
    expect(lines).toHaveLength(went + 1)
    expect(lines[0]).toContain('provider_message_id')
    expect(lines[1]).toContain('message-1')

    expect((await gateway.call('POST', `/v1/console/incidents/${id}/analysis`)).status).toBe(202)
    const analysed = await vi.waitFor(
      async () => {
        const { analysis } = (await gateway.call('GET', `/v1/console/incidents/${id}`)).body
        expect(analysis.state).toBe('done')
        return analysis.analysis
      },
      { timeout: 120_000, interval: 200 },
    )
    const denied = analysed.judged.find((judged: { id: string }) => judged.id === 'deny-ranges')
    expect(denied.incident.current.sent).toBeGreaterThan(0)
    expect(denied.incident.proposed.sent).toBe(0)
    // what is proposed can be put into a policy file as it is
    const edited = editPolicy('version: 1 # ours\nservices:\n  signup:\n    markets: [NG]\n')
    for (const { path, value } of denied.edits) expect(edited?.set(path, value)).toBe(true)
    const loaded = loadPolicy(edited?.text() ?? '', { file: 'policy.yaml' })
    expect(loaded.ok && loaded.policy.services.signup?.lists.deny).toEqual([`${RANGE}*`])
    expect(edited?.text()).toContain('# ours')
  })

  it('an automatic playbook orders once for each range, and undone it stays undone', async () => {
    await gateway.close()
    const automatic = [
      { lostMicroUsd: 0, action: 'block', widest: 'block', forMs: 2 * HOUR } as const,
    ]
    gateway = await startHarness({
      desk: true,
      policy: enforce({ hard: 10, playbook: { automatic } }),
    })
    for (let n = 0; n < 40; n++) {
      await leak(attacked(n))
      await seconds(5)
    }
    await seconds(300)
    const [measure] = await inForce()
    expect(measure).toMatchObject({
      automatic: true,
      action: 'block',
      target: { kind: 'range', key: RANGE, service: 'signup' },
    })
    await undo(measure.id)
    for (let n = 40; n < 60; n++) {
      await leak(attacked(n))
      await seconds(10)
    }
    expect(await inForce()).toEqual([])
  })
})
