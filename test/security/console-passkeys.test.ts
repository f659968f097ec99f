import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../src/engine/units.js'
import { createAuthenticator } from '../fakes/authenticator.js'
import { firstAdministrator, redeem, signIn } from './console-entering.js'
import { type ConsoleStage, openConsole } from './console-stage.js'

let stage: ConsoleStage
beforeEach(async () => {
  stage = await openConsole()
})
afterEach(() => stage.close())

const hello = async (client = stage.client()) => (await client.get('/v1/console/hello')).body

describe('the first administrator', () => {
  test('is made by a one-time link, and by it alone', async () => {
    expect(await hello()).toMatchObject({ user: null, setup: true })
    const token = await stage.setupToken()
    const client = stage.client()
    const authenticator = createAuthenticator(stage.url)
    const answer = await redeem(client, token, authenticator)
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Ada', role: 'admin' } } })
    expect(new Set(answer.body.recoveryCodes).size).toBe(10)
    expect(await hello(client)).toMatchObject({
      user: { name: 'Ada', role: 'admin' },
      setup: false,
    })

    const again = await redeem(stage.client(), token, createAuthenticator(stage.url), 'Mallory')
    expect(again).toMatchObject({ status: 410, body: { code: 'link_spent' } })
    expect(await stage.access.users.list()).toHaveLength(1)
  })

  test('the link is kept as a hash only, ends after a day and with the next start', async () => {
    const first = await stage.setupToken()
    const rows = await stage.ledger.documents({ kind: 'sign-in-link', limit: 10 })
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(first)
    const second = await stage.setupToken()
    const client = stage.client()
    expect((await client.post('/v1/console/link', { token: first })).status).toBe(410)
    expect(await client.post('/v1/console/link', { token: second })).toMatchObject({
      status: 200,
      body: { purpose: 'setup', role: 'admin' },
    })
    stage.advance(DAY)
    expect((await client.post('/v1/console/link', { token: second })).status).toBe(410)
  })

  test('two who open the link at once make one administrator', async () => {
    const token = await stage.setupToken()
    const answers = await Promise.all(
      ['Ada', 'Mallory'].map((name) =>
        redeem(stage.client(), token, createAuthenticator(stage.url), name),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410])
    expect(await stage.access.users.list()).toHaveLength(1)
  })
})

describe('signing in with a passkey', () => {
  test('works, is recorded, and gives a session of its own', async () => {
    const { client, authenticator } = await firstAdministrator(stage)
    const before = client.cookies.get('tollgate_session')
    await client.post('/v1/console/sign-out')
    expect(await hello(client)).toMatchObject({ user: null })
    expect(await signIn(client, authenticator)).toMatchObject({ status: 200 })
    expect(client.cookies.get('tollgate_session')).not.toBe(before)
    expect(await hello(client)).toMatchObject({ user: { name: 'Ada' } })
    const actions = await stage.ledger.actions(3)
    expect(actions.map(({ action }) => action)).toEqual(['sign-in', 'sign-out', 'sign-in'])
  })

  test.each([
    ['on a page of another site', { origin: 'http://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['answering another challenge', { challenge: 'AAAA' }],
    ['without having verified its user', { unverified: true }],
    ['by another authenticator', { signedBy: 'another' as const }],
    ['used as often as before: a copy', { counter: 1 }],
  ])('an answer made %s is refused', async (_what, faults) => {
    const { authenticator } = await firstAdministrator(stage)
    expect((await signIn(stage.client(), authenticator)).status).toBe(200)
    const client = stage.client()
    const { body: options } = await client.post('/v1/console/sign-in/options')
    const response = authenticator.get(options, faults)
    expect(await client.post('/v1/console/sign-in', { response })).toMatchObject({
      status: 401,
      body: { code: 'passkey_refused' },
    })
    expect(client.cookies.has('tollgate_session')).toBe(false)
    const [failure] = await stage.ledger.actions(1)
    expect(failure).toMatchObject({ action: 'sign-in.failed', detail: { way: 'passkey' } })
  })

  test('an answer works once, in the browser that asked, for five minutes', async () => {
    const { authenticator } = await firstAdministrator(stage)
    const client = stage.client()
    const expired = { status: 410, body: { code: 'attempt_expired' } }
    const { body: options } = await client.post('/v1/console/sign-in/options')
    const response = authenticator.get(options)
    const step = client.cookies.get('tollgate_step') ?? ''
    // overheard: posted from another browser
    expect(await stage.client().post('/v1/console/sign-in', { response })).toMatchObject(expired)
    expect((await client.post('/v1/console/sign-in', { response })).status).toBe(200)
    // and again, by whoever has the cookie of the attempt too
    const replay = stage.client()
    replay.cookies.set('tollgate_step', step)
    expect(await replay.post('/v1/console/sign-in', { response })).toMatchObject(expired)

    const late = stage.client()
    const { body: asked } = await late.post('/v1/console/sign-in/options')
    stage.advance(5 * MINUTE)
    expect(
      await late.post('/v1/console/sign-in', { response: authenticator.get(asked) }),
    ).toMatchObject(expired)
  })

  test('a challenge for signing in registers nothing, and a link’s signs nobody in', async () => {
    const { client, authenticator } = await firstAdministrator(stage)
    await client.post('/v1/console/sign-in/options')
    const { body: options } = await client.post('/v1/console/me/passkeys/options')
    const step = client.cookies.get('tollgate_step') ?? ''
    const other = stage.client()
    other.cookies.set('tollgate_step', step)
    const response = authenticator.get({ ...options, rpId: 'localhost' })
    expect((await other.post('/v1/console/sign-in', { response })).status).toBe(410)
  })

  test('a disabled user is refused', async () => {
    const { authenticator } = await firstAdministrator(stage)
    const spare = await stage.user('admin', 'Grace')
    const [ada] = (await stage.access.users.list()).filter(({ id }) => id !== spare.id)
    await stage.access.administration.setDisabled('test', ada?.id ?? '', true)
    expect(await signIn(stage.client(), authenticator)).toMatchObject({
      status: 401,
      body: { code: 'passkey_refused' },
    })
  })
})

describe('passkeys of a user', () => {
  test('are added, named and removed, but never the last', async () => {
    const { client } = await firstAdministrator(stage)
    const second = createAuthenticator(stage.url)
    const { body: options } = await client.post('/v1/console/me/passkeys/options')
    expect(options.excludeCredentials).toHaveLength(1)
    expect(options.authenticatorSelection).toMatchObject({
      residentKey: 'required',
      userVerification: 'required',
    })
    const response = second.create(options)
    expect(
      (await client.post('/v1/console/me/passkeys', { name: 'Blue key', response })).status,
    ).toBe(204)
    const path = `/v1/console/me/passkeys/${second.id}`
    expect((await client.call('PATCH', path, { name: 'Green key' })).status).toBe(204)
    const { passkeys } = (await client.get('/v1/console/me')).body
    expect(passkeys.map(({ name }: { name: string }) => name)).toEqual(['Passkey 1', 'Green key'])
    expect((await signIn(stage.client(), second)).status).toBe(200)

    expect((await client.call('DELETE', path)).status).toBe(204)
    expect((await signIn(stage.client(), second)).status).toBe(401)
    const [last] = passkeys
    expect(await client.call('DELETE', `/v1/console/me/passkeys/${last.id}`)).toMatchObject({
      status: 409,
      body: { code: 'last_passkey' },
    })
  })

  test('of another user cannot be touched', async () => {
    const { authenticator } = await firstAdministrator(stage)
    const viewer = await stage.signedIn('viewer')
    const path = `/v1/console/me/passkeys/${authenticator.id}`
    expect((await viewer.call('DELETE', path)).status).toBe(404)
    expect((await viewer.call('PATCH', path, { name: 'x' })).status).toBe(404)
  })
})

describe('recovery codes', () => {
  test('sign in once each, and only their hashes are kept', async () => {
    const { recoveryCodes } = await firstAdministrator(stage)
    const rows = JSON.stringify(await stage.ledger.documents({ kind: 'recovery-code', limit: 20 }))
    for (const code of recoveryCodes) {
      expect(code).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/)
      expect(rows).not.toContain(code)
      expect(rows).not.toContain(code.replaceAll('-', ''))
    }
    const client = stage.client()
    // as people type them
    const code = ` ${recoveryCodes[0]?.toUpperCase().replaceAll('-', ' ')}`
    expect((await client.post('/v1/console/sign-in/recovery', { code })).status).toBe(200)
    expect(await hello(client)).toMatchObject({
      user: { name: 'Ada' },
      session: { way: 'recovery' },
    })
    expect((await client.get('/v1/console/me')).body.recoveryCodesLeft).toBe(9)
    expect(await stage.client().post('/v1/console/sign-in/recovery', { code })).toMatchObject({
      status: 401,
      body: { code: 'recovery_refused' },
    })
  })

  test('one code used by two at once lets one in', async () => {
    const { recoveryCodes } = await firstAdministrator(stage)
    const code = recoveryCodes[3]
    const answers = await Promise.all(
      [1, 2, 3].map(() => stage.client().post('/v1/console/sign-in/recovery', { code })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  test('new ones end the old ones', async () => {
    const { client, recoveryCodes } = await firstAdministrator(stage)
    const made = await client.post('/v1/console/me/recovery-codes')
    expect(made.status).toBe(201)
    expect(
      (await stage.client().post('/v1/console/sign-in/recovery', { code: recoveryCodes[0] }))
        .status,
    ).toBe(401)
    const [code] = made.body.recoveryCodes
    expect((await stage.client().post('/v1/console/sign-in/recovery', { code })).status).toBe(200)
  })
})

describe('a passkey cannot be had', () => {
  test.each([
    ['an IP address', 'http://192.0.2.7:7700', 'publicUrl'],
    ['an address of this machine', 'http://127.0.0.1:7700', 'http://localhost:7700'],
    ['a name without https', 'http://gate.example', 'TLS'],
  ])('under %s, and the answer says what to do', async (_what, publicUrl, mend) => {
    const other = await openConsole({ publicUrl })
    try {
      const answer = await other.client(publicUrl).post('/v1/console/sign-in/options')
      expect(answer).toMatchObject({ status: 400, body: { code: 'passkey_unavailable' } })
      expect(answer.body.detail).toContain(mend)
    } finally {
      await other.close()
    }
  })
})
