import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFront } from '../../src/cli/front.js'
import { firstAdminLink } from '../../src/desk/access/first-admin.js'
import type { AccessOptions } from '../../src/desk/access/options.js'
import type { Role } from '../../src/desk/access/user.js'
import { DAY } from '../../src/engine/units.js'
import { createKey, type Scope } from '../../src/http/keys.js'
import { createMetrics } from '../../src/http/metrics.js'
import { examplePrices } from '../../src/phone/prices.js'
import { httpProvider } from '../../src/send/http.js'
import { createSender } from '../../src/send/sender.js'
import { compose } from '../../src/verify/compose.js'
import { basic } from '../e2e/harness.js'
import { enforce, T0 } from '../e2e/stage.js'
import { startEndpoint } from '../fakes/http-endpoint.js'

export interface SecurityOptions {
  publicUrl?: string
  trustProxies?: string[]
  signIn?: AccessOptions
  simulation?: boolean
  /** @default a free one */
  port?: number
}

/** A gateway with its console on a real port, under a clock that stands still until it is moved. */
export async function openConsole(options: SecurityOptions = {}) {
  const { publicUrl = null, trustProxies = [], signIn, simulation = false, port = 0 } = options
  const data = mkdtempSync(join(tmpdir(), 'tollgate-security-'))
  const endpoint = await startEndpoint()
  endpoint.answers((response) => response.writeHead(200).end('{"id":"m"}'))
  let now = T0
  const clock = () => now
  const metrics = createMetrics(() => [])
  const sender = createSender({
    providers: [httpProvider({ name: 'own', url: endpoint.url, allowPrivate: true, now: clock })],
  })
  const parts = await compose({ policy: enforce(), sender, data, clock, upkeep: false })
  const front = await openFront({
    parts,
    metrics,
    sender,
    clock,
    random: randomBytes,
    prices: examplePrices(),
    ...(signIn !== undefined && { signIn }),
    server: {
      host: 'localhost',
      port,
      trustProxies,
      publicUrl,
      openMetrics: true,
      maxConnections: 1_000,
      requestsPerSecond: 2_000,
    },
    logLevel: 'silent',
    deployment: {
      version: '0.0.0-test',
      publicUrl,
      policyFile: null,
      configFile: null,
      data,
      providers: [{ name: 'own', type: 'http', receipts: false }],
      numbers: 'clear',
      trustProxies,
      retention: { requestsMs: 90 * DAY, verificationsMs: 30 * DAY },
      simulation,
      allowPrivateSinks: true,
      rates: {},
    },
  } as Parameters<typeof openFront>[0])
  const { access } = front.desk
  const url = await front.listen()

  return {
    url,
    app: front.app,
    desk: front.desk,
    access,
    ledger: front.desk.ledger,
    gate: parts.gate,
    now: clock,
    advance(ms: number): void {
      now += ms
    },
    client: (origin = url) => createClient(url, origin),
    async keyWith(...scopes: Scope[]): Promise<string> {
      const { row, secret } = createKey({ name: 'k', scopes, now, random: randomBytes })
      await parts.ledger.putKey(row)
      return basic(row.id, secret)
    },
    /** A user without a passkey, as an invitation would have made. */
    async user(role: Role, name: string = role) {
      const known = await access.users.named(name)
      if (known !== null) return known
      const made = await access.users.add(access.users.newId(), {
        ...{ name, role, disabled: false, createdAt: now, createdBy: 'test' },
        ...{ lastSignInAt: null, passkeys: [], identity: null },
      })
      if (!made.ok) throw new Error(made.error.message)
      return made.value
    },
    /** A browser that is signed in. */
    async signedIn(role: Role, name: string = role): Promise<Client> {
      const { id } = await this.user(role, name)
      const browser = { source: '127.0.0.1', userAgent: null }
      const client = createClient(url, url)
      client.cookies.set('tollgate_session', await access.sessions.open(id, 'passkey', browser))
      return client
    },
    async setupToken(): Promise<string> {
      const link = await firstAdminLink(access, 'test')
      if (link === null) throw new Error('there is a user already')
      return link.token
    },
    async close(): Promise<void> {
      await front.close()
      await parts.close()
      await endpoint.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export type ConsoleStage = Awaited<ReturnType<typeof openConsole>>

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the test says it is
  body: any
}

export interface Client {
  cookies: Map<string, string>
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** A browser as far as headers and cookies go. @param origin of the page that asks */
export function createClient(url: string, origin: string): Client {
  const cookies = new Map<string, string>()
  const call: Client['call'] = async (method, path, body, headers = {}) => {
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const mutates = method !== 'GET'
    const answer = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(jar !== '' && { cookie: jar }),
        ...(mutates && { origin, 'x-tollgate-console': '1' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await answer.text()
    const json = answer.headers.get('content-type')?.includes('json') ?? false
    return {
      status: answer.status,
      headers: answer.headers,
      body: json && text !== '' ? JSON.parse(text) : text,
    }
  }
  return {
    cookies,
    call,
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body, headers) => call('POST', path, body, headers),
  }
}
