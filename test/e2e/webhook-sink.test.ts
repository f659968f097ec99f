import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, SECOND } from '../../src/engine/units.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { type Harness, startHarness } from './harness.js'
import { MINUTE } from './stage.js'

let gateway: Harness
let receiver: Endpoint
let said: string[]
let secret: string
beforeEach(async () => {
  said = []
  const warn = ({ message }: Error): void => void said.push(message)
  gateway = await startHarness({ desk: { allowPrivateSinks: true, warn } })
  receiver = await startEndpoint()
  const { body } = await gateway.call('POST', '/v1/console/alerts/sinks', {
    name: 'siem',
    enabled: true,
    place: { type: 'webhook', url: receiver.url },
    minimum: 'info',
    quiet: null,
    reports: ['daily'],
  })
  secret = body.signingSecret
})
afterEach(async () => {
  await gateway.close()
  await receiver.close()
})

const alerts = () => {
  if (gateway.desk === null) throw new Error('the harness has a desk')
  return gateway.desk.alerts
}
/** Something to tell. */
const tell = (of: string) =>
  alerts().tellReport({
    type: 'report',
    kind: 'daily',
    at: gateway.now(),
    of,
    title: of,
    lines: [],
    page: '/',
  })
/** Time passes, and what is due is tried. */
async function pass(ms: number, step: number): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    gateway.advance(step)
    const { sinks, deliveries } = alerts()
    deliveries.tick(sinks.all().map(([id]) => id))
    await deliveries.idle()
  }
}
const states = async () =>
  (await alerts().deliveries.list(10)).map(({ value }) => value.state).sort()

describe('a receiver of webhooks', () => {
  test('that is away for a day has everything afterwards, signed anew under the same id', async () => {
    receiver.answers({ status: 503 })
    await tell('2026-11-18')
    await tell('2026-11-19')
    await pass(24 * HOUR, 5 * MINUTE)
    expect(await states()).toEqual(['waiting', 'waiting'])
    expect(said).toEqual([
      'not delivered yet: report message to the sink siem: HTTP 503',
      'not delivered yet: report message to the sink siem: HTTP 503',
    ])
    const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))
    expect(ids.size).toBe(2)
    // every half an hour at the least, for a day, and not by the minute
    expect(receiver.requests.length).toBeLessThan(2 * 120)
    const before = receiver.requests.length
    receiver.answers({ status: 204 })
    await pass(HOUR, 5 * MINUTE)
    const taken = receiver.requests.slice(before)
    expect(await states()).toEqual(['delivered', 'delivered'])
    expect(taken.map(({ body }) => JSON.parse(body).data.of).sort()).toEqual([
      '2026-11-18',
      '2026-11-19',
    ])
    for (const { headers, body } of taken) {
      expect(ids).toContain(headers['webhook-id'])
      // the library goes by the clock of the machine, and the clock of the stage stands elsewhere
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      const id = String(headers['webhook-id'])
      expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(id, at, body))
      expect(gateway.now() - at.getTime()).toBeLessThanOrEqual(HOUR)
    }
  })

  test('whose secret is replaced is told with both for a day', async () => {
    const { body: before } = await gateway.call('GET', '/v1/console/alerts/sinks')
    const { id, name, place, minimum, quiet, reports } = before.sinks[0]
    const same = { name, place, minimum, quiet, reports, enabled: true }
    const path = `/v1/console/alerts/sinks/${id}`
    const replaced = await gateway.call('PUT', path, { ...same, secret: null })
    expect(replaced.body.signingSecret).toMatch(/^whsec_/)
    expect(JSON.stringify(replaced.body.sink)).not.toContain('former')
    const oldSecretUntil = async (): Promise<number | null> =>
      (await gateway.call('GET', '/v1/console/alerts/sinks')).body.sinks[0].oldSecretUntil
    expect(before.sinks[0].oldSecretUntil).toBe(null)
    expect(await oldSecretUntil()).toBe(gateway.now() + 24 * HOUR)
    // what is changed beside it leaves both as they are
    await gateway.call('PUT', path, same)
    const signers = async (of: string) => {
      await tell(of)
      await pass(MINUTE, MINUTE)
      const { headers, body } = receiver.last()
      const at = new Date(Number(headers['webhook-timestamp']) * 1000)
      const given = String(headers['webhook-signature']).split(' ')
      return [replaced.body.signingSecret, secret].map((one) =>
        given.includes(new Webhook(one).sign(String(headers['webhook-id']), at, body)),
      )
    }
    expect(await signers('2026-11-18')).toEqual([true, true])
    gateway.advance(24 * HOUR)
    expect(await oldSecretUntil()).toBe(null)
    expect(await signers('2026-11-19')).toEqual([true, false])
  })

  test('of which another takes the place is signed for with the new secret alone', async () => {
    const { body: before } = await gateway.call('GET', '/v1/console/alerts/sinks')
    const { id, hasSecret: _, createdAt: __, oldSecretUntil: ___, ...same } = before.sinks[0]
    const other = await startEndpoint()
    const place = { type: 'webhook', url: other.url }
    await gateway.call('PUT', `/v1/console/alerts/sinks/${id}`, { ...same, place })
    await tell('2026-11-18')
    await pass(MINUTE, MINUTE)
    expect(String(other.last().headers['webhook-signature']).split(' ')).toHaveLength(1)
    await other.close()
  })

  test('is left alone for as long as it asks, and for an hour at most', async () => {
    receiver.answers({ status: 503, headers: { 'retry-after': '1200' } })
    await tell('2026-11-18')
    await pass(19 * MINUTE, MINUTE)
    expect(receiver.requests).toHaveLength(1)
    receiver.answers({ status: 503, headers: { 'retry-after': '86400' } })
    await pass(2 * MINUTE, MINUTE)
    expect(receiver.requests).toHaveLength(2)
    receiver.answers({ status: 204 })
    await pass(HOUR, MINUTE)
    expect(await states()).toEqual(['delivered'])
  })

  test('is seen in the metrics: what waits, since when, and what became of it', async () => {
    const figures = async () =>
      (await (await fetch(`${gateway.url}/metrics`, scraper)).text())
        .split('\n')
        .filter((line) => line.startsWith('tollgate_sink_'))
    const scraper = { headers: { authorization: gateway.authorization } }
    receiver.answers({ status: 503 })
    await tell('2026-11-18')
    await pass(3 * SECOND, SECOND)
    expect(await figures()).toEqual([
      'tollgate_sink_messages_total{type="webhook",result="retried"} 1',
      'tollgate_sink_messages_waiting{type="webhook"} 1',
      'tollgate_sink_oldest_waiting_seconds{type="webhook"} 3',
    ])
    receiver.answers({ status: 204 })
    await pass(7 * SECOND, SECOND)
    expect(await figures()).toEqual([
      'tollgate_sink_messages_total{type="webhook",result="retried"} 1',
      'tollgate_sink_messages_total{type="webhook",result="delivered"} 1',
      'tollgate_sink_messages_waiting{type="webhook"} 0',
      'tollgate_sink_oldest_waiting_seconds{type="webhook"} 0',
    ])
  })

  test.each([
    ['is gone', { status: 410 }, 'HTTP 410'],
    [
      'leads elsewhere',
      { status: 301, headers: { location: 'http://127.0.0.1:1/' } },
      'a redirect',
    ],
  ])('that %s for three days is given up, and the log says so', async (_what, answer, why) => {
    receiver.answers(answer)
    await tell('2026-11-19')
    await pass(73 * HOUR, HOUR)
    expect(await states()).toEqual(['failed'])
    expect(said).toHaveLength(2)
    expect(said[1]).toMatch(/^given up: report message to the sink siem: /)
    expect(said[1]).toContain(why)
    const tries = receiver.requests.length
    await pass(HOUR, MINUTE)
    expect(receiver.requests).toHaveLength(tries)
  })
})
