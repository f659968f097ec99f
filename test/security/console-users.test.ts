import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
import { createAuthenticator } from '../fakes/authenticator.js'
import { ask } from '../fuzz/ask.js'
import { firstAdministrator, redeem, signIn } from './console-entering.js'
import { type Client, type ConsoleStage, openConsole } from './console-stage.js'

let stage: ConsoleStage
let admin: Client
let adminId: string
beforeEach(async () => {
  stage = await openConsole()
  admin = (await firstAdministrator(stage)).client
  adminId = (await stage.access.users.list())[0]?.id ?? ''
})
afterEach(() => stage.close())

const tokenIn = (url: string): string =>
  new URLSearchParams(new URL(url).hash.slice(1)).get('token') ?? ''
const invite = async (name: string, role = 'viewer') =>
  admin.post('/v1/console/invitations', { name, role })
const users = async () => (await admin.get('/v1/console/users')).body

describe('invitations', () => {
  test('make one user with the name and role that the administrator gave', async () => {
    const made = await invite('Grace', 'analyst')
    expect(made).toMatchObject({ status: 201 })
    expect(made.body.url).toMatch(/^http:\/\/localhost:\d+\/sign-in\/setup#token=[\w-]{43}$/)
    expect((await users()).invitations).toMatchObject([{ name: 'Grace', role: 'analyst' }])
    const client = stage.client()
    const token = tokenIn(made.body.url)
    const answer = await redeem(client, token, createAuthenticator(stage.url), 'Root')
    expect(answer.body.user).toMatchObject({ name: 'Grace', role: 'analyst' })
    expect(answer.body.recoveryCodes).toHaveLength(10)
    expect((await users()).invitations).toEqual([])
    const again = await redeem(stage.client(), token, createAuthenticator(stage.url))
    expect(again).toMatchObject({ status: 410, body: { code: 'link_spent' } })
  })

  test('end after three days, and when they are withdrawn', async () => {
    const client = stage.client()
    const late = tokenIn((await invite('Late')).body.url)
    stage.advance(71 * HOUR)
    expect((await client.post('/v1/console/link', { token: late })).status).toBe(200)
    stage.advance(HOUR)
    expect((await client.post('/v1/console/link', { token: late })).status).toBe(410)

    admin = await stage.signedIn('admin', 'Ada')
    const token = tokenIn((await invite('Withdrawn')).body.url)
    const [{ id }] = (await users()).invitations
    expect((await admin.call('DELETE', `/v1/console/invitations/${id}`)).status).toBe(204)
    expect((await client.post('/v1/console/link', { token })).status).toBe(410)
  })

  test('are refused for a name that is taken, or looks as if it were', async () => {
    await invite('Grace')
    const unseen = ['Gra\u200Bce', 'Gra\u034Fce', 'Grace\uFE0F', '\u3164Grace', 'Grace\u2800']
    for (const name of ['Grace', ' grace ', 'GRACE', '\uFF27race', 'Ada', ...unseen])
      expect(await invite(name), name).toMatchObject({ status: 409, body: { code: 'name_taken' } })
    for (const nothing of ['\u202E\u200B', '\u115F\u3164', '\u2800'])
      expect((await invite(nothing)).status, nothing).toBe(409)
  })

  test('a step begun with one link finishes no other', async () => {
    const viewer = tokenIn((await invite('V', 'viewer')).body.url)
    const other = tokenIn((await invite('A', 'admin')).body.url)
    const client = stage.client()
    const authenticator = createAuthenticator(stage.url)
    const { body: options } = await client.post('/v1/console/link/options', {
      token: viewer,
      name: '',
    })
    const answer = await client.post('/v1/console/link/redeem', {
      token: other,
      name: '',
      passkeyName: '',
      response: authenticator.create(options),
    })
    expect(answer).toMatchObject({ status: 410 })
    expect((await users()).users).toHaveLength(1)
  })
})

describe('users', () => {
  test('the last administrator stays one', async () => {
    const second = await stage.signedIn('admin', 'Grace')
    const grace = await stage.user('admin', 'Grace')
    const own = { status: 409, body: { code: 'conflict' } }
    expect(
      await admin.call('PATCH', `/v1/console/users/${adminId}`, { role: 'viewer' }),
    ).toMatchObject(own)
    expect(await admin.call('DELETE', `/v1/console/users/${adminId}`)).toMatchObject(own)
    // each takes it from the other at the same time: one of them is left
    const answers = await Promise.all([
      admin.call('PATCH', `/v1/console/users/${grace.id}`, { role: 'viewer' }),
      second.call('PATCH', `/v1/console/users/${adminId}`, { disabled: true }),
    ])
    const left = (await stage.access.users.list()).filter((u) => u.role === 'admin' && !u.disabled)
    expect(left).toHaveLength(1)
    expect(answers.map(({ status }) => status)).toContain(204)
    const [{ id } = { id: '' }] = left
    for (const act of [
      () => stage.access.administration.setRole('cli:test', id, 'analyst'),
      () => stage.access.administration.setDisabled('cli:test', id, true),
      () => stage.access.administration.remove('cli:test', id),
    ])
      expect(await act()).toMatchObject({ ok: false, error: { code: 'last_admin' } })
  })

  test('who is deleted is out at once, with everything that would let them in', async () => {
    const token = tokenIn((await invite('Grace')).body.url)
    const grace = stage.client()
    const authenticator = createAuthenticator(stage.url)
    const { recoveryCodes } = (await redeem(grace, token, authenticator)).body
    const { id } = (await stage.access.users.named('Grace')) ?? { id: '' }
    const link = tokenIn((await admin.post(`/v1/console/users/${id}/link`)).body.url)
    expect((await admin.call('DELETE', `/v1/console/users/${id}`)).status).toBe(204)
    const client = stage.client()
    expect((await grace.get('/v1/console/me')).status).toBe(401)
    expect((await signIn(client, authenticator)).status).toBe(401)
    expect(
      (await client.post('/v1/console/sign-in/recovery', { code: recoveryCodes[0] })).status,
    ).toBe(401)
    expect((await client.post('/v1/console/link', { token: link })).status).toBe(410)
    expect(await stage.ledger.documents({ kind: 'recovery-code', parent: id, limit: 20 })).toEqual(
      [],
    )
  })

  test('who is locked out gets in by a link, with a new passkey', async () => {
    const token = tokenIn((await invite('Grace', 'analyst')).body.url)
    await redeem(stage.client(), token, createAuthenticator(stage.url))
    const { id } = (await stage.access.users.named('Grace')) ?? { id: '' }
    const made = await admin.post(`/v1/console/users/${id}/link`)
    const fresh = createAuthenticator(stage.url)
    const client = stage.client()
    const answer = await redeem(client, tokenIn(made.body.url), fresh, 'Mallory')
    expect(answer.body).toMatchObject({ user: { id, name: 'Grace' }, recoveryCodes: null })
    expect((await client.get('/v1/console/me')).body.passkeys).toHaveLength(2)
    expect((await signIn(stage.client(), fresh)).status).toBe(200)
  })

  test('all of it is in the audit log, page by page, and no secret is', async () => {
    const url = (await invite('Grace', 'analyst')).body.url
    const grace = stage.client()
    const { recoveryCodes } = (await redeem(grace, tokenIn(url), createAuthenticator(stage.url)))
      .body
    const { id } = (await stage.access.users.named('Grace')) ?? { id: '' }
    await admin.call('PATCH', `/v1/console/users/${id}`, { role: 'viewer' })
    await admin.call('PATCH', `/v1/console/users/${id}`, { disabled: true })
    const seen: { action: string; actorName: string | null; targetName: string | null }[] = []
    let before = ''
    for (let page = 0; page < 20; page++) {
      const { rows, next } = (await admin.get(`/v1/console/audit?limit=2${before}`)).body
      seen.push(...rows)
      if (next === null) break
      before = `&before=${next}`
    }
    expect(seen.map(({ action }) => action)).toEqual([
      'user.disable',
      'user.role',
      'sign-in',
      'user.create',
      'user.invite',
      'sign-in',
      'user.create',
    ])
    expect(seen[1]).toMatchObject({ actorName: 'Ada', targetName: 'Grace' })
    const text = JSON.stringify(seen)
    for (const secret of [tokenIn(url), ...recoveryCodes, grace.cookies.get('tollgate_session')])
      expect(text).not.toContain(secret ?? 'none')
    const mine = (await admin.get(`/v1/console/audit?actor=user:${id}`)).body.rows
    expect(mine.map(({ action }: { action: string }) => action)).toEqual(['sign-in', 'user.create'])
  })
})

describe('what strangers write', () => {
  const MARKUP = '<img src=x onerror=alert(1)>"\'&\u202E'

  test('stays text wherever it comes back', async () => {
    const made = await invite(MARKUP)
    expect(made.status).toBe(201)
    const grace = stage.client()
    const options = await grace.post('/v1/console/link/options', {
      token: tokenIn(made.body.url),
      name: '',
    })
    await grace.post(
      '/v1/console/link/redeem',
      {
        token: tokenIn(made.body.url),
        name: '',
        passkeyName: MARKUP,
        response: createAuthenticator(stage.url).create(options.body),
      },
      { 'user-agent': '<script>alert(1)</script>' },
    )
    for (const path of ['/v1/console/users', '/v1/console/audit']) {
      const answer = await admin.get(path)
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      // marks that turn the text around are gone
      expect(JSON.stringify(answer.body)).toContain('<img src=x onerror=alert(1)>')
      expect(JSON.stringify(answer.body)).not.toContain('\u202E')
    }
    const me = await grace.get('/v1/console/me')
    expect(me.body.sessions[0].userAgent).toBe('<script>alert(1)</script>')
    expect(me.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('and bodies of any shape are refused, not answered with a fault', async () => {
    const strange = [
      null,
      [],
      'x',
      1,
      {},
      { token: 1 },
      { token: 'A'.repeat(43), name: [] },
      { response: {} },
    ]
    const paths = ['sign-in', 'sign-in/recovery', 'link', 'link/options', 'link/redeem']
    for (const path of paths)
      for (const body of strange) {
        const answer = await stage.client().post(`/v1/console/${path}`, JSON.stringify(body))
        expect([400, 410, 429], `${path} ${JSON.stringify(body)}`).toContain(answer.status)
      }
    const huge = { response: { id: 'A'.repeat(70_000) } }
    expect((await stage.client().post('/v1/console/sign-in', huge)).status).toBe(413)
  })
})

describe('a simulation', () => {
  test('is open to who sits at its machine, and to nobody else', async () => {
    const demo = await openConsole({ simulation: true })
    try {
      const visitor = demo.client()
      expect((await visitor.get('/v1/console/hello')).body).toMatchObject({
        user: { name: 'Visitor', role: 'admin' },
        setup: false,
      })
      expect((await visitor.get('/v1/console/users')).status).toBe(200)
      demo.advance(HOUR)
      const made = await visitor.post('/v1/console/invitations', { name: 'Alan', role: 'viewer' })
      expect(made.status).toBe(201)
      // a name that somebody else's DNS points at this machine
      const headers = { host: 'gate.example' }
      const elsewhere = (target: string) =>
        ask(demo.url, { method: 'GET', target, headers, body: null })
      expect((await elsewhere('/v1/console/users')).status).toBe(401)
      expect(JSON.parse((await elsewhere('/v1/console/hello')).text).user).toBeNull()
      const foreign = { origin: 'http://evil.example' }
      expect((await visitor.get('/v1/console/users', foreign)).status).toBe(403)
    } finally {
      await demo.close()
    }
    // and no real gateway is
    expect((await stage.client().get('/v1/console/hello')).body.user).toBeNull()
  })
})
