import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStage, type Stage } from '../../../test/console/stage.js'
import { type Endpoint, startEndpoint } from '../../../test/fakes/http-endpoint.js'
import { type Smtp, startSmtp } from '../../../test/fakes/smtp-server.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import type { Role } from '../access.js'
import type { DeliveryView, RuleView, SinkMade, SinkTested, SinkView } from './alerts-view.js'

const PASSWORD = 'correct horse battery'
let stage: Stage
let endpoint: Endpoint
let smtp: Smtp
beforeAll(async () => {
  stage = await openStage()
  endpoint = await startEndpoint()
  smtp = await startSmtp({ user: 'tollgate', pass: PASSWORD })
}, 60_000)
afterAll(async () => {
  await stage.close()
  await endpoint.close()
  await smtp.close()
})

async function call<T>(role: Role, method: string, path: string, body?: unknown) {
  const { name, value } = await stage.cookie(role)
  const response = await fetch(`${stage.url}/v1/console/alerts${path}`, {
    method,
    headers: {
      cookie: `${name}=${value}`,
      ...{ origin: stage.url, 'x-tollgate-console': '1' },
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, body: (text === '' ? null : JSON.parse(text)) as T }
}

const common = { enabled: true, minimum: 'info', quiet: null, reports: [] }
const webhook = (more = {}) => ({
  ...{ ...common, name: 'hook', place: { type: 'webhook', url: `${endpoint.url}/hook` } },
  ...more,
})
const email = (more = {}) => ({
  ...common,
  name: 'post',
  place: {
    ...{ type: 'email', host: '127.0.0.1', port: smtp.port, security: 'none' },
    ...{ user: 'tollgate', from: 'alerts@example.com', to: ['oncall@example.com'] },
  },
  secret: PASSWORD,
  ...more,
})

describe('sinks', () => {
  it('are kept by administrators, seen by analysts, and not by viewers', async () => {
    for (const [role, status] of [
      ['viewer', 403],
      ['analyst', 200],
      ['admin', 200],
    ] as const)
      expect((await call(role, 'GET', '/sinks')).status).toBe(status)
    for (const role of ['viewer', 'analyst'] as const) {
      expect((await call(role, 'POST', '/sinks', webhook())).status).toBe(403)
      expect((await call(role, 'PUT', '/rules/volume.peak', {})).status).toBe(403)
    }
  })

  it('never give their secrets back: not in answers, not in the audit log, not at rest', async () => {
    const hook = await call<SinkMade>('admin', 'POST', '/sinks', webhook({ name: 'secret hook' }))
    expect(hook.status).toBe(201)
    const shown = hook.body.signingSecret ?? ''
    expect(shown).toMatch(/^whsec_/)
    const post = await call<SinkMade>('admin', 'POST', '/sinks', email({ name: 'secret post' }))
    expect(post.body.sink.hasSecret).toBe(true)
    const { text } = await call('admin', 'GET', '/sinks')
    const actions = JSON.stringify(await stage.desk.ledger.actions(100))
    expect(actions).toContain('alert-sink.add')
    const files = readdirSync(stage.data).map((name) =>
      readFileSync(join(stage.data, name), 'latin1'),
    )
    for (const kept of [text, post.text, actions, ...files])
      for (const secret of [shown, shown.slice(6), PASSWORD]) expect(kept).not.toContain(secret)
    for (const { body } of [hook, post])
      expect((await call('admin', 'DELETE', `/sinks/${body.sink.id}`)).status).toBe(204)
  })

  it.each([
    ['a URL that is none', () => webhook({ place: { type: 'webhook', url: 'ftp://a.example' } })],
    ['a secret that is none', () => webhook({ secret: 'short' })],
    ['Slack without its URL', () => ({ ...common, name: 's', place: { type: 'slack' } })],
    [
      'a key that is none',
      () => ({
        ...common,
        name: 'p',
        place: { type: 'pagerduty', url: endpoint.url },
        secret: 'x',
      }),
    ],
    [
      'a time zone that is none',
      () => webhook({ quiet: { from: '22:00', to: '07:00', timeZone: 'Mars/Base' } }),
    ],
    [
      'a time that is none',
      () => webhook({ quiet: { from: '25:00', to: '07:00', timeZone: 'UTC' } }),
    ],
    [
      'addresses with line breaks',
      () => email({ place: { ...email().place, to: ['a@b.example\r\nBcc: c@d.example'] } }),
    ],
    ['a field nobody knows', () => webhook({ colour: 'red' })],
    ['a name without end', () => webhook({ name: 'x'.repeat(1_000) })],
  ])('refuse %s', async (_, body) => {
    expect((await call('admin', 'POST', '/sinks', body())).status).toBe(400)
  })

  it('do not hand a stored secret to another place', async () => {
    const { body } = await call<SinkMade>('admin', 'POST', '/sinks', email())
    const { secret: _, ...without } = email()
    const path = `/sinks/${body.sink.id}`
    expect((await call('admin', 'PUT', path, { ...without, name: 'renamed' })).status).toBe(200)
    const elsewhere = { ...without, place: { ...without.place, host: 'smtp.thief.example' } }
    expect((await call('admin', 'PUT', path, elsewhere)).status).toBe(400)
    const test = await call<SinkTested>('admin', 'POST', `${path}/test`)
    expect(test.body).toMatchObject({ ok: true, status: 250 })
    await call('admin', 'DELETE', path)
  })

  it('say what they really answered when they are tested', async () => {
    const { body } = await call<SinkMade>('admin', 'POST', '/sinks', webhook())
    endpoint.answers({ status: 503, body: 'kitchen closed' })
    const path = `/sinks/${body.sink.id}/test`
    expect((await call('admin', 'POST', path)).body).toEqual({
      ...{ ok: false, status: 503, answer: 'kitchen closed' },
    })
    endpoint.answers({ status: 200, body: 'fine' })
    expect((await call('admin', 'POST', path)).body).toEqual({
      ok: true,
      status: 200,
      answer: 'fine',
    })
    await call('admin', 'DELETE', `/sinks/${body.sink.id}`)
  })
})

describe('rules', () => {
  it('take other thresholds, within bounds, and go back', async () => {
    const changed = { enabled: true, severity: 'critical', thresholds: { share: 0.5, sends: 50 } }
    expect((await call('admin', 'PUT', '/rules/conversion.low', changed)).status).toBe(200)
    const ruleNow = async () =>
      (await call<{ rules: RuleView[] }>('viewer', 'GET', '/rules')).body.rules.find(
        ({ id }) => id === 'conversion.low',
      )
    expect(await ruleNow()).toMatchObject({ changed: true })
    expect((await ruleNow())?.thresholds.map(({ value }) => value)).toEqual([0.5, 50])
    const wrong = { ...changed, thresholds: { share: 7 } }
    expect((await call('admin', 'PUT', '/rules/conversion.low', wrong)).status).toBe(400)
    const unknown = { ...changed, thresholds: { nothing: 1 } }
    expect((await call('admin', 'PUT', '/rules/conversion.low', unknown)).status).toBe(400)
    expect((await call('admin', 'DELETE', '/rules/conversion.low')).status).toBe(204)
    expect(await ruleNow()).toMatchObject({ changed: false })
    expect((await call('admin', 'PUT', '/rules/none.such', changed)).status).toBe(400)
  })
})

describe('an alert', () => {
  it('reaches webhook and mailbox, survives a restart in between, and resolves', async () => {
    const hook = await call<SinkMade>('admin', 'POST', '/sinks', webhook())
    await call('admin', 'POST', '/sinks', email({ minimum: 'warning' }))
    endpoint.answers({ status: 500, body: 'not now' })
    const before = endpoint.requests.length
    const letters = smtp.letters.length
    // a service that sends and is told of no code that came back
    await call('admin', 'PUT', '/rules/conversion.low', {
      ...{ enabled: true, severity: 'critical', thresholds: { share: 0.3, sends: 5 } },
    })
    for (const [i, range] of ['+2348035', '+2347061', '+2348051', '+2348021', '+2348181'].entries())
      await stage.start({ to: `${range}550200`, ip: `102.89.${i}.7` })
    stage.pass(5 * MINUTE)
    await stage.settle()
    await stage.desk.alerts.judge()
    const deliver = async () => {
      for (const job of stage.desk.alerts.jobs) await job.run()
      await stage.desk.alerts.deliveries.idle()
    }
    await deliver()
    expect(smtp.letters.slice(letters).map(({ subject }) => subject)).toEqual([
      '[critical] signup: 0 % of codes come back',
    ])
    expect(endpoint.requests.length).toBe(before + 1)
    const tried = endpoint.last().headers['webhook-id']

    await stage.restart()
    endpoint.answers({ status: 200, body: 'ok' })
    stage.pass(MINUTE)
    await deliver()
    const { headers, body } = endpoint.last()
    expect(headers['webhook-id']).toBe(tried)
    const secret = hook.body.signingSecret ?? ''
    // the gateway's clock is not the test's: what is checked is the signature, at its own time
    const signed = new Webhook(secret).sign(
      String(headers['webhook-id']),
      new Date(Number(headers['webhook-timestamp']) * 1000),
      body,
    )
    expect(headers['webhook-signature']).toBe(signed)
    expect(JSON.parse(body)).toMatchObject({
      type: 'alert.firing',
      data: { rule: 'conversion.low' },
    })
    expect(body).not.toContain('+2348035550')
    expect(smtp.letters.length).toBe(letters + 1)

    stage.pass(HOUR)
    await stage.desk.alerts.judge()
    stage.pass(10 * MINUTE)
    await stage.desk.alerts.judge()
    await deliver()
    expect(smtp.letters.at(-1)?.subject).toBe('resolved: signup: 0 % of codes come back')
    expect(JSON.parse(endpoint.last().body)).toMatchObject({ type: 'alert.resolved' })
    const log = await call<{ rows: DeliveryView[] }>('analyst', 'GET', '/deliveries')
    expect(log.body.rows.map(({ state }) => state)).toEqual(log.body.rows.map(() => 'delivered'))
    expect(log.body.rows).toHaveLength(4)
    expect((await call<{ sinks: SinkView[] }>('admin', 'GET', '/sinks')).body.sinks).toHaveLength(2)
    expect(stage.faults).toEqual([])
  })
})
