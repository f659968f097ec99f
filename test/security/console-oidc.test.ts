import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/engine/units.js'
import { type IdentityProvider, startIdentityProvider } from '../fakes/identity-provider.js'
import { type Client, type ConsoleStage, openConsole } from './console-stage.js'

/** The address people use; the browser of the test speaks to the gateway behind it. */
const PUBLIC = 'https://gate.example'
const people = {
  ada: { email: 'Ada@Example.com', groups: ['staff', 'fraud-team'] },
  grace: { email: 'grace@example.com', groups: ['staff', 'owners', 'fraud-team'] },
  guest: { email: 'guest@elsewhere.example', groups: ['owners'] },
  unproven: { email: 'boss@example.com', emailVerified: false, groups: ['owners'] },
  nobody: { email: 'nobody@example.com', groups: ['staff'] },
}

let provider: IdentityProvider
let stage: ConsoleStage
beforeEach(async () => {
  provider = await startIdentityProvider(people, `${PUBLIC}/v1/console/oidc/callback`)
  stage = await openConsole({
    publicUrl: PUBLIC,
    signIn: {
      oidc: {
        issuer: provider.issuer,
        allowPrivate: true,
        clientId: 'tollgate',
        clientSecret: provider.clientSecret,
        allowedDomains: ['example.com'],
        emailVerifiedClaim: null,
        roleClaim: 'groups',
        roles: { 'fraud-team': 'analyst', owners: 'admin' },
        defaultRole: null,
      },
    },
  })
})
afterEach(async () => {
  await stage.close()
  await provider.close()
})

const pathOf = (url: string): string => url.slice(PUBLIC.length)
const begin = (client: Client, next = '') =>
  client.get(`/v1/console/oidc/start${next === '' ? '' : `?next=${encodeURIComponent(next)}`}`)

/** The whole way: to the provider, through it, and back. */
async function enter(client: Client, who: string, next = '') {
  provider.next(who)
  const started = await begin(client, next)
  expect(started.status).toBe(303)
  const back = await provider.follow(started.headers.get('location') ?? '')
  return { back, answer: await client.get(pathOf(back)) }
}

describe("signing in at the organisation's provider", () => {
  test('makes a user with the role of the groups, and leads on by a page of ours', async () => {
    const client = stage.client(PUBLIC)
    const { answer } = await enter(client, 'ada', '/incidents?state=open')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.body).toContain('content="0; url=/incidents?state=open"')
    const session = answer.headers.getSetCookie().find((line) => line.includes('session'))
    expect(session).toMatch(/SameSite=Strict; Secure$/)
    expect((await client.get('/v1/console/hello')).body).toMatchObject({
      user: { name: 'ada@example.com', role: 'analyst' },
      oidc: new URL(provider.issuer).host,
    })
    // again: the same user
    await enter(stage.client(PUBLIC), 'ada')
    expect(await stage.access.users.list()).toHaveLength(1)
  })

  test('follows what the provider says of roles, downwards too', async () => {
    await enter(stage.client(PUBLIC), 'grace')
    expect(await stage.access.users.named('grace@example.com')).toMatchObject({ role: 'admin' })
    const { groups } = people.grace
    try {
      people.grace.groups = ['fraud-team']
      await enter(stage.client(PUBLIC), 'grace')
    } finally {
      people.grace.groups = groups
    }
    expect(await stage.access.users.named('grace@example.com')).toMatchObject({ role: 'analyst' })
    const [, change] = await stage.ledger.actions(2)
    expect(change).toMatchObject({ action: 'user.role', detail: { from: 'admin', to: 'analyst' } })
  })

  test.each([
    ['of another domain', 'guest', 'oidc_refused'],
    ['whose address nobody proved', 'unproven', 'oidc_refused'],
    ['without a role', 'nobody', 'oidc_refused'],
    ['whom the provider refuses', '', 'oidc_refused'],
  ])('refuses somebody %s', async (_what, who, problem) => {
    const client = stage.client(PUBLIC)
    const { answer } = await enter(client, who)
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe(`/sign-in?problem=${problem}`)
    expect(client.cookies.has('__Host-tollgate_session')).toBe(false)
    expect(await stage.access.users.list()).toEqual([])
    const [failure] = await stage.ledger.actions(1)
    expect(failure).toMatchObject({ action: 'sign-in.failed', detail: { way: 'oidc' } })
  })

  test('refuses an ID token that the provider did not sign', async () => {
    provider.forge()
    const client = stage.client(PUBLIC)
    const { answer } = await enter(client, 'ada')
    expect(answer.headers.get('location')).toBe('/sign-in?problem=oidc_failed')
    expect(client.cookies.has('__Host-tollgate_session')).toBe(false)
    expect(await stage.access.users.list()).toEqual([])
  })

  test('works once, in the browser that began it, for ten minutes, with its own state', async () => {
    const client = stage.client(PUBLIC)
    const { back } = await enter(client, 'ada')
    const location = (answer: { headers: Headers }) => answer.headers.get('location')
    // the code is used up and the attempt's cookie gone
    expect(location(await client.get(pathOf(back)))).toBe('/sign-in?problem=attempt_expired')

    // somebody else's answer in this browser (login CSRF)
    provider.next('grace')
    const mallory = stage.client(PUBLIC)
    const theirs = await provider.follow((await begin(mallory)).headers.get('location') ?? '')
    const victim = stage.client(PUBLIC)
    await begin(victim)
    expect(location(await victim.get(pathOf(theirs)))).toMatch(/problem=oidc_failed/)
    expect(victim.cookies.has('__Host-tollgate_session')).toBe(false)

    const late = stage.client(PUBLIC)
    const lateBack = await provider.follow((await begin(late)).headers.get('location') ?? '')
    stage.advance(HOUR)
    expect(location(await late.get(pathOf(lateBack)))).toBe('/sign-in?problem=attempt_expired')
  })

  test('leads to no other site afterwards', async () => {
    for (const next of [
      '//evil.example',
      'https://evil.example/',
      '/\\evil.example',
      '/v1/console/users',
    ]) {
      const { answer } = await enter(stage.client(PUBLIC), 'ada', next)
      expect(answer.body).toContain('url=/"')
      expect(answer.body).not.toContain('evil')
    }
  })

  test('sends PKCE, state and nonce, and a cookie that comes back from another site', async () => {
    const started = await begin(stage.client(PUBLIC))
    const { searchParams } = new URL(started.headers.get('location') ?? '')
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${PUBLIC}/v1/console/oidc/callback`,
    })
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)?.length).toBeGreaterThan(30)
    const [cookie = ''] = started.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-tollgate_oidc=.*HttpOnly; SameSite=Lax; Secure$/)
    expect(cookie).not.toContain(searchParams.get('state') ?? '')
  })

  test('leaves passkeys, recovery codes and links to those who sign in here', async () => {
    const client = stage.client(PUBLIC)
    await enter(client, 'grace')
    const elsewhere = { status: 409, body: { code: 'sign_in_elsewhere' } }
    expect(await client.post('/v1/console/me/passkeys/options')).toMatchObject(elsewhere)
    expect(await client.post('/v1/console/me/recovery-codes')).toMatchObject(elsewhere)
    const [user] = await stage.access.users.list()
    expect(await client.post(`/v1/console/users/${user?.id}/link`)).toMatchObject(elsewhere)
  })

  test('a provider that does not answer is told on the sign-in page', async () => {
    await provider.close()
    const started = await begin(stage.client(PUBLIC))
    expect(started.headers.get('location')).toBe('/sign-in?problem=oidc_failed')
  })
})
