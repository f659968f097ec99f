import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
import { addressOf, isReading, routesUnder, type TableRoute } from './console-route-table.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

/** Ways in: for those who have no session yet. Everything else needs one. */
const OPEN = [
  'GET /v1/console/hello',
  'GET /v1/console/oidc/start',
  'GET /v1/console/oidc/callback',
  'POST /v1/console/link',
  'POST /v1/console/link/options',
  'POST /v1/console/link/redeem',
  'POST /v1/console/sign-in',
  'POST /v1/console/sign-in/options',
  'POST /v1/console/sign-in/recovery',
  'POST /v1/console/sign-out',
]
/** What a viewer may do: their own sign-in, and questions that are asked with a body and change nothing. */
const VIEWERS = [
  'POST /v1/console/me/passkeys',
  'POST /v1/console/me/passkeys/options',
  'PATCH /v1/console/me/passkeys/:id',
  'DELETE /v1/console/me/passkeys/:id',
  'POST /v1/console/me/recovery-codes',
  'DELETE /v1/console/me/sessions',
  'DELETE /v1/console/me/sessions/:id',
  'POST /v1/console/playbook/preview',
]
/** Readings that tell of users, keys, or what people did. */
const FOR_ADMINS = [
  'GET /v1/admin/keys',
  'GET /v1/admin/actions',
  'GET /v1/console/keys',
  'GET /v1/console/users',
  'GET /v1/console/users/:id/sessions',
  'GET /v1/console/audit',
]

const nameOf = ({ method, path }: TableRoute): string => `${method} ${path}`

let stage: ConsoleStage
let routes: TableRoute[]
let closed: TableRoute[]
beforeAll(async () => {
  stage = await openConsole()
  routes = [...routesUnder(stage.app, '/v1/console'), ...routesUnder(stage.app, '/v1/admin')]
  closed = routes.filter((route) => !OPEN.includes(nameOf(route)))
})
afterAll(() => stage?.close())

/** Asks each route and tells of those that answer otherwise: one list to read instead of a first failure. */
async function exceptions(
  asked: readonly TableRoute[],
  expected: string,
  ask: (route: TableRoute) => Promise<{ status: number; body: { code?: string } }>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const route of asked) {
    const { status, body } = await ask(route)
    const said = `${status} ${body?.code ?? ''}`
    if (said !== expected) wrong.push(`${nameOf(route)}: ${said}`)
  }
  return wrong
}

const mutations = () => closed.filter((route) => !isReading(route))
const bodyOf = (route: TableRoute) => (isReading(route) ? undefined : {})

describe('every route of the console and of the admin API', () => {
  test('is in the table, and the lists of exceptions name routes that exist', () => {
    expect(routes.length).toBeGreaterThan(60)
    expect(OPEN.filter((name) => !routes.some((route) => nameOf(route) === name))).toEqual([])
    for (const name of [...VIEWERS, ...FOR_ADMINS]) expect(closed.map(nameOf), name).toContain(name)
  })

  test('is refused without a session', async () => {
    const client = stage.client()
    const console = closed.filter(({ path }) => path.startsWith('/v1/console'))
    expect(
      await exceptions(console, '401 signed_out', (route) =>
        client.call(route.method, addressOf(route), bodyOf(route)),
      ),
    ).toEqual([])
    const admin = closed.filter(({ path }) => path.startsWith('/v1/admin'))
    expect(
      await exceptions(admin, '401 unauthenticated', (route) =>
        client.call(route.method, addressOf(route), bodyOf(route), { 'x-tollgate-console': '' }),
      ),
    ).toEqual([])
  })

  test('is refused with a session that ended, was revoked, or never was', async () => {
    const client = await stage.signedIn('admin', 'Late')
    expect((await client.get('/v1/console/me')).status).toBe(200)
    stage.advance(HOUR)
    const refused = '401 session_expired'
    const ask = (route: TableRoute) => client.call(route.method, addressOf(route), bodyOf(route))
    expect(await exceptions(closed, refused, ask)).toEqual([])
    client.cookies.set('tollgate_session', 'A'.repeat(43))
    expect(await exceptions(closed.slice(0, 5), refused, ask)).toEqual([])
    const other = await stage.signedIn('admin', 'Late')
    const user = await stage.user('admin', 'Late')
    await stage.access.administration.endSessions('test', user)
    expect(await other.get('/v1/console/me')).toMatchObject({ status: 401 })
  })

  test('that changes something is refused to a viewer', async () => {
    const viewer = await stage.signedIn('viewer')
    const asked = mutations().filter((route) => !VIEWERS.includes(nameOf(route)))
    expect(
      await exceptions(asked, '403 role_required', (route) =>
        viewer.call(route.method, addressOf(route), bodyOf(route)),
      ),
    ).toEqual([])
  })

  test('that is for administrators is refused to an analyst', async () => {
    const analyst = await stage.signedIn('analyst')
    const asked = closed.filter(
      (route) =>
        FOR_ADMINS.includes(nameOf(route)) ||
        (!isReading(route) &&
          /^\/v1\/(console|admin)\/(users|invitations|keys|alerts\/sinks|privacy)/.test(
            route.path,
          )),
    )
    expect(asked.length).toBeGreaterThan(12)
    expect(
      await exceptions(asked, '403 role_required', (route) =>
        analyst.call(route.method, addressOf(route), bodyOf(route)),
      ),
    ).toEqual([])
  })

  test('is refused to a page of another site, whatever cookies its browser has', async () => {
    const admin = await stage.signedIn('admin')
    const ask = (origin: string) => (route: TableRoute) =>
      admin.call(route.method, addressOf(route), bodyOf(route), { origin })
    const refused = '403 foreign_origin'
    const ours = routes.filter(({ path }) => path !== '/v1/console/hello' && !/oidc/.test(path))
    expect(await exceptions(ours, refused, ask('http://evil.example'))).toEqual([])
    const { port } = new URL(stage.url)
    for (const origin of [
      'null',
      `http://localhost.evil.example:${port}`,
      `http://localhost:${Number(port) + 1}`,
      `https://user@localhost:${port}0`,
      'file://',
    ])
      expect(await exceptions(mutations().slice(0, 4), refused, ask(origin)), origin).toEqual([])
  })

  test('that changes something needs the header that only our pages send, and an origin', async () => {
    const admin = await stage.signedIn('admin')
    const all = routes.filter((route) => !isReading(route))
    const refused = '403 foreign_origin'
    expect(
      await exceptions(all, refused, (route) =>
        admin.call(route.method, addressOf(route), {}, { 'x-tollgate-console': '' }),
      ),
    ).toEqual([])
    expect(
      await exceptions(all, refused, async (route) => {
        const answer = await fetch(`${stage.url}${addressOf(route)}`, {
          method: route.method,
          headers: {
            cookie: `tollgate_session=${admin.cookies.get('tollgate_session')}`,
            'x-tollgate-console': '1',
            'sec-fetch-site': 'cross-site',
          },
        })
        return { status: answer.status, body: (await answer.json()) as { code: string } }
      }),
    ).toEqual([])
  })

  test('answers so that no browser takes it for a page, and no cache keeps it', async () => {
    const admin = await stage.signedIn('admin')
    for (const route of closed.filter(isReading)) {
      if (route.path.endsWith('/live')) continue
      const { headers } = await admin.get(addressOf(route))
      expect(headers.get('x-content-type-options'), nameOf(route)).toBe('nosniff')
      expect(headers.get('cache-control'), nameOf(route)).toMatch(/no-store/)
      expect(headers.get('content-type') ?? '', nameOf(route)).not.toMatch(/html|svg|xml/)
      expect(headers.get('access-control-allow-origin'), nameOf(route)).toBeNull()
    }
  })
})

describe('keys and users', () => {
  const ask = { service: 'signup', to: '+2348031234567', context: { ip: '105.112.0.7' } }

  test('a user cannot call the API of applications', async () => {
    const admin = await stage.signedIn('admin')
    for (const path of ['/v1/verifications', '/v1/decisions', '/v1/outcomes'])
      expect(await admin.post(path, ask)).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      })
  })

  test('a key is nobody: it has no session, no passkeys and no way in', async () => {
    const authorization = await stage.keyWith('admin')
    const client = stage.client()
    const with_ = (path: string) => client.get(path, { authorization })
    expect((await with_('/v1/console/users')).status).toBe(200)
    expect(await with_('/v1/console/me')).toMatchObject({
      status: 403,
      body: { code: 'user_required' },
    })
    expect((await with_('/v1/console/hello')).body.user).toBeNull()
    expect(client.cookies.size).toBe(0)
    const narrow = await stage.keyWith('verify')
    expect(await client.get('/v1/console/users', { authorization: narrow })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    // a browser that was asked for a key sends it along with another site's form
    expect(
      await client.call(
        'POST',
        '/v1/admin/keys',
        {},
        {
          authorization,
          origin: 'http://evil.example',
        },
      ),
    ).toMatchObject({ status: 403, body: { code: 'foreign_origin' } })
  })

  test('what a user does is in the audit log under their id, what a key does under its own', async () => {
    const admin = await stage.signedIn('admin')
    const { id } = await stage.user('admin')
    const made = await admin.post('/v1/console/keys', { name: 'shop', scopes: ['verify'] })
    expect(made.status).toBe(201)
    expect(made.body.secret).toHaveLength(43)
    const authorization = await stage.keyWith('admin')
    await stage.client().call('DELETE', `/v1/admin/keys/${made.body.id}`, undefined, {
      authorization,
    })
    const [revoke, create] = (await admin.get('/v1/console/audit?action=key.')).body.rows
    expect(create).toMatchObject({ action: 'key.create', actor: `user:${id}`, actorName: 'admin' })
    expect(revoke).toMatchObject({ action: 'key.revoke', actorName: null })
    expect(revoke.actor).toMatch(/^key:AC/)
    expect(JSON.stringify(create)).not.toContain(made.body.secret)
  })

  test('viewers see masked numbers', async () => {
    const number = '+2348035550100'
    await stage.gate.start({ service: 'signup', to: number, ip: '105.112.9.7' } as never)
    const analyst = await stage.signedIn('analyst')
    const viewer = await stage.signedIn('viewer')
    await analyst.post('/v1/admin/lists', { list: 'allow', entry: number })
    for (const path of ['/v1/admin/requests', '/v1/admin/lists', '/v1/console/decisions']) {
      expect(JSON.stringify((await analyst.get(path)).body), path).toContain(number)
      const seen = JSON.stringify((await viewer.get(path)).body)
      expect(seen, path).not.toContain(number)
      expect(seen, path).toContain('+23480******00')
    }
  })
})
