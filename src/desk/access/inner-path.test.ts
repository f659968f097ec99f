import fc from 'fast-check'
import { expect, test } from 'vitest'
import { innerPath } from './inner-path.js'

test.each([
  '/',
  '/incidents/inc_1?tab=sources#money',
  '/decisions?number=%2B234803',
  '/settings/users',
])('a page of ours is where to go: %s', (path) => expect(innerPath(path)).toBe(path))

test.each([
  ['another host', '//evil.example'],
  ['another host, as browsers read it', '/\\evil.example'],
  ['another host behind dots', '/..//evil.example'],
  ['another host behind one dot', '/.//evil.example'],
  ['a tab that browsers drop', '/\t/evil.example'],
  ['a line end', '/\nevil'],
  ['an address', 'https://evil.example/'],
  ['a script', 'javascript:alert(1)'],
  ['no path', 'evil.example'],
  ['an answer of the API', '/v1/console/incidents/x/evidence.csv'],
  ['the sign-in page itself', '/sign-in?to=/'],
  ['something long', `/${'a'.repeat(600)}`],
  ['nothing', ''],
])('%s is not', (_what, path) => expect(innerPath(path)).toBe('/'))

test('whatever it is given, a browser stays on the site', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '@',
    ':',
    'evil.example',
    '%2f',
    '?',
    '#',
    '\t',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((p) => p.join('')),
      ),
      (given) => {
        const base = 'https://gate.example'
        expect(new URL(innerPath(given), base).origin).toBe(base)
        expect(innerPath(given)).toMatch(/^\/(?!\/)/)
      },
    ),
    { seed: 7, numRuns: 2_000 },
  )
})
