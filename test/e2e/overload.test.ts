import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Harness, startHarness } from './harness.js'
import { enforce } from './stage.js'

/** Requests that the gateway takes at once. */
const MOST = 8

let gateway: Harness
let release: () => void

beforeEach(async () => {
  gateway = await startHarness({
    // the test is about load, whatever the lines say
    policy: enforce({ lists: { allow: ['+234*'], deny: [] } }),
    server: { pressure: { maxInFlight: MOST } },
  })
  // a provider that holds what it gets until it is told
  const held: (() => void)[] = []
  let open = false
  release = () => {
    open = true
    for (const answer of held.splice(0)) answer()
  }
  gateway.endpoint.answers((response) => {
    const answer = () => response.writeHead(200).end(JSON.stringify({ id: `m${Math.random()}` }))
    if (open) answer()
    else held.push(answer)
  })
})
afterEach(async () => {
  release()
  await gateway.close()
})

const number = (n: number) => `+2348${String(30_000_000 + n * 10_007).padStart(9, '0')}`
const start = (n: number) =>
  gateway.call('POST', '/v1/verifications', {
    service: 'signup',
    to: number(n),
    context: { ip: `41.58.${n % 250}.${(n * 7) % 250}`, deviceId: `d${n}` },
  })
const gauge = async (name: string): Promise<number> => {
  const { body } = await gateway.call('GET', '/metrics')
  const line = (body as string).split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.split(' ')[1])
}
async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await what()); ) {
    if (performance.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a flood is answered whole or with an honest 503, and nobody gets a message without an answer', async () => {
  let answered = 0
  const flood = Array.from({ length: 120 }, async (_, n) => {
    const answer = await start(n)
    answered++
    return answer
  })
  await until(() => gateway.messages().length === MOST && answered === 120 - MOST)
  // what is at work is bounded; the way out of trouble is open
  expect((await gateway.call('GET', '/healthz')).status).toBe(200)
  const ready = await gateway.call('GET', '/readyz')
  expect(ready).toMatchObject({ status: 200, body: { status: 'degraded' } })
  expect(ready.body.trouble[0]).toMatchObject({ name: 'load', state: 'degraded' })
  expect((await gateway.call('GET', '/v1/admin/actions')).status).toBe(200)
  expect(await gauge('tollgate_requests_in_flight')).toBe(MOST)
  release()

  const answers = await Promise.all(flood)
  const sent = answers.filter(({ status }) => status === 201)
  const shed = answers.filter(({ status }) => status !== 201)
  expect(sent).toHaveLength(MOST)
  for (const { body } of sent) expect(body).toMatchObject({ status: 'sent' })
  for (const { status, headers, body } of shed) {
    expect(status).toBe(503)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(body.code).toBe('overloaded')
  }
  expect(gateway.messages()).toHaveLength(MOST)
  // what was shed left nothing behind, and what was let in was recorded
  expect(await gateway.parts.ledger.requests({ limit: 200 })).toHaveLength(MOST)
  await until(async () => (await gauge('tollgate_requests_in_flight')) === 0)
  expect((await start(500)).status).toBe(201)
})

test('codes that are paid for can be entered while new ones are shed', async () => {
  const first = start(1)
  await until(() => gateway.messages().length === 1)
  release()
  const { id } = (await first).body
  const code = gateway.code()
  // the provider holds again
  const held: (() => void)[] = []
  gateway.endpoint.answers((response) => {
    held.push(() => response.writeHead(200).end('{"id":"later"}'))
  })
  const full = Array.from({ length: MOST }, (_, n) => start(n + 10))
  await until(() => gateway.messages().length === MOST + 1)
  expect((await start(99)).status).toBe(503)
  const checked = await gateway.call('POST', `/v1/verifications/${id}/check`, { code })
  expect(checked).toMatchObject({ status: 200, body: { verified: true } })
  for (const answer of held) answer()
  for (const { status } of await Promise.all(full)) expect(status).toBe(201)
})

test('the Twilio-compatible API says it in its own words', async () => {
  const full = Array.from({ length: MOST }, (_, n) => start(n))
  await until(() => gateway.messages().length === MOST)
  const { status, body, headers } = await gateway.call('GET', '/v2/Services')
  expect(status).toBe(503)
  expect(body).toMatchObject({ code: 20503, status: 503 })
  expect(headers.get('retry-after')).toBe('1')
  release()
  await Promise.all(full)
})

test('callers who hang up do not stay at work', async () => {
  const gone = Array.from({ length: 3 }, (_, n) => {
    const request = httpRequest(`${gateway.url}/v1/verifications`, {
      method: 'POST',
      headers: { authorization: gateway.authorization, 'content-type': 'application/json' },
    })
    request.on('error', () => undefined)
    request.end(JSON.stringify({ service: 'signup', to: number(n) }))
    return request
  })
  await until(() => gateway.messages().length === 3)
  for (const request of gone) request.destroy()
  release()
  await until(async () => (await gauge('tollgate_requests_in_flight')) === 0)
})
