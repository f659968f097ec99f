import { expect, test } from 'vitest'
import { type OidcOptions, visitorOf } from './oidc.js'

const options = (part: Partial<OidcOptions> = {}): OidcOptions => ({
  issuer: 'https://id.example',
  clientId: 'tollgate',
  clientSecret: null,
  allowedDomains: null,
  emailVerifiedClaim: null,
  roleClaim: null,
  roles: {},
  defaultRole: 'viewer',
  ...part,
})
const roleOf = (claims: Record<string, unknown>, part: Partial<OidcOptions>) => {
  const visitor = visitorOf({ sub: 's', ...claims }, options(part), '/')
  return visitor.ok ? visitor.value.firstRole : visitor.error.code
}
const roles = { ops: 'admin', fraud: 'analyst', everybody: 'viewer' } as const

test.each<[string, Record<string, unknown>, string, string]>([
  ['the highest of several groups', { groups: ['everybody', 'ops', 'fraud'] }, 'groups', 'admin'],
  ['a single one as text', { role: 'fraud' }, 'role', 'analyst'],
  ['one inside an object', { realm_access: { roles: ['fraud'] } }, 'realm_access.roles', 'analyst'],
  [
    'one whose claim has dots in its name',
    { 'https://a.b/roles': ['ops'] },
    'https://a.b/roles',
    'admin',
  ],
  [
    'none that is known',
    { groups: ['constructor', 'toString', '__proto__'] },
    'groups',
    'oidc_refused',
  ],
  ['no such claim', {}, 'groups', 'oidc_refused'],
  ['nothing to read', { groups: { ops: true } }, 'groups', 'oidc_refused'],
])('the role of %s', (_what, claims, roleClaim, role) => {
  expect(roleOf(claims, { roleClaim, roles, defaultRole: null })).toBe(role)
})

test('without a claim everybody begins with the default, and the console decides from then on', () => {
  const visitor = visitorOf({ sub: 's', name: 'Ada' }, options(), '/money')
  expect(visitor).toMatchObject({
    ok: true,
    value: { role: null, firstRole: 'viewer', name: 'Ada', next: '/money' },
  })
})

test('domains are compared whole, and only of addresses that the provider has proved', () => {
  const allowedDomains = ['Example.com']
  const as = (email: unknown, verified: unknown = true) =>
    roleOf({ email, email_verified: verified }, { allowedDomains })
  expect(as('ada@EXAMPLE.com')).toBe('viewer')
  for (const email of [
    'ada@evil-example.com',
    'ada@example.com.evil',
    '"@example.com"@evil',
    7,
    undefined,
  ])
    expect(as(email), String(email)).toBe('oidc_refused')
  for (const verified of ['true', 1, null, false])
    expect(as('ada@example.com', verified)).toBe('oidc_refused')
})

test('a claim that is named proves the address in place of email_verified, as Entra ID writes it', () => {
  const as = (claims: Record<string, unknown>) =>
    roleOf(
      { email: 'ada@example.com', ...claims },
      { allowedDomains: ['example.com'], emailVerifiedClaim: 'xms_edov' },
    )
  for (const yes of [true, 1, '1', 'true'])
    expect(as({ xms_edov: yes }), String(yes)).toBe('viewer')
  for (const no of [false, 0, '0', 'false', null, 'ada@example.com', ['1']])
    expect(as({ xms_edov: no }), String(no)).toBe('oidc_refused')
  expect(as({ email_verified: true })).toBe('oidc_refused')
})
