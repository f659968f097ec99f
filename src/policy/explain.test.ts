import { expect, test } from 'vitest'
import { diffPolicies } from './diff.js'
import { explainBuiltIn, explainPolicy } from './explain.js'
import { type LoadedPolicy, loadPolicy } from './load.js'

function load(text: string): LoadedPolicy {
  const loaded = loadPolicy(text)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded
}

const TEXT = `version: 1
mode: enforce
defaults:
  fraudBudget: 100 USD
  code:
    expires: 5m
services:
  signup:
    markets: [NG, GH]
    rateLimits:
      - { per: ip, window: 1h, max: 7, action: deny }
`

test('every value says where it comes from', () => {
  const [signup] = explainPolicy(load(TEXT))
  const of = (path: string) => signup?.settings.find((s) => s.path === path)
  expect(of('mode')).toMatchObject({ value: 'enforce', origin: { from: 'defaults', line: 2 } })
  expect(of('code.expires')).toMatchObject({ value: '5m', origin: { from: 'defaults', line: 6 } })
  expect(of('code.digits')).toMatchObject({ value: '6', origin: { from: 'built-in' } })
  expect(of('markets')).toMatchObject({ value: '[NG, GH]', origin: { from: 'service', line: 9 } })
  expect(of('rateLimits[0]')).toMatchObject({
    value: '{ per: ip, window: 1h, max: 7, action: deny }',
    origin: { from: 'service', line: 10 },
  })
  expect(of('rateLimits[1]')).toBeUndefined()
})

test('openings that scale with the budget are shown as the lines have them', () => {
  const [signup] = explainPolicy(load(TEXT))
  const of = (path: string) => signup?.settings.find((s) => s.path === path)
  expect(of('lines.country.opening')).toMatchObject({ value: '10.00 USD', effective: '20.00 USD' })
  expect(of('lines.operator.openingOutside')?.effective).toBe('1.40 USD')
  expect(of('lines.block.opening')?.effective).toBeNull()
})

test('a built-in value needs nothing explained', () => {
  const { settings } = explainBuiltIn()
  expect(settings.every(({ origin }) => origin.from === 'built-in')).toBe(true)
  expect(settings.filter(({ effective }) => effective !== null).map(({ path }) => path)).toEqual([
    'fraudBudget',
  ])
})

test('what is explained is written as a file takes it', () => {
  const loaded = load(TEXT)
  const [signup] = explainPolicy(loaded)
  const lists = new Map<string, string[]>()
  const lines: string[] = []
  for (const { path, value } of signup?.settings ?? []) {
    const entry = /^(.*)\[\d+\]$/.exec(path)?.[1]
    if (entry === undefined) lines.push(flow(path, value))
    else lists.set(entry, [...(lists.get(entry) ?? []), value])
  }
  for (const [path, values] of lists) lines.push(flow(path, `[${values.join(', ')}]`))
  for (const line of lines) {
    const again = load(`version: 1\nmode: enforce\nservices:\n  signup: ${line}`)
    expect(again.ok).toBe(true)
  }
})

/** `code.digits: 6` as `{ code: { digits: 6 } }`. */
const flow = (path: string, value: string): string =>
  path
    .split('.')
    .reverse()
    .reduce((inner, key) => `{ ${key}: ${inner} }`, value)

test('a difference is one in effect, not in writing', () => {
  const same = load(
    TEXT.replace('expires: 5m', 'expires: 300s').replace('[NG, GH]', '[ "NG", GH ]'),
  )
  expect(diffPolicies(load(TEXT), same)).toEqual([])
  const other = load(`${TEXT.replace('max: 7', 'max: 9')}  login: { markets: [NG] }\n`)
  expect(diffPolicies(load(TEXT), other)).toEqual([
    {
      path: 'services.signup.rateLimits[0]',
      before: '{ per: ip, window: 1h, max: 7, action: deny }',
      after: '{ per: ip, window: 1h, max: 9, action: deny }',
    },
    { path: 'services.login', before: null, after: 'named' },
    { path: 'services.login.mode', before: null, after: 'enforce' },
    { path: 'services.login.markets', before: null, after: '[NG]' },
    { path: 'services.login.fraudBudget', before: null, after: '100.00 USD' },
    { path: 'services.login.code.expires', before: null, after: '5m' },
  ])
  expect(
    diffPolicies(load('version: 1'), load('version: 1\nspendCaps: [{ per: day, max: 5 USD }]')),
  ).toEqual([{ path: 'spendCaps[0]', before: null, after: '{ per: day, max: 5.00 USD }' }])
})
