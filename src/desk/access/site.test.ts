import { describe, expect, test } from 'vitest'
import { type Asked, ownSite, relyingParty } from './site.js'

const asked = (part: Partial<Asked>): Asked => ({
  origin: undefined,
  host: 'localhost:7700',
  fetchSite: undefined,
  protocol: 'http',
  ...part,
})
const originAt = (part: Partial<Asked>, publicUrl: string | null = null): string | null => {
  const site = ownSite(asked(part), publicUrl)
  return site.ok ? site.value.origin : null
}
const PUBLIC = 'https://gate.example'

describe('our own site', () => {
  test.each<[string, Partial<Asked>, string | null, string]>([
    ['this machine', { origin: 'http://localhost:7700' }, null, 'http://localhost:7700'],
    [
      'the host that was asked',
      { origin: 'http://gate.lan:7700', host: 'gate.lan:7700' },
      null,
      'http://gate.lan:7700',
    ],
    ['behind TLS that ends at a proxy', { origin: PUBLIC, host: 'gate.example' }, null, PUBLIC],
    ['as configured', { origin: PUBLIC, host: 'gate.example' }, PUBLIC, PUBLIC],
    [
      'as configured, behind a proxy that rewrites hosts',
      { origin: PUBLIC, host: '127.0.0.1:7700' },
      PUBLIC,
      PUBLIC,
    ],
    [
      'a tunnel to this machine',
      { origin: 'http://localhost:7700' },
      PUBLIC,
      'http://localhost:7700',
    ],
    ['reading, without an origin', {}, null, 'http://localhost:7700'],
    ['reading, as configured', { host: 'gate.example' }, PUBLIC, PUBLIC],
    ['reading through a tunnel', { fetchSite: 'same-origin' }, PUBLIC, 'http://localhost:7700'],
  ])('is %s', (_what, part, publicUrl, origin) => expect(originAt(part, publicUrl)).toBe(origin))

  test.each<[string, Partial<Asked>, string | null]>([
    ['another site', { origin: 'http://evil.example' }, null],
    ['another port of this machine', { origin: 'http://localhost:7701' }, null],
    ['another name of this machine', { origin: 'http://127.0.0.1:7700' }, null],
    ['a sandboxed frame', { origin: 'null' }, null],
    ['a page on disk', { origin: 'file://' }, null],
    [
      'another host than configured, which DNS points here',
      { origin: 'http://evil.example', host: 'evil.example' },
      PUBLIC,
    ],
    [
      'the configured host without TLS',
      { origin: 'http://gate.example', host: 'gate.example' },
      PUBLIC,
    ],
    ['a host that only begins alike', { origin: 'https://gate.example.evil.example' }, PUBLIC],
  ])('is not %s', (_what, part, publicUrl) => expect(originAt(part, publicUrl)).toBeNull())
})

describe('the relying party', () => {
  const of = (origin: string) => relyingParty({ origin, secure: origin.startsWith('https:') })
  test.each([
    ['https://gate.example', 'gate.example'],
    ['https://gate.example:8443', 'gate.example'],
    ['http://localhost:7700', 'localhost'],
  ])('of %s is %s', (origin, id) => expect(of(origin)).toEqual({ ok: true, value: id }))

  test.each([
    ['http://127.0.0.1:7700', 'http://localhost:7700'],
    ['http://[::1]:7700', 'http://localhost:7700'],
    ['https://192.0.2.7', 'server.publicUrl'],
    ['https://[2001:db8::1]', 'server.publicUrl'],
    ['http://gate.lan', 'TLS'],
  ])('there is none of %s, and it says what to do', (origin, mend) => {
    expect(of(origin)).toMatchObject({
      ok: false,
      error: { code: 'passkey_unavailable', message: expect.stringContaining(mend) },
    })
  })
})
