import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/engine/units.js'
import { createAuthenticator } from '../fakes/authenticator.js'
import { ask } from '../fuzz/ask.js'
import { firstAdministrator, redeem, signIn } from './console-entering.js'
import { type Client, type ConsoleStage, openConsole } from './console-stage.js'

let stage: ConsoleStage
beforeEach(async () => {
  stage = await openConsole()
})
afterEach(() => stage.close())

const status = async (client: Client) => (await client.get('/v1/console/me')).status
const tokenOf = (client: Client) => client.cookies.get('tollgate_session') ?? ''

describe('the cookie of a session', () => {
  test('is for our site only, out of reach of scripts, and holds what the ledger cannot tell', async () => {
    const { authenticator } = await firstAdministrator(stage)
    const client = stage.client()
    const answer = await signIn(client, authenticator)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('tollgate_session'))
    expect(cookie).toMatch(
      /^tollgate_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const kept = JSON.stringify(await stage.ledger.documents({ kind: 'session', limit: 10 }))
    expect(kept).toContain('127.0.0.1')
    expect(kept).not.toContain(tokenOf(client))
  })

  test('under https is bound to the host, and a plain one that somebody planted counts for nothing', async () => {
    const publicUrl = 'https://gate.example'
    const other = await openConsole({ publicUrl })
    try {
      const client = other.client(publicUrl)
      const authenticator = createAuthenticator(publicUrl)
      const answer = await redeem(client, await other.setupToken(), authenticator)
      expect(answer.status).toBe(200)
      const cookie = answer.headers.getSetCookie().find((line) => line.includes('session'))
      expect(cookie).toMatch(/^__Host-tollgate_session=.*; HttpOnly; SameSite=Strict; Secure$/)
      expect(cookie).not.toMatch(/domain=/i)

      const token = client.cookies.get('__Host-tollgate_session')
      const seen = async (cookie: string) => {
        const headers = { host: 'gate.example', 'sec-fetch-site': 'same-origin', cookie }
        const question = { method: 'GET', target: '/v1/console/me', headers, body: null }
        return (await ask(other.url, question)).status
      }
      expect(await seen(`__Host-tollgate_session=${token}`)).toBe(200)
      expect(await seen(`tollgate_session=${token}`)).toBe(401)
    } finally {
      await other.close()
    }
  })

  test('that a browser had before is not the one it is signed in with (fixation)', async () => {
    const { authenticator } = await firstAdministrator(stage)
    const victim = stage.client()
    const attackers = await stage.signedIn('viewer', 'Mallory')
    victim.cookies.set('tollgate_session', tokenOf(attackers))
    await signIn(victim, authenticator)
    expect(tokenOf(victim)).not.toBe(tokenOf(attackers))
    // the session that was there is over: it was in another's hands
    expect(await status(attackers)).toBe(401)
    expect((await victim.get('/v1/console/hello')).body.user.name).toBe('Ada')
  })
})

describe('a session', () => {
  test('ends when nobody uses it, whatever the page reads by itself', async () => {
    const client = await stage.signedIn('admin')
    const untouched = await stage.signedIn('admin', 'Grace')
    for (let minutes = 10; minutes <= 60; minutes += 10) {
      stage.advance(10 * MINUTE)
      expect(await status(client)).toBe(200)
      const idle = { 'x-tollgate-idle': String(minutes * 60) }
      const answer = await untouched.get('/v1/console/me', idle)
      expect(answer.status, `${minutes}`).toBe(minutes < 30 ? 200 : 401)
    }
  })

  test('is not kept alive by the stream of events', async () => {
    const client = await stage.signedIn('admin')
    for (let i = 0; i < 3; i++) {
      stage.advance(10 * MINUTE)
      await client.get('/v1/console/nothing', { accept: 'text/event-stream' })
      await client.get('/v1/console/status', { accept: 'text/event-stream' })
    }
    expect(await status(client)).toBe(401)
  })

  test('writes its use down at most once a minute', async () => {
    const client = await stage.signedIn('admin')
    const versions = async () =>
      (await stage.ledger.documents({ kind: 'session', limit: 1 })).map(({ version }) => version)
    const before = await versions()
    for (let i = 0; i < 10; i++) {
      stage.advance(5_000)
      await status(client)
    }
    expect(await versions()).toEqual(before)
    stage.advance(MINUTE)
    await status(client)
    expect(await versions()).not.toEqual(before)
  })

  test('ends after twelve hours, used or not', async () => {
    const client = await stage.signedIn('admin')
    for (let i = 0; i < 12 * 3 - 1; i++) {
      stage.advance(20 * MINUTE)
      expect(await status(client)).toBe(200)
    }
    stage.advance(20 * MINUTE)
    expect(await client.get('/v1/console/me')).toMatchObject({
      status: 401,
      body: { code: 'session_expired' },
    })
  })

  test('lasts as long as the configuration says', async () => {
    const signIn_ = { idleMs: 5 * MINUTE, lifetimeMs: HOUR }
    const other = await openConsole({ signIn: signIn_ })
    try {
      const client = await other.signedIn('admin')
      other.advance(4 * MINUTE)
      expect(await status(client)).toBe(200)
      other.advance(5 * MINUTE)
      expect(await status(client)).toBe(401)
    } finally {
      await other.close()
    }
  })

  test('follows the role of its user at once', async () => {
    const admin = await stage.signedIn('admin')
    const other = await stage.signedIn('analyst', 'Grace')
    const { id } = await stage.user('analyst', 'Grace')
    const add = () => other.post('/v1/admin/lists', { list: 'deny', entry: 'AS64500' })
    expect((await add()).status).toBe(201)
    const path = `/v1/console/users/${id}`
    expect((await admin.call('PATCH', path, { role: 'viewer' })).status).toBe(204)
    expect(await add()).toMatchObject({ status: 403, body: { code: 'role_required' } })
    expect((await admin.call('PATCH', path, { disabled: true })).status).toBe(204)
    expect(await status(other)).toBe(401)
    expect((await admin.call('PATCH', path, { disabled: false })).status).toBe(204)
    // enabled again, but signed out
    expect(await status(other)).toBe(401)
  })

  test('that is a quarter of an hour old makes no new ways in until its user signs in again', async () => {
    const { client, authenticator } = await firstAdministrator(stage)
    const { id } = await stage.user('viewer', 'Grace')
    const ways: [string, unknown][] = [
      ['/v1/console/me/passkeys/options', undefined],
      ['/v1/console/me/recovery-codes', undefined],
      ['/v1/console/invitations', { name: 'Alan', role: 'viewer' }],
      [`/v1/console/users/${id}/link`, undefined],
      ['/v1/console/keys', { name: 'shop', scopes: ['verify'] }],
      ['/v1/admin/keys', { name: 'shop', scopes: ['verify'] }],
    ]
    stage.advance(15 * MINUTE)
    for (const [path, body] of ways)
      expect(await client.post(path, body), path).toMatchObject({
        status: 403,
        body: { code: 'sign_in_again' },
      })
    expect(await status(client)).toBe(200)
    await signIn(client, authenticator)
    for (const [path, body] of ways)
      expect((await client.post(path, body)).status, path).toBeLessThan(300)
    // a program shows its key with every request
    const authorization = await stage.keyWith('admin')
    const program = stage.client()
    const made = await program.post(
      '/v1/admin/keys',
      { name: 'b', scopes: ['verify'] },
      { authorization },
    )
    expect(made.status).toBe(201)
  })

  test('is listed, and ended by its user or by an administrator', async () => {
    const here = await stage.signedIn('viewer', 'Grace')
    const there = await stage.signedIn('viewer', 'Grace')
    const admin = await stage.signedIn('admin')
    const { sessions } = (await here.get('/v1/console/me')).body
    expect(sessions).toHaveLength(2)
    const other = sessions.find(({ current }: { current: boolean }) => !current)
    // somebody else's is not one's own to end
    const stranger = await stage.signedIn('viewer', 'Mallory')
    expect((await stranger.call('DELETE', `/v1/console/me/sessions/${other.id}`)).status).toBe(404)
    expect((await here.call('DELETE', `/v1/console/me/sessions/${other.id}`)).status).toBe(204)
    expect([await status(here), await status(there)]).toEqual([200, 401])

    const third = await stage.signedIn('viewer', 'Grace')
    expect((await here.call('DELETE', '/v1/console/me/sessions?but=this')).status).toBe(204)
    expect([await status(here), await status(third)]).toEqual([200, 401])
    const { id } = await stage.user('viewer', 'Grace')
    expect((await admin.call('DELETE', `/v1/console/users/${id}/sessions`)).status).toBe(204)
    expect(await status(here)).toBe(401)
  })

  test('there are at most twenty of a user', async () => {
    const first = await stage.signedIn('viewer')
    for (let i = 0; i < 20; i++) {
      stage.advance(1)
      await stage.signedIn('viewer')
    }
    expect(await status(first)).toBe(401)
    expect(await stage.ledger.documents({ kind: 'session', limit: 100 })).toHaveLength(20)
  })
})

describe('attempts', () => {
  test('to guess are bounded by source, and what they leave in the audit log too', async () => {
    await firstAdministrator(stage)
    const statuses: number[] = []
    for (let i = 0; i < 40; i++) {
      const code = `0000-0000-0000-${String(i).padStart(4, '0')}`
      const client = stage.client()
      const answer = await client.post('/v1/console/sign-in/recovery', { code })
      statuses.push(answer.status)
      if (answer.status === 429)
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(statuses.filter((one) => one === 401)).toHaveLength(10)
    expect(statuses.filter((one) => one === 429)).toHaveLength(30)
    for (let minute = 0; minute < 10; minute++) {
      stage.advance(MINUTE)
      for (let i = 0; i < 10; i++)
        await stage.client().post('/v1/console/link', { token: 'A'.repeat(43) })
    }
    const failures = await stage.ledger.actions(1_000, { action: 'sign-in.failed' })
    expect(failures.length).toBe(60)
    stage.advance(HOUR)
    await stage.client().post('/v1/console/link', { token: 'A'.repeat(43) })
    const [last] = await stage.ledger.actions(1, { action: 'sign-in.failed' })
    expect(last?.detail).toMatchObject({ unwritten: 50 })
  })

  test('that succeed are not counted against who makes them', async () => {
    const { authenticator } = await firstAdministrator(stage)
    for (let i = 0; i < 15; i++)
      expect((await signIn(stage.client(), authenticator)).status).toBe(200)
  })
})
