import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './config.js'
import { signInOptions } from './console-config.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-console-config-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(yaml: string, env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'tollgate.yaml'), yaml)
  return loadConfig({}, { env, cwd: folder, warn: () => undefined }).console
}

describe("the console's sign-in", () => {
  it('has its times by default', () => {
    expect(signInOptions(load('{}'), {})).toEqual({})
  })

  it('takes times and provider from file and environment together, the secret from a file beside it', () => {
    writeFileSync(join(folder, 'secret'), 'hush\n')
    const config = load(
      `console:
  idleTimeout: 10m
  oidc:
    issuer: https://id.example/realm
    clientSecret: { file: secret }
    allowedDomains: [example.com]
    emailVerifiedClaim: xms_edov
    roleClaim: groups
    roles: { fraud-team: analyst, owners: admin }`,
      { TOLLGATE_CONSOLE_SESSION_LIFETIME: '8h', TOLLGATE_CONSOLE_OIDC_CLIENT_ID: 'gate' },
    )
    expect(signInOptions(config, {})).toEqual({
      idleMs: 600_000,
      lifetimeMs: 8 * 3_600_000,
      oidc: {
        issuer: 'https://id.example/realm',
        allowPrivate: false,
        clientId: 'gate',
        clientSecret: 'hush',
        allowedDomains: ['example.com'],
        emailVerifiedClaim: 'xms_edov',
        roleClaim: 'groups',
        roles: { 'fraud-team': 'analyst', owners: 'admin' },
        defaultRole: null,
      },
    })
  })

  it.each([
    [
      'without a client',
      '{ issuer: https://id.example, defaultRole: viewer }',
      'clientId is missing',
    ],
    [
      'over plain http',
      '{ issuer: http://id.example, clientId: a, defaultRole: viewer }',
      'plain http',
    ],
    [
      'in a private network',
      '{ issuer: https://10.0.0.8/realm, clientId: a, defaultRole: viewer }',
      'allowPrivate: true beside console.oidc.issuer',
    ],
    [
      'on this machine',
      '{ issuer: http://localhost:9000, clientId: a, defaultRole: viewer }',
      'allowPrivate: true beside console.oidc.issuer',
    ],
    [
      'of every tenant there is',
      '{ issuer: https://LOGIN.microsoftonline.com:443/common/v2.0, clientId: a, defaultRole: viewer }',
      'name yours',
    ],
    [
      'whose addresses are proved for nothing',
      '{ issuer: https://id.example, clientId: a, defaultRole: viewer, emailVerifiedClaim: xms_edov }',
      'allowedDomains',
    ],
    ['that lets nobody in', '{ issuer: https://id.example, clientId: a }', 'defaultRole'],
    [
      'with roles of no claim',
      '{ issuer: https://id.example, clientId: a, roles: { a: admin } }',
      'roleClaim',
    ],
    [
      'with a role there is not',
      '{ issuer: https://id.example, clientId: a, defaultRole: root }',
      'viewer',
    ],
  ])('refuses a provider %s', (_what, oidc, message) => {
    expect(() => load(`console: { oidc: ${oidc} }`)).toThrow(message)
  })

  it('a provider on this machine may be plain http where private networks are allowed', () => {
    const oidc =
      '{ issuer: http://localhost:9000, allowPrivate: true, clientId: a, defaultRole: viewer }'
    expect(load(`console: { oidc: ${oidc} }`).oidc?.issuer).toBe('http://localhost:9000')
  })
})
