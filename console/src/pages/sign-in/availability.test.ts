import { expect, test } from 'vitest'
import { noPasskeys, type Place } from './availability'

const place = (part: Partial<Place>): Place => ({
  hostname: 'gate.example',
  port: '',
  secure: true,
  capable: true,
  ...part,
})

test.each<[Partial<Place>, string | null]>([
  [{}, null],
  [{}, 'https://gate.example'],
  [{ hostname: 'localhost', port: '7700' }, null],
  [{ hostname: 'localhost', port: '7700' }, 'https://gate.example'],
])('passkeys work at %o', (part, publicUrl) => {
  expect(noPasskeys(place(part), publicUrl)).toBeNull()
})

test.each<[Partial<Place>, string | null, string]>([
  [{ hostname: '127.0.0.1', port: '7700', secure: true }, null, 'http://localhost:7700'],
  [{ hostname: '[::1]' }, null, 'http://localhost'],
  [{ hostname: '192.0.2.7', secure: false }, null, 'server.publicUrl'],
  [{ hostname: '[2001:db8::1]' }, null, 'server.publicUrl'],
  [{ hostname: 'gate.lan', secure: false }, null, 'TLS'],
  [{ hostname: 'gate.lan' }, 'https://gate.example', 'https://gate.example'],
  [{ capable: false }, null, 'current one'],
])('at %o (public: %s) there are none, and it says what to do', (part, publicUrl, mend) => {
  expect(noPasskeys(place(part), publicUrl)).toContain(mend)
})
