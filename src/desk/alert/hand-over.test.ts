import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../../../test/fakes/http-endpoint.js'
import { type Smtp, startSmtp } from '../../../test/fakes/smtp-server.js'
import type { AlarmNotice } from './finding.js'
import { createHandOver } from './hand-over.js'
import { createPost } from './post.js'
import type { OpenSink } from './sink.js'

const AT = Date.UTC(2026, 10, 20, 3)
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const { signal } = new AbortController()
const delivery = { id: 'dlv_1', at: AT + 1_500 }

const notice = (kind: AlarmNotice['kind'], more: Partial<AlarmNotice['alarm']> = {}) =>
  ({
    type: 'alarm',
    kind,
    at: AT,
    alarm: {
      ...{ id: 'incident.attack:inc_1@5', rule: 'incident.attack', key: 'inc_1', phase: '' },
      ...{ severity: 'critical', service: 'signup', page: '/incidents/inc_1', state: 'firing' },
      ...{ title: 'Attack on signup: NG <!channel>', facts: ['Lost USD 12.30, saved USD 4.00.'] },
      ...{ firedAt: AT - 3_600_000, clearSince: null, resolvedAt: null, notifiedAt: AT },
      ...more,
    },
  }) as AlarmNotice

const sink = (place: OpenSink['place'], secret: string | null): OpenSink => ({
  ...{ id: 'snk_1', name: 'on call', enabled: true, place, secret, minimum: 'info' },
  ...{ quiet: null, reports: [], createdAt: 0 },
})

const handOver = createHandOver({
  post: createPost({ allowPrivate: true, signal, timeoutMs: 2_000 }),
  allowPrivate: true,
  publicUrl: 'https://tollgate.example.com',
  signal,
  htmlOf: async () => '<h1>Report</h1>',
})

let endpoint: Endpoint
let smtp: Smtp
beforeEach(async () => {
  endpoint = await startEndpoint()
  smtp = await startSmtp({ user: 'tollgate', pass: 'letmein' })
})
afterEach(async () => {
  await endpoint.close()
  await smtp.close()
})

describe('Slack', () => {
  it('gets text that can mention nobody', async () => {
    endpoint.answers({ status: 200, body: 'ok' })
    const handed = await handOver(
      sink({ type: 'slack' }, `${endpoint.url}/T/B`),
      notice('firing'),
      delivery,
    )
    expect(handed).toEqual({ ok: true, status: 200, answer: 'ok' })
    const { text } = JSON.parse(endpoint.last().body) as { text: string }
    expect(text.split('\n')).toEqual([
      '[critical] Attack on signup: NG &lt;!channel&gt;',
      'Lost USD 12.30, saved USD 4.00.',
      expect.stringMatching(/^What to do: /),
      'https://tollgate.example.com/incidents/inc_1',
    ])
  })

  it('is left alone for as long as it asks', async () => {
    endpoint.answers({ status: 429, body: 'slow down', headers: { 'retry-after': '30' } })
    const to = sink({ type: 'slack' }, endpoint.url)
    expect(await handOver(to, notice('firing'), delivery)).toEqual({
      ...{ ok: false, status: 429, answer: 'slow down', retryAfterMs: 30_000 },
    })
  })

  it('is quoted when it refuses', async () => {
    endpoint.answers({ status: 404, body: 'no_service' })
    expect(
      await handOver(sink({ type: 'slack' }, endpoint.url), notice('firing'), delivery),
    ).toEqual({
      ok: false,
      status: 404,
      answer: 'no_service',
    })
  })
})

describe('PagerDuty', () => {
  const place = () => ({ type: 'pagerduty' as const, url: `${endpoint.url}/v2/enqueue` })
  const key = 'R'.repeat(32)

  it('gets an event of its Events API v2', async () => {
    endpoint.answers({ status: 202, body: { status: 'success', dedup_key: 'x' } })
    const { ok } = await handOver(sink(place(), key), notice('firing'), delivery)
    expect(ok).toBe(true)
    const event = JSON.parse(endpoint.last().body) as Record<string, unknown>
    expect(event).toMatchObject({
      routing_key: key,
      event_action: 'trigger',
      dedup_key: 'incident.attack:inc_1@5',
      payload: {
        summary: '[critical] Attack on signup: NG <!channel>',
        source: 'tollgate',
        severity: 'critical',
        timestamp: '2026-11-20T03:00:00.000Z',
        component: 'signup',
        class: 'incident.attack',
      },
      links: [{ href: 'https://tollgate.example.com/incidents/inc_1', text: 'Open in Tollgate' }],
    })
    // nothing but what https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ names
    const known = ['routing_key', 'event_action', 'dedup_key', 'payload', 'images', 'links']
    expect([...known, 'client', 'client_url']).toEqual(expect.arrayContaining(Object.keys(event)))
    const fields = ['summary', 'source', 'severity', 'timestamp', 'component', 'group', 'class']
    expect([...fields, 'custom_details']).toEqual(
      expect.arrayContaining(Object.keys(event.payload as object)),
    )
    expect(String(event.dedup_key).length).toBeLessThanOrEqual(255)
  })

  it('resolves what it triggered, reminders do not open a second alert', async () => {
    endpoint.answers({ status: 202, body: '{}' })
    await handOver(sink(place(), key), notice('reminder'), delivery)
    const again = JSON.parse(endpoint.last().body) as { dedup_key: string }
    await handOver(sink(place(), key), notice('resolved', { state: 'resolved' }), delivery)
    expect(JSON.parse(endpoint.last().body)).toEqual({
      routing_key: key,
      event_action: 'resolve',
      dedup_key: again.dedup_key,
    })
  })
})

describe('a webhook', () => {
  it('is signed by Standard Webhooks: id of the delivery, time of the attempt', async () => {
    const at = Date.now()
    const to = sink({ type: 'webhook', url: endpoint.url }, SECRET)
    await handOver(to, notice('firing'), { id: 'dlv_7', at })
    const { headers, body } = endpoint.last()
    const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>)
    expect(verified).toMatchObject({
      type: 'alert.firing',
      data: { id: 'incident.attack:inc_1@5', rule: 'incident.attack', severity: 'critical' },
    })
    expect(headers['webhook-id']).toBe('dlv_7')
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(at / 1000)))
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(1)
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`
    expect(() => new Webhook(other).verify(body, headers as Record<string, string>)).toThrow()
  })
})

describe('a webhook whose secret was replaced', () => {
  it('is signed with both, and either receiver can check it', async () => {
    const former = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
    const to = { ...sink({ type: 'webhook', url: endpoint.url }, SECRET), former }
    await handOver(to, notice('firing'), { id: 'dlv_8', at: Date.now() })
    const { headers, body } = endpoint.last()
    for (const known of [SECRET, former])
      expect(new Webhook(known).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'alert.firing',
      })
  })
})

describe('e-mail', () => {
  const place = (user: string | null = 'tollgate') => ({
    ...{ type: 'email' as const, host: '127.0.0.1', port: smtp.port, security: 'none' as const },
    ...{ user, from: 'Tollgate <alerts@example.com>', to: ['a@example.com', 'b@example.com'] },
  })

  it('is a letter with a stable id; all letters of an alarm make a thread', async () => {
    const handed = await handOver(sink(place(), 'letmein'), notice('firing'), delivery)
    expect(handed).toMatchObject({ ok: true, status: 250 })
    await handOver(sink(place(), 'letmein'), notice('resolved'), { id: 'dlv_2', at: AT })
    const [first, second] = smtp.letters
    expect(first).toMatchObject({
      subject: '[critical] Attack on signup: NG <!channel>',
      messageId: '<dlv_1@example.com>',
      from: { address: 'alerts@example.com' },
    })
    expect(first?.to?.map(({ address }) => address)).toEqual(['a@example.com', 'b@example.com'])
    expect(first?.text).toContain('Lost USD 12.30')
    expect(first?.text).toContain('https://tollgate.example.com/incidents/inc_1')
    expect(second?.inReplyTo).toBe(first?.inReplyTo)
    expect(second?.subject).toContain('resolved: Attack')
    expect(second?.text).toContain('It lasted 60 min.')
  })

  it('cannot be given headers by a title', async () => {
    const title = 'x\r\nBcc: thief@example.com\r\n\r\nbody'
    await handOver(sink(place(), 'letmein'), notice('firing', { title }), delivery)
    expect(smtp.letters[0]?.bcc).toBeUndefined()
    expect(smtp.letters[0]?.subject).toContain('Bcc: thief')
  })

  it('says what the server says: wrong password, busy mailbox, nobody there', async () => {
    const wrong = await handOver(sink(place(), 'wrong'), notice('firing'), delivery)
    expect(wrong).toMatchObject({ ok: false, status: 535 })
    smtp.fails(true)
    const busy = await handOver(sink(place(), 'letmein'), notice('firing'), delivery)
    expect(busy).toMatchObject({ ok: false, status: 451 })
    expect(busy.answer).toContain('mailbox busy')
    const nobody = { ...place(), port: 1 }
    expect(await handOver(sink(nobody, null), notice('firing'), delivery)).toMatchObject({
      ok: false,
      status: null,
      answer: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('brings a report as text and as HTML', async () => {
    const report = {
      ...{ type: 'report' as const, kind: 'daily' as const, at: AT, of: '2026-11-19' },
      ...{ title: 'Tollgate, 19 November 2026', lines: ['1,204 messages'], page: '/reports/x' },
    }
    await handOver(sink(place(), 'letmein'), report, delivery)
    expect(smtp.letters[0]).toMatchObject({ subject: 'Tollgate, 19 November 2026' })
    expect(smtp.letters[0]?.html).toContain('<h1>Report</h1>')
    expect(smtp.letters[0]?.text).toContain('1,204 messages')
  })
})

it('shows no number that a sink answers with', async () => {
  endpoint.answers({ status: 400, body: 'bad +2348031234567 \u0007 here' })
  const to = sink({ type: 'webhook', url: endpoint.url }, SECRET)
  const { answer } = await handOver(to, notice('firing'), delivery)
  expect(answer).not.toContain('8031234567')
  expect(answer).toContain('here')
})
