import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type Desk, openDesk } from '../../src/desk/desk.js'
import { createLive } from '../../src/desk/live.js'
import type { Deployment } from '../../src/desk/parts.js'
import type { Change } from '../../src/engine/detect/change.js'
import type { Policy } from '../../src/engine/policy.js'
import { DAY } from '../../src/engine/units.js'
import { createKey, type Scope } from '../../src/http/keys.js'
import { createMetrics } from '../../src/http/metrics.js'
import { createServer, type ServerOptions } from '../../src/http/server.js'
import type { App } from '../../src/http/wiring.js'
import type { Ledger } from '../../src/ledger/port.js'
import { examplePrices } from '../../src/phone/prices.js'
import { httpProvider } from '../../src/send/http.js'
import { createSender } from '../../src/send/sender.js'
import { type Composed, compose } from '../../src/verify/compose.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { codeIn, enforce, type Message, T0 } from './stage.js'

/** Twilio's SDK takes ids of this form only. */
export const ACCOUNT = `AC${'a1'.repeat(16)}`
export const RECEIPT_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the test says it is
  body: any
}

/** A whole gateway: real ledger in a directory of its own, real provider behind HTTP, listening on a real port. */
export interface Harness {
  app: App
  parts: Composed
  url: string
  /** directory of the ledger */
  data: string
  key: { id: string; secret: string }
  authorization: string
  endpoint: Endpoint
  desk: Desk | null
  messages(): Message[]
  /** the code of a message, the last one by default */
  code(index?: number): string
  /** all that was logged, level debug */
  log(): string
  now(): number
  advance(ms: number): void
  /** a key with these scopes, as the value of its Authorization header */
  keyWith(...scopes: Scope[]): Promise<string>
  /** JSON in and out, with the first key unless the headers say otherwise */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  close(): Promise<void>
}

interface Told {
  /** told of the desk's faults. @default they fail the test */
  warn?: (error: Error) => void
}

interface HarnessOptions {
  policy?: Policy
  server?: Partial<ServerOptions>
  /** @default a clock that stands still */
  clock?: () => number
  /** the operators' desk and the console's API too, with more about the deployment */
  desk?: boolean | (Pick<Deployment, 'allowPrivateSinks'> & Told)
  /** @default SQLite in a directory of its own */
  ledger?: Ledger
  /** time that a request waits for its stores, ms @default 10 s */
  requestMs?: number
}

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const data = mkdtempSync(join(tmpdir(), 'tollgate-http-'))
  const endpoint = await startEndpoint()
  let sent = 0
  endpoint.answers((response) => {
    sent += 1
    response.writeHead(200).end(JSON.stringify({ id: `message-${sent}` }))
  })
  let now = T0
  const clock = options.clock ?? (() => now)
  let parts: Composed | null = null
  const metrics = createMetrics(() => Object.keys(parts?.gate.policy.policy.services ?? {}))
  const own = httpProvider({
    name: 'own',
    url: endpoint.url,
    allowPrivate: true,
    receipts: { secret: RECEIPT_SECRET },
    now: clock,
  })
  const sender = metrics.meter(createSender({ providers: [own] }))
  const policy = options.policy ?? enforce()
  let told: (change: Change) => void = () => undefined
  const composed = await compose({
    policy,
    sender,
    data,
    clock,
    upkeep: false,
    ...(options.ledger !== undefined && { ledger: options.ledger }),
    ...(options.requestMs !== undefined && { requestMs: options.requestMs }),
    onChange: (change) => told(change),
  })
  parts = composed
  const { gate, ledger } = composed

  const keyed = createKey({ name: 'test', scopes: ['*'], now, random: randomBytes, id: ACCOUNT })
  await ledger.putKey(keyed.row)
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const about = options.desk === true ? {} : options.desk || null
  const desk = about === null ? null : await deskOf(composed, clock, { data, ...about })
  if (desk !== null) told = desk.changed
  const app = await createServer({
    gate,
    ...(desk !== null && { desk }),
    ledger,
    sender,
    metrics,
    clock,
    random: randomBytes,
    log: { level: 'debug', stream },
    ...(options.requestMs !== undefined && { requestMs: options.requestMs }),
    ...options.server,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const authorization = basic(keyed.row.id, keyed.secret)
  const messages = () => endpoint.requests.map(({ body }) => JSON.parse(body) as Message)

  return {
    app,
    parts: composed,
    url,
    data,
    key: { id: keyed.row.id, secret: keyed.secret },
    authorization,
    endpoint,
    desk,
    messages,
    code: (index = -1) => codeIn(messages().at(index)?.body),
    log: () => lines.join(''),
    now: clock,
    advance(ms) {
      now += ms
    },
    async keyWith(...scopes) {
      const { row, secret } = createKey({ name: scopes.join(), scopes, now, random: randomBytes })
      await ledger.putKey(row)
      return basic(row.id, secret)
    },
    async call(method, path, body, headers = {}) {
      const raw = typeof body === 'string' || Buffer.isBuffer(body)
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const json = response.headers.get('content-type')?.includes('json') ?? false
      return {
        status: response.status,
        headers: response.headers,
        body: json && text !== '' ? JSON.parse(text) : text,
      }
    },
    async close() {
      await app.close()
      await desk?.close()
      await composed.close()
      await endpoint.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

const deskOf = (
  { gate, ledger, sender, deskKey }: Composed,
  clock: () => number,
  { warn, ...about }: Partial<Deployment> & { data: string } & Told,
) =>
  openDesk({
    gate,
    ledger,
    sender,
    live: createLive({ clock, first: clock() }),
    clock,
    random: randomBytes,
    prices: examplePrices(),
    deskKey,
    deployment: {
      version: '0.0.0-test',
      publicUrl: null,
      policyFile: null,
      configFile: null,
      providers: [{ name: 'own', type: 'http', receipts: true }],
      numbers: 'clear',
      trustProxies: [],
      retention: { requestsMs: 90 * DAY, verificationsMs: 30 * DAY },
      simulation: false,
      ...about,
    },
    warn:
      warn ??
      ((error) => {
        throw error
      }),
  })
