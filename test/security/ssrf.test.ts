import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPost } from '../../src/desk/alert/post.js'
import { httpProvider } from '../../src/send/http.js'
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
  'https://[2002:7f00:1::]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://10.0.0.1/x',
  'https://172.16.0.1/x',
  'https://192.168.0.1/x',
  'https://100.64.0.1/x',
  'https://[fd00::1]/x',
  'https://[fe80::1]/x',
]

describe('the address of a sink', () => {
  let gateway: Awaited<ReturnType<typeof startHarness>>
  beforeAll(async () => {
    gateway = await startHarness({ desk: true })
  })
  afterAll(() => gateway?.close())

  test.each(INSIDE)('%s is refused when it is saved', async (url) => {
    const answer = await gateway.call('POST', '/v1/console/alerts/sinks', {
      ...{ name: 'in', severities: ['critical'], quiet: null, place: { type: 'webhook', url } },
    })
    expect(answer.status).toBe(400)
    expect(gateway.desk?.alerts.sinks.all() ?? []).toEqual([])
  })

  test('that answers otherwise the second time is asked each time, and connected to by what was checked', async () => {
    const endpoint = await startEndpoint()
    const { port } = new URL(endpoint.url)
    const answers = [
      ['192.88.98.1'],
      ['127.0.0.1'],
      ['::ffff:127.0.0.1'],
      ['10.0.0.1', '127.0.0.1'],
    ]
    let asked = 0
    const lookup = ((_name: string, _options: unknown, done: (e: null, a: unknown) => void) => {
      const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }) as unknown as Parameters<typeof createPost>[0]['lookup'] & object
    const { signal } = new AbortController()
    const post = createPost({ allowPrivate: false, signal, timeoutMs: 100, lookup })
    const send = () => post(`https://rebinding.example:${port}/`, { headers: {}, body: '{}' })
    await expect(send()).rejects.toThrow()
    for (let i = 0; i < 3; i++) await expect(send()).rejects.toThrow('private network')
    expect(asked).toBe(4)
    expect(endpoint.requests).toHaveLength(0)
    await endpoint.close()
  })
})

describe('a provider', () => {
  test('is asked at the configured address and nowhere else: redirects are a failure', async () => {
    const inside = await startEndpoint()
    const provider = await startEndpoint()
    for (const status of [301, 302, 303, 307, 308]) {
      provider.answers({ status, headers: { location: `${inside.url}/steal` } })
      const { send } = httpProvider({ name: 'own', url: provider.url, now: () => 0 })
      const message = { to: '+2348031234567', body: 'text', idempotencyKey: 'k' }
      const answer = await send(message as Parameters<typeof send>[0], new AbortController().signal)
      expect([status, answer.ok]).toEqual([status, false])
    }
    expect(inside.requests).toHaveLength(0)
    expect(provider.requests).toHaveLength(5)
    await inside.close()
    await provider.close()
  })
})

describe('requests that leave the gateway', () => {
  /** Who opens connections by itself, and where its addresses come from. */
  const KNOWN: Record<string, string> = {
    'desk/alert/post.ts': 'sinks, from the console: checked above',
    'send/exchange.ts': 'providers, from the configuration',
    'cli/simulate-gateway.ts': 'a gateway named on the command line',
  }
  const OPENS = /\bfetch\(|import \{[^}]*\brequest\b[^}]*\} from 'node:https?'|from 'undici'/

  test('come from these places alone; whoever adds one says where its addresses come from', () => {
    const found = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => {
        return OPENS.test(readFileSync(new URL(name, src), 'utf8'))
      })
    expect(found.sort()).toEqual(Object.keys(KNOWN).sort())
  })

  test('and none of them follows a redirect', () => {
    expect(readFileSync(new URL('send/exchange.ts', src), 'utf8')).toContain("redirect: 'manual'")
  })
})
