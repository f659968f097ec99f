import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
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
  await until(async () => (await inFlight()) === 0)
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
  await until(async () => (await inFlight()) === 0)
})

/** Sends requests one behind the other on one connection. */
function pipeline(requests: readonly string[]): { socket: Socket; answers: Promise<string> } {
  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname)
  socket.write(requests.join(''))
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  const answers = once(socket, 'close').then(() => Buffer.concat(chunks).toString())
  return { socket, answers }
}
const inFlight = () => gauge('tollgate_requests_in_flight')
const DOCUMENT = 'GET /openapi.json HTTP/1.1\r\nhost: localhost\r\n\r\n'
function startOf(n: number): string {
  const key = `authorization: ${gateway.authorization}\r\ncontent-type: application/json`
  const body = JSON.stringify({ service: 'signup', to: number(n) })
  return `POST /v1/verifications HTTP/1.1\r\nhost: localhost\r\n${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

test('requests that wait behind another are over when their connection is', async () => {
  const { socket } = pipeline([1, 2, 3, 4].map(startOf))
  await until(async () => (await inFlight()) === 4)
  socket.destroy()
  await until(async () => (await inFlight()) === 0)
})

test('an answer that waits to be taken is no work', async () => {
  const { socket } = pipeline([startOf(1), DOCUMENT, DOCUMENT, DOCUMENT])
  await until(async () => (await inFlight()) === 1)
  socket.destroy()
})

test('whoever asks and asks and waits for no answer is hung up on', async () => {
  const { answers } = pipeline(Array.from({ length: 200 }, () => DOCUMENT))
  expect((await answers).split('HTTP/1.1 ').length - 1).toBeLessThan(10)
  expect(await inFlight()).toBe(0)
  expect((await gateway.call('GET', '/openapi.json')).status).toBe(200)
})
