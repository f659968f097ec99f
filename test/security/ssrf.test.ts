import type { lookup as systemLookup } from 'node:dns'
import { readdirSync, readFileSync } from 'node:fs'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/cli/config.js'
import { createOidc, issuerGuard } from '../../src/desk/access/oidc.js'
import { createPost, sinkGuard } from '../../src/desk/alert/post.js'
import { createAsk } from '../../src/outward/ask.js'
import { createGuard } from '../../src/outward/guard.js'
import { providerGuard } from '../../src/send/exchange.js'
import { httpProvider } from '../../src/send/http.js'
import type { OutgoingMessage } from '../../src/send/port.js'
import { twilioProvider } from '../../src/send/twilio.js'
import { collectorGuard, exportTraces } from '../../src/tracing/export.js'
import { startHarness } from '../e2e/harness.js'
import { startEndpoint } from '../fakes/http-endpoint.js'

const src = new URL('../../src/', import.meta.url)

/** Every way to the inside that an address can be written as. */
const INSIDE = [
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f000001/x',
  'https://0x7f.0.0.1/x',
  'https://017700000001/x',
  'https://0177.0.0.1/x',
  'https://127.0.0.1.:443/x',
  'https://%31%32%37.0.0.1/x',
  'https://①②⑦.0.0.1/x',
  'https://0/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://[::ffff:7f00:1]/x',
  'https://[::ffff:a9fe:a9fe]/latest/meta-data',
  'https://[0:0:0:0:0:ffff:10.0.0.1]/x',
  'https://[64:ff9b::a9fe:a9fe]/x',
  'https://[::ffff:0:127.0.0.1]/x',
  'https://[200::1]/x',
  'https://[4000::1]/x',
  'https://[2002:7f00:1::]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/x',
  'https://172.16.0.1/x',
  'https://192.168.0.1/x',
  'https://100.64.0.1/x',
  'https://[fd00::1]/x',
  'https://[fe80::1]/x',
  'https://localhost/x',
  'https://metadata.localhost./x',
]

/** A sink that would be taken, were it not for its place. */
const SINK = { name: 'in', enabled: true, minimum: 'critical', quiet: null, reports: [] }

describe('the address of a sink', () => {
  let gateway: Awaited<ReturnType<typeof startHarness>>
  beforeAll(async () => {
    gateway = await startHarness({ desk: true })
  })
  afterAll(() => gateway?.close())

  test.each(INSIDE)('%s is refused when it is saved', async (url) => {
    const answer = await gateway.call('POST', '/v1/console/alerts/sinks', {
      ...SINK,
      place: { type: 'webhook', url },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ path: '/place/url' }])
    expect(gateway.desk?.alerts.sinks.all() ?? []).toEqual([])
  })

  test.each([22, 6379, 5432, 80])('as a server of mail at port %i is refused', async (port) => {
    const place = { type: 'email', host: 'mail.example', port, security: 'none', user: null }
    const answer = await gateway.call('POST', '/v1/console/alerts/sinks', {
      ...SINK,
      place: { ...place, from: 'a@b.example', to: ['a@b.example'] },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ path: '/place/port' }])
    expect(gateway.desk?.alerts.sinks.all() ?? []).toEqual([])
  })
})

/** Everything that the gateway asks by HTTP where somebody told it to, and how each is allowed inside. */
const ASKED = [
  ['a sink', sinkGuard({ allowPrivate: false }), 'allowPrivateSinks: true'],
  ['a provider', providerGuard('url'), 'allowPrivate: true beside url'],
  ['a Twilio base URL', providerGuard('baseUrl'), 'allowPrivate: true beside baseUrl'],
  ['a collector', collectorGuard({ allowPrivate: false }), 'tracing.allowPrivate: true'],
  ['an issuer', issuerGuard({}), 'allowPrivate: true beside console.oidc.issuer'],
] as const

describe.each(ASKED)('%s', (_, guard, setting) => {
  const never = new AbortController().signal
  test.each(INSIDE)('at %s is refused, with how to allow it, and never asked', async (url) => {
    expect(guard.problem(url)).toContain(setting)
    const ask = createAsk({ guard, mostBytes: 100 })
    await expect(ask(url, { method: 'GET', headers: {} }, never)).rejects.toMatchObject({
      code: 'ERR_NOT_PUBLIC',
    })
  })

  test('on the public internet is asked by https only', () => {
    expect(guard.problem('https://example.com/x')).toBeNull()
    expect(guard.problem('http://example.com/x')).toContain('https://')
    for (const url of ['file:///etc/passwd', 'gopher://example.com', 'https://a:b@example.com'])
      expect(guard.problem(url)).not.toBeNull()
  })
})

describe('the configuration', () => {
  const load = (env: Record<string, string>) =>
    loadConfig({}, { env, cwd: '/nowhere', warn: () => undefined })
  const http = { name: 'a', type: 'http', url: 'https://169.254.169.254/latest' }
  const twilio = { name: 'a', type: 'twilio', accountSid: `AC${'0'.repeat(32)}`, authToken: 't' }

  test.each([
    ['send[0].url', http],
    ['send[0].baseUrl', { ...twilio, from: '+12015550123', baseUrl: 'http://127.0.0.1:8080' }],
  ])('%s inside is told before anything starts, and may be allowed', (key, entry) => {
    const written = (more: object) => ({ TOLLGATE_SEND: JSON.stringify([{ ...entry, ...more }]) })
    expect(() => load(written({}))).toThrow(`${key}: `)
    expect(() => load(written({}))).toThrow('allowPrivate: true')
    expect(load(written({ allowPrivate: true })).send).toHaveLength(1)
  })

  test('providers that are made by hand are refused in the same way', () => {
    expect(() => httpProvider({ ...http, name: 'own' })).toThrow('allowPrivate: true beside url')
    const { accountSid } = twilio
    const rest = { credentials: { authToken: 't' }, sender: { from: '+12015550123' } }
    expect(() =>
      twilioProvider({ name: 'own', accountSid, ...rest, baseUrl: 'https://10.0.0.1' }),
    ).toThrow('allowPrivate: true beside baseUrl')
  })

  test('a collector inside is told before a span is recorded', async () => {
    const options = { headers: {}, sample: null, warn: () => undefined, now: () => 0 }
    const service = { name: 'tollgate', version: '0', instance: 'one' }
    const url = 'http://127.0.0.1:4318/v1/traces'
    const made = exportTraces({ ...options, url, service, allowPrivate: false })
    await expect(made).rejects.toThrow('tracing.allowPrivate: true')
    expect(trace.getTracer('any').startSpan('any').isRecording()).toBe(false)
  })
})

/** A name server whose answers change; the last one stays. */
function changing(...answers: string[][]) {
  const names = { asked: 0 }
  const lookup = ((_name: string, _options: unknown, done: (e: null, a: unknown) => void) => {
    const addresses = answers[Math.min(names.asked++, answers.length - 1)] ?? []
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as typeof systemLookup
  return { names, lookup }
}
const REBINDING = [['192.88.98.1'], ['127.0.0.1'], ['::ffff:127.0.0.1'], ['10.0.0.1', '127.0.0.1']]

describe('a name', () => {
  test('that answers otherwise the second time is asked each time, and connected to by what was checked', async () => {
    const endpoint = await startEndpoint()
    const { port } = new URL(endpoint.url)
    const { names, lookup } = changing(...REBINDING)
    const { signal } = new AbortController()
    const post = createPost({ allowPrivate: false, signal, timeoutMs: 100, lookup })
    const send = () => post(`https://rebinding.example:${port}/`, { headers: {}, body: '{}' })
    await expect(send()).rejects.toThrow()
    for (let i = 0; i < 3; i++) await expect(send()).rejects.toThrow('private network')
    expect(names.asked).toBe(4)
    expect(endpoint.requests).toHaveLength(0)
    await endpoint.close()
  })

  test('of a provider that does so gets no code, and the next provider may be asked', async () => {
    const endpoint = await startEndpoint()
    const { port } = new URL(endpoint.url)
    const { names, lookup } = changing(...REBINDING)
    const url = `https://rebinding.example:${port}/sms`
    const { send } = httpProvider({ name: 'own', url, lookup })
    const code = message()
    const first = await send(code, AbortSignal.timeout(100))
    expect(first.ok).toBe(false)
    for (let i = 0; i < 3; i++)
      expect(await send(code, new AbortController().signal)).toMatchObject({
        ...{ ok: false, retryElsewhere: true, mayHaveBeenSent: false },
        detail: expect.stringContaining('allowPrivate: true beside url'),
      })
    expect(names.asked).toBe(4)
    expect(endpoint.requests).toHaveLength(0)
    await endpoint.close()
  })

  test('that leads inside already is found at the start', async () => {
    const inside = { allowPrivate: false, setting: 'this', ...changing(['10.0.0.8']) }
    const url = 'https://sms.internal/x'
    expect(await createGuard(inside).find(url)).toEqual({
      at: 'private',
      says: 'sms.internal (10.0.0.8) is in a private network, which needs this',
    })
    expect(await createGuard({ ...inside, allowPrivate: true }).find(url)).toMatchObject({
      at: 'public',
    })
    const gone = createGuard({ allowPrivate: false, setting: 'this' }).find('https://gone.invalid')
    expect(await gone).toMatchObject({ at: 'unknown' })
  })
})

const message = (): OutgoingMessage => ({
  ...{ to: '+2348031234567', body: 'text', idempotencyKey: 'k', channel: 'sms' },
})

describe('a redirect', () => {
  test('is asked at the configured address and nowhere else: redirects are a failure', async () => {
    const inside = await startEndpoint()
    const provider = await startEndpoint()
    for (const status of [301, 302, 303, 307, 308]) {
      provider.answers({ status, headers: { location: `${inside.url}/steal` } })
      const { url } = provider
      const { send } = httpProvider({ name: 'own', url, allowPrivate: true })
      const answer = await send(message(), new AbortController().signal)
      expect([status, answer.ok]).toEqual([status, false])
    }
    expect(inside.requests).toHaveLength(0)
    expect(provider.requests).toHaveLength(5)
    await inside.close()
    await provider.close()
  })

  test('of a provider of sign-in leads nowhere either', async () => {
    const inside = await startEndpoint()
    const issuer = await startEndpoint()
    issuer.answers({ status: 302, headers: { location: `${inside.url}/steal` } })
    const sealer = { seal: () => '', open: () => null }
    const oidc = createOidc(
      {
        ...{ issuer: issuer.url, allowPrivate: true, clientId: 'tollgate', clientSecret: null },
        ...{ allowedDomains: null, emailVerifiedClaim: null, roleClaim: null },
        ...{ roles: {}, defaultRole: 'viewer' as const },
      },
      { sealer, clock: () => 0 },
    )
    const begun = await oidc.start({ origin: 'https://gate.example', secure: true }, '/')
    expect(begun.ok).toBe(false)
    expect([issuer.requests.length, inside.requests.length]).toEqual([1, 0])
    await Promise.all([inside.close(), issuer.close()])
  })
})

describe('connections that leave the gateway', () => {
  /** Who opens them, and what guards where to. */
  const KNOWN: Record<string, string> = {
    'outward/ask.ts': 'sinks, providers and the issuer, under a guard each',
    'desk/access/oidc.ts':
      'through outward/ask.ts, as are the addresses that its description names',
    'desk/alert/sinks/email.ts': 'SMTP, at ports of mail',
    'desk/alert/sinks/slack.ts': 'through outward/ask.ts',
    'tracing/export.ts': 'the collector, under a guard',
    'lines/redis/client.ts': 'stores, from the configuration alone, and no HTTP',
    'ledger/postgres/connection.ts': 'stores, from the configuration alone, and no HTTP',
    'cli/doctor-connections.ts': 'stores, from the configuration alone, and no HTTP',
    'cli/doctor-stores.ts': 'stores, from the configuration alone, and no HTTP',
    'cli/simulate-gateway.ts': 'a gateway named on the command line',
  }
  const PACKAGES =
    'undici|openid-client|nodemailer|@slack/webhook|ioredis|pg|@opentelemetry/exporter[a-z-]*'
  const OPENS = new RegExp(
    String.raw`\bfetch\(|import \{[^}]*\b[rR]equest\b[^}]*\} from 'node:https?'|\b(net|tls)\.connect\(|(from |import\()'(${PACKAGES})'`,
  )

  test('come from these places alone; whoever adds one says where its addresses come from', () => {
    const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => {
        const lines = readFileSync(new URL(name, src), 'utf8')
          .split('\n')
          .filter((line) => !/^import type |^\s*\*/.test(line))
        return OPENS.test(lines.join('\n'))
      })
    expect(found.sort()).toEqual(Object.keys(KNOWN).sort())
  })
})
