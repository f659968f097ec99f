import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../engine/compile.js'
import { DEFAULT_POLICY, DEFAULT_SERVICE } from '../engine/defaults.js'
import { DAY, HOUR, MINUTE, USD } from '../engine/units.js'
import { defaultFile, toEngine } from './convert.js'
import { type LoadedPolicy, loadPolicy, MAX_BYTES } from './load.js'
import { formatErrors, MAX_ERRORS } from './problem.js'

function load(text: string): LoadedPolicy {
  const loaded = loadPolicy(text)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded
}

const messages = (text: string): string[] => {
  const loaded = loadPolicy(text)
  return loaded.ok ? [] : loaded.errors.map(({ message }) => message)
}

describe('what a file that says nothing means', () => {
  test('is the built-in service, exactly', () => {
    expect(toEngine(defaultFile(), 'default')).toEqual(DEFAULT_SERVICE)
  })

  test('is the policy that runs with no file', () => {
    expect(load('version: 1').policy).toEqual(DEFAULT_POLICY)
  })
})

describe('inheritance', () => {
  const text = `
version: 1
mode: enforce
defaults:
  fraudBudget: 20 USD
  code: { digits: 8, expires: 5m }
  countries: { NG: challenge }
  lists: { deny: [AS64500] }
services:
  signup:
    code: { digits: 5 }
    countries: { GH: hold }
    rateLimits:
      - { per: ip, window: 1h30m, max: 7, action: deny }
  login:
    mode: monitor
`
  const { policy } = load(text)
  const signup = policy.services.signup

  test('goes block by block, key by key', () => {
    expect(signup?.code).toEqual({ ...DEFAULT_SERVICE.code, digits: 5, ttlMs: 5 * MINUTE })
    expect(signup?.countries).toEqual({ NG: 'challenge', GH: 'hold' })
    expect(signup?.lists.deny).toEqual(['AS64500'])
    expect(signup?.fraudBudgetMicroUsd).toBe(20 * USD)
    expect(policy.services.login?.code.digits).toBe(8)
  })

  test('replaces lists', () => {
    expect(signup?.rateLimits).toEqual([
      { subject: 'ip', windowMs: 1.5 * HOUR, limit: 7, action: 'deny' },
    ])
    expect(policy.services.login?.rateLimits).toEqual(DEFAULT_SERVICE.rateLimits)
  })

  test('takes the mode of the file where a service has none', () => {
    expect(signup?.mode).toBe('enforce')
    expect(policy.services.login?.mode).toBe('monitor')
  })
})

describe('services that the file does not name', () => {
  test('are refused once services are named', () => {
    const { policy } = load('version: 1\nservices: { signup: {} }')
    expect(policy.fallback).toBeNull()
    expect(compilePolicy(policy, 1).service('signip')).toBeNull()
  })

  test('have the defaults where none is, or where the file says so', () => {
    const open = load('version: 1\ndefaults: { markets: [NG] }').policy
    expect(open.fallback?.markets).toEqual(['NG'])
    const both = load('version: 1\notherServices: default\nservices: { signup: {} }').policy
    expect(both.fallback).toEqual(DEFAULT_SERVICE)
    expect(load('version: 1\notherServices: deny').policy.fallback).toBeNull()
  })
})

describe('values', () => {
  test('NO is Norway and not false', () => {
    const { policy } = load(
      'version: 1\nservices:\n  s:\n    markets: [NO, SE]\n    countries: { NO: hold }',
    )
    expect(policy.services.s?.markets).toEqual(['NO', 'SE'])
    expect(policy.services.s?.countries).toEqual({ NO: 'hold' })
  })

  test('caps, lines and limits reach the engine in its units', () => {
    const { policy } = load(`
version: 1
spendCaps: [{ per: month, max: 1000 USD }]
services:
  s:
    markets: [NG]
    spendCaps:
      - { per: day, max: 100.50 USD }
      - { per: hour, max: 5 USD, country: "*" }
    lines:
      block: { opening: 0.0075 USD, memory: 3d }
      ip: { opening: 9, openingHosting: 1 }
      number: { opening: 4, narrow: false }
    rateLimits:
      - { per: number, window: 10m, max: 3, outsideMax: 1, action: hold }
`)
    const s = policy.services.s
    expect(policy.spendCaps).toEqual([
      { scope: 'global', period: 'month', limitMicroUsd: 1000 * USD },
    ])
    expect(s?.spendCaps).toEqual([
      { scope: 'service', period: 'day', limitMicroUsd: 100.5 * USD },
      { scope: 'country', country: '*', period: 'hour', limitMicroUsd: 5 * USD },
    ])
    expect(s?.lines.block).toEqual({
      ...DEFAULT_SERVICE.lines.block,
      opening: 7_500,
      slowHalfLifeMs: 3 * DAY,
    })
    expect(s?.lines.ip).toMatchObject({ opening: 9, openingOutside: 1 })
    expect(s?.lines.number).toMatchObject({ opening: 4, openingOutside: 4, narrow: false })
    expect(s?.rateLimits).toEqual([
      { subject: 'number', windowMs: 10 * MINUTE, limit: 3, limitOutside: 1, action: 'hold' },
    ])
  })

  test('line ends of Windows and a byte order mark change nothing', () => {
    const { policy } = load('\uFEFFversion: 1\r\nservices:\r\n  s:\r\n    markets: [NG]\r\n')
    expect(policy.services.s?.markets).toEqual(['NG'])
  })

  test('a service may be called like a built-in property', () => {
    const { policy } = load('version: 1\nservices: { constructor: {}, toString: {} }')
    expect(Object.keys(policy.services)).toEqual(['constructor', 'toString'])
  })
})

describe('hostile files', () => {
  test('a bomb of aliases is refused at its first alias', () => {
    const levels = Array.from({ length: 20 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x]'
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    )
    const text = `version: 1\n${levels.join('\n')}\ndefaults: *a19`
    expect(messages(text).at(-1)).toMatch(/aliases and anchors are not taken/)
  })

  test('nesting without end is told in one sentence', () => {
    expect(messages('['.repeat(50_000))).toEqual(['nested too deeply to be read'])
    expect(messages(`version: 1\ndefaults: ${'{a: '.repeat(15_000)}`)).toEqual([
      'nested too deeply to be read',
    ])
  })

  test('in UTF-16 is told so', () => {
    const bytes = Buffer.from('\ufeffversion: 1\n', 'utf16le')
    expect(messages(bytes.toString('utf8'))).toEqual(['the file is no text in UTF-8'])
  })

  test('over 1 MB is not read', () => {
    expect(messages(`version: 1\n${'#'.repeat(MAX_BYTES)}`)).toEqual(['the file is over 1 MB'])
  })

  test.each(['{}', ': ', '!a ', '- x\n', '#\n'])('100,000 of %j are not read', (part) => {
    expect(messages(`version: 1\n${part.repeat(100_000)}`)).toEqual([
      'the file has over 100,000 words and marks',
    ])
  })

  test(`at most ${MAX_ERRORS} mistakes are told`, () => {
    const text = `version: 1\n${Array.from({ length: 500 }, (_, i) => `k${i}x: 1`).join('\n')}`
    expect(messages(text)).toHaveLength(MAX_ERRORS)
  })

  test.each(['', '# nothing', '{}', 'null', '~'])('nothing in it: %j', (text) => {
    expect(messages(text)).toHaveLength(1)
  })
})

describe('worked policies in examples/', () => {
  const folder = new URL('../../examples/policies/', import.meta.url)
  test.each(readdirSync(folder))('%s is valid and can be run', (name) => {
    const { policy } = load(readFileSync(new URL(name, folder), 'utf8'))
    const compiled = compilePolicy(policy, 1)
    for (const service of Object.keys(policy.services))
      expect(compiled.service(service)?.policy.name).toBe(service)
  })
})
