import { afterEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/engine/units.js'
import type { HelloView, StatusView } from '../../src/http/console/hello-view.js'
import type { OverviewView } from '../../src/http/console/overview-view.js'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

let gateway: Harness
afterEach(() => gateway.close())

async function overview(span = '1h'): Promise<OverviewView> {
  await gateway.parts.ledger.rollUp(10_000, gateway.now())
  const { status, body } = await gateway.call('GET', `/v1/console/overview?span=${span}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const number = (n: number): string => `+23480312${String(n).padStart(5, '0')}`

async function start(to: string) {
  const { body } = await gateway.call('POST', '/v1/verifications', { service: 'signup', to })
  return body
}

describe('the overview through the real gateway', () => {
  it('the first day says what to try', async () => {
    gateway = await startHarness({ desk: true })
    const view = await overview()
    expect(view.firstDay).toMatchObject({ service: 'signup', sends: false })
    expect(view.flow).toMatchObject({ requests: 0, conversion: null })
    expect(view.countries).toEqual([])
  })

  it('counts what passed, what came back, what it cost and what is at risk', async () => {
    gateway = await startHarness({ desk: true })
    for (let n = 0; n < 4; n++) {
      const { id } = await start(number(n * 1003))
      if (n < 3)
        await gateway.call('POST', `/v1/verifications/${id}/check`, {
          code: gateway.code(),
        })
    }
    gateway.advance(3 * MINUTE)
    const view = await overview('5m')
    expect(view.firstDay).toBeNull()
    expect(view.flow).toMatchObject({ requests: 4, sends: 4, verified: 3, conversion: 0.75 })
    expect(view.flow.spend).toBeGreaterThan(0)
    const [country] = view.countries
    expect(country).toMatchObject({ code: 'NG', sends: 4, usual: null, against: 'quiet' })
    expect(country?.sendsBy.reduce((a, b) => a + b)).toBe(4)
    expect(view.course.reduce((sum, { verified }) => sum + verified, 0)).toBe(3)

    const [risk] = view.risk
    expect(risk).toMatchObject({ service: 'signup', mode: 'enforce' })
    // one of four is unverified, and is what the line has as debt
    expect(risk?.unverifiedDay).toBe(view.flow.spend / 4)
    expect(risk?.boundDay).toBeGreaterThan(risk?.boundHour ?? 0)
    expect(risk?.boundHour).toBeGreaterThan(risk?.unverifiedDay ?? 0)
    expect(risk?.debt).toBeGreaterThan(0)
    expect(risk?.utilisation).toBeLessThan(1)
  })

  it('monitor mode tells what it would have refused, and the notices say so', async () => {
    const policy = enforce({
      rateLimits: [{ subject: 'number', limit: 1, windowMs: 3_600_000, action: 'deny' }],
    })
    for (const service of Object.values(policy.services)) service.mode = 'monitor'
    gateway = await startHarness({ desk: true, policy })
    for (let n = 0; n < 3; n++) {
      await start(number(7))
      gateway.advance(MINUTE)
    }
    const { flow, risk, course } = await overview()
    expect(flow).toMatchObject({ requests: 3, denied: 2 })
    // the three were sent: columns of them are three high
    expect(course.reduce((sum, { sends, refused }) => sum + sends + refused, 0)).toBe(3)
    expect(flow.saved).toBe(0)
    expect(risk.every(({ mode }) => mode === 'monitor')).toBe(true)
    const status: StatusView = (await gateway.call('GET', '/v1/console/status')).body
    expect(status.services).toContainEqual({ name: 'signup', mode: 'monitor' })
    expect(status).toMatchObject({ trouble: [], openIncidents: 0, waiting: 0 })
  })

  it('greets a stranger, and tells a stranger nothing', async () => {
    gateway = await startHarness({ desk: true })
    const hello = await fetch(`${gateway.url}/v1/console/hello`)
    const view = (await hello.json()) as HelloView
    expect(view).toMatchObject({ user: null, session: null, setup: true, simulation: false })
    expect(view.now).toBe(gateway.now())
    for (const path of ['overview', 'status', 'live']) {
      const answer = await fetch(`${gateway.url}/v1/console/${path}`)
      expect(answer.status, path).toBe(401)
      await answer.arrayBuffer()
    }
    expect((await gateway.call('GET', '/v1/console/overview?span=7d')).status).toBe(400)
  })
})
