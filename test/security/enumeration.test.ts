import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Harness, startHarness } from '../e2e/harness.js'
import { request, subscriber } from '../e2e/stage.js'
import { addressOf, routesUnder } from './console-route-table.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

let gateway: Harness
beforeAll(async () => {
  gateway = await startHarness({ server: { failuresPerMinute: 10_000 } })
})
afterAll(() => gateway?.close())

const start = (n: number) => {
  const { service, to, ip, deviceId } = request(n)
  return gateway.call('POST', '/v1/verifications', { service, to, context: { ip, deviceId } })
}
/** An answer without what differs between any two. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
      : value === null
        ? null
        : typeof value

describe('whether a number is known', () => {
  test('is told to nobody without a key, on no route, in no word', async () => {
    const known = subscriber(0)
    await start(0)
    const { id } = (await start(1)).body
    const told: string[] = []
    for (const { method, path } of routesUnder(gateway.app, '/v')) {
      const route = addressOf({ method, path })
      const asked = (number: string) =>
        gateway.call(
          method,
          `${route.replace(/\/x(?=\/|$)/, `/${encodeURIComponent(number)}`)}${method === 'GET' ? `?number=${encodeURIComponent(number)}` : ''}`,
          method === 'GET' ? undefined : { service: 'signup', to: number, number, To: number },
          { authorization: '' },
        )
      const [here, nowhere] = [await asked(known), await asked('+447700900123')]
      const words = ({ status, body: { instance: _, ...body } }: typeof here) =>
        JSON.stringify([status, body])
      if (words(here).replaceAll(known, '') !== words(nowhere).replaceAll('+447700900123', ''))
        told.push(`${method} ${path}`)
    }
    expect(told).toEqual([])
    const other = await gateway.call('GET', `/v1/verifications/${id}`, undefined, {
      authorization: '',
    })
    const absent = await gateway.call('GET', `/v1/verifications/ver_${'0'.repeat(32)}`, undefined, {
      authorization: '',
    })
    expect({ ...other.body, instance: '' }).toEqual({ ...absent.body, instance: '' })
  })

  test('does not change the form of an answer: a first code and a hundredth look alike', async () => {
    const fresh = await start(50)
    await gateway.call('POST', `/v1/verifications/${fresh.body.id}/check`, { code: gateway.code() })
    gateway.advance(3_600_000)
    const again = await start(50)
    const never = await start(51)
    expect(again.status).toBe(never.status)
    expect(shapeOf({ ...again.body, decision: 0 })).toEqual(shapeOf({ ...never.body, decision: 0 }))
    expect([...again.headers.keys()].sort()).toEqual([...never.headers.keys()].sort())
  })

  test('ids cannot be guessed, and one that is wrong says nothing of those near it', async () => {
    const { id } = (await start(60)).body
    const near = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`
    const far = `ver_${'f'.repeat(32)}`
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/check'],
      ['POST', '/resend'],
      ['DELETE', ''],
    ] as const) {
      const body = path === '/check' ? { code: '000000' } : undefined
      const [one, two] = [near, far].map((asked) =>
        gateway.call(method, `/v1/verifications/${asked}${path}`, body),
      )
      const answers = [await one, await two]
      expect(answers.map((answer) => answer?.status)).toEqual([404, 404])
      const said = answers.map((answer) =>
        JSON.stringify({ ...answer?.body, instance: '' })
          .replaceAll(near, '')
          .replaceAll(far, ''),
      )
      expect(said[0]).toBe(said[1])
    }
  })
})

describe('somebody who may not see numbers', () => {
  let stage: ConsoleStage
  beforeAll(async () => {
    stage = await openConsole()
    const asked = { service: 'signup', to: '+2348031234567', ip: '105.112.3.4' }
    await stage.gate.start(asked)
    const yaml =
      'version: 1\nservices: { signup: { lists: { deny: ["+2348031234567", "+6834123"] } } }'
    await stage.ledger.putPolicy({ at: stage.now(), by: 'file', yaml, note: null })
  })
  afterAll(() => stage?.close())

  test('reads the policy without the numbers of its lists, whoever tells it', async () => {
    const viewer = await stage.signedIn('viewer')
    const analyst = await stage.signedIn('analyst')
    const version = (await stage.ledger.policy())?.version
    for (const path of [
      '/v1/admin/policies/current',
      `/v1/admin/policies/${version}`,
      '/v1/console/policy',
      `/v1/console/policy/versions/${version}`,
    ]) {
      const told = JSON.stringify((await viewer.get(path)).body)
      expect([path, told.includes('signup')]).toEqual([path, true])
      expect([path, /8031234567|6834123/.test(told)]).toEqual([path, false])
      expect(JSON.stringify((await analyst.get(path)).body)).toContain('+2348031234567')
    }
  })

  test('cannot find them out digit by digit: a search takes whole numbers, ranges end at the block', async () => {
    const viewer = await stage.signedIn('viewer')
    // one row a page: where a page ends must not tell either
    const asked = async (range: string) =>
      (await viewer.get(`/v1/console/decisions?limit=1&range=${encodeURIComponent(range)}`)).body
    expect((await asked('+234803123')).rows).toHaveLength(1)
    for (const range of ['+2348031234', '+23480312345', '+2348031234567'])
      expect(await asked(range)).toEqual(await asked('+2348031239999'))
    const seen: string[] = []
    for (const path of [
      '/v1/console/decisions',
      '/v1/console/decisions?number=%2B2348031234567',
      '/v1/admin/requests',
      '/v1/admin/requests?number=%2B2348031234567',
      '/v1/console/overview',
      '/v1/console/ranges',
      '/v1/console/sources',
      '/v1/console/review',
      '/v1/console/lists',
      '/v1/console/reports',
      '/v1/console/incidents',
    ]) {
      const { body, status } = await viewer.get(path)
      if (JSON.stringify(body).includes('8031234567')) seen.push(path)
      expect([path, status < 500]).toEqual([path, true])
    }
    expect(seen).toEqual([])
  })

  test('finds none in what a decision is about', async () => {
    const analyst = await stage.signedIn('analyst')
    const entry = '+2348037654321'
    expect((await analyst.post('/v1/admin/lists', { list: 'deny', entry })).status).toBe(201)
    await stage.gate.start({ service: 'signup', to: entry })
    const told = async (client: typeof analyst) =>
      (await client.get('/v1/admin/requests?limit=1')).body.requests[0].reasons
    const subjects = (reasons: { subject: string }[]) => reasons.map(({ subject }) => subject)
    expect(subjects(await told(analyst))).toContain(entry)
    const seen = await told(await stage.signedIn('viewer'))
    expect(subjects(seen)).toContain('+23480******21')
    expect(JSON.stringify(seen)).not.toContain('7654321')
  })

  test('may neither export nor erase what is kept of one', async () => {
    for (const role of ['viewer', 'analyst'] as const) {
      const client = await stage.signedIn(role)
      for (const path of ['/v1/console/privacy/export', '/v1/admin/privacy/erase'])
        expect((await client.post(path, { number: '+2348031234567' })).status).toBe(403)
    }
  })
})
