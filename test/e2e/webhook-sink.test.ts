import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
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
