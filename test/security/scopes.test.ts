import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCOPES, type Scope } from '../../src/http/keys.js'
import { type Harness, startHarness } from '../e2e/harness.js'
import { routesUnder, type TableRoute } from './console-route-table.js'

/** Routes without a key, and why. */
const OPEN: Record<string, string> = {
  'GET /': 'says what this is',
  'GET /healthz': 'for orchestrators',
  'GET /readyz': 'for orchestrators',
  'GET /openapi.json': 'the description of the API',
  'POST /v1/hooks/:provider/receipts': 'the signature of the provider is the key',
}
const hasPages = (path: string) => path === '/*' || path.startsWith('/assets')

/** What a route needs. The first that matches; a route that none matches fails the test. */
const NEEDS: readonly [RegExp, Scope][] = [
  [/^\w+ \/v1\/verifications/, 'verify'],
  [/^\w+ \/v1\/decisions/, 'decide'],
  [/^POST \/v1\/outcomes/, 'outcomes'],
  [/^\w+ \/v1\/admin\//, 'admin'],
  [/^GET \/metrics/, 'admin'],
  [/^\w+ \/v2\/Attempts/, 'admin'],
  [/^\w+ \/v2\/SafeList/, 'admin'],
  [/^\w+ \/v2\/Services\/[^/]+\//, 'verify'],
  [/^GET \/v2\/PhoneNumbers\//, 'decide'],
  [/^GET \/v2\/Services/, 'verify'],
  [/^\w+ \/v2\/Services/, 'admin'],
]
const nameOf = ({ method, path }: TableRoute): string => `${method} ${path}`
const needOf = (route: TableRoute): Scope | null =>
  NEEDS.find(([pattern]) => pattern.test(nameOf(route)))?.[1] ?? null

let gateway: Harness
let routes: TableRoute[]
const keys = new Map<Scope, string>()
beforeAll(async () => {
  gateway = await startHarness({ server: { openMetrics: false, failuresPerMinute: 10_000 } })
  routes = routesUnder(gateway.app, '/').filter(
    ({ method, path }) =>
      method !== 'HEAD' &&
      method !== 'OPTIONS' &&
      !hasPages(path) &&
      OPEN[`${method} ${path}`] === undefined,
  )
  for (const scope of SCOPES) keys.set(scope, await gateway.keyWith(scope))
})
afterAll(() => gateway?.close())

/** The table writes two names of one parameter with a bar, and what is below a path with a star. */
const addressOf = ({ path }: TableRoute): string =>
  path.replace(/:[A-Za-z]+(\|:[A-Za-z]+)*/g, 'x').replace(/\/?\*$/, '/x')

const ask = (route: TableRoute, authorization: string) =>
  gateway.call(
    route.method,
    addressOf(route),
    route.method === 'GET' || route.method === 'DELETE' ? undefined : '{}',
    { authorization },
  )

describe('every route of the server', () => {
  test('is known here: with what it needs, or why it needs nothing', () => {
    const all = routesUnder(gateway.app, '/').map(nameOf)
    expect(all.length).toBeGreaterThan(40)
    expect(routes.filter((route) => needOf(route) === null).map(nameOf)).toEqual([])
    for (const open of Object.keys(OPEN)) expect(all, open).toContain(open)
    for (const [pattern] of NEEDS)
      expect(
        routes.some((route) => pattern.test(nameOf(route))),
        String(pattern),
      ).toBe(true)
  })

  test('is refused without a key, with a wrong one, and with one in other spellings', async () => {
    const [id = '', secret = ''] = [gateway.key.id, gateway.key.secret]
    const bad = [
      '',
      'Basic',
      `Basic ${Buffer.from(`${id}:`).toString('base64')}`,
      `Basic ${Buffer.from(`${id}:${secret}x`).toString('base64')}`,
      `Basic ${Buffer.from(`${id} :${secret}`).toString('base64')}`,
      `Digest ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      `Bearer ${secret}`,
      `Bearer ${id}`,
    ]
    const let_in: string[] = []
    for (const route of routes)
      for (const authorization of bad) {
        const { status } = await ask(route, authorization)
        if (status !== 401)
          let_in.push(`${nameOf(route)} ${JSON.stringify(authorization)}: ${status}`)
      }
    expect(let_in).toEqual([])
  })

  test('opens for its own scope and for all of them, and for no other', async () => {
    const wrong: string[] = []
    for (const route of routes)
      for (const [scope, authorization] of keys) {
        const { status, body } = await ask(route, authorization)
        const mayIn = scope === '*' || scope === needOf(route)
        // Twilio's words for it are a code of its own
        const refused = status === 403 && (body.code === 'forbidden' || body.code === 20003)
        const unauthenticated = status === 401
        if (mayIn === (refused || unauthenticated))
          wrong.push(`${nameOf(route)} ${scope}: ${status}`)
      }
    expect(wrong).toEqual([])
  })
})

describe('a key', () => {
  test('is hashed at rest, in the answer that makes it, and nowhere after', async () => {
    const made = await gateway.call('POST', '/v1/admin/keys', { name: 'shop', scopes: ['verify'] })
    const { id, secret } = made.body
    expect(secret).toMatch(/^[\w-]{43}$/)
    for (const path of ['/v1/admin/keys', '/v1/admin/actions', '/metrics', '/openapi.json', '/']) {
      const { body } = await gateway.call('GET', path)
      expect([path, JSON.stringify(body).includes(secret)]).toEqual([path, false])
    }
    expect(gateway.log()).not.toContain(secret)
    await gateway.parts.ledger.commit()
    const { data } = gateway
    for (const file of [`${data}/ledger.sqlite`, `${data}/ledger.sqlite-wal`])
      expect(readFileSync(file).includes(secret)).toBe(false)
    const row = await gateway.parts.ledger.key(id)
    expect(Object.values(row ?? {})).not.toContain(secret)
    expect(row?.secretHash).toMatch(/^[\w-]{43}$/)
    // asked for again it is not made again
    expect(
      (await gateway.call('POST', '/v1/admin/keys', { name: 'x', scopes: ['verify'], id })).status,
    ).toBe(409)
  })
})
