import { expect, test } from 'vitest'
import { usd, utc } from '../../kit/figures'
import { browserName } from '../settings-users/browser-name'
import { detailWords } from './detail-words'

test('what is kept with an action reads as a line, without what the line says already', () => {
  expect(detailWords(null)).toBe('')
  expect(
    detailWords(
      { name: 'Ada', scopes: ['verify', 'decide'], perHour: 3, none: null, at: { a: 1 } },
      ['Ada', null],
    ),
  ).toBe('scopes: verify decide, per hour: 3, at: {"a":1}')
  expect(detailWords({ name: 'shop' }, ['Ada'])).toBe('name: shop')
})

test('what the detector notes reads as a line too: ranges by their key, money and times as such', () => {
  const ranges = [
    { level: 'block', key: '+234713220', evidence: 4.14 },
    { level: 'block', key: '+234713141', evidence: 4.09 },
  ]
  const at = Date.UTC(2026, 10, 21, 12, 3)
  expect(detailWords({ ranges, openedAt: at, lostMicroUsd: 3_520_000, share: 0.441011 })).toBe(
    `ranges: +234713220 +234713141, opened at: ${utc(at)}, lost: ${usd(3_520_000)}, share: 0.441`,
  )
})

test.each([
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
    'Chrome on Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['curl/8.0', 'curl/8.0'],
  [null, 'Not named'],
])('a browser by its name: %s', (userAgent, name) => expect(browserName(userAgent)).toBe(name))
