import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readCheckedYaml } from '../../src/cli/checked-yaml.js'
import { DeploymentFile } from '../../src/cli/config-schema.js'
import { parsePrices } from '../../src/phone/prices.js'
import { loadPolicy } from '../../src/policy/load.js'
import { sendConfigProblems } from '../../src/send/config.js'
import { GUIDES, PAGES, type Sample, samplesOf } from './pages.js'

const samples = PAGES.flatMap(samplesOf)
const of = (language: string): [string, Sample][] =>
  samples
    .filter((sample) => sample.language === language)
    .map((sample) => [`${sample.page}:${sample.line}`, sample])

/** What a policy file can say beside `version`, and no deployment file can. */
const OF_POLICY = ['version', 'services', 'defaults', 'rateLimits', 'distinct', 'spendCaps']
const isPolicy = (value: object) => Object.keys(value).some((key) => OF_POLICY.includes(key))

/** A policy as the sample means it: a part of one stands under `defaults`. */
const wholePolicy = (value: object, text: string): string =>
  'version' in value ? text : `version: 1\ndefaults:\n${text.replace(/^(?=.)/gm, '  ')}`

function problemsOf(text: string, place: string): string[] {
  const value = parse(text) as object
  if (isPolicy(value)) {
    const loaded = loadPolicy(wholePolicy(value, text))
    return loaded.ok ? [] : loaded.errors.map(({ path, message }) => `${path} ${message}`)
  }
  const read = readCheckedYaml(text, place, DeploymentFile)
  if (!read.ok) return read.problems.map(({ path, message }) => `${path} ${message}`)
  const { send } = read.value as DeploymentFile
  return send === undefined ? [] : sendConfigProblems(send)
}

describe('a YAML sample is a policy or a deployment file that loads', () => {
  test.each(of('yaml'))('%s', (place, { text }) => {
    expect(problemsOf(text, place)).toEqual([])
  })

  test('a key that is misspelt would be found, in both', () => {
    expect(problemsOf('server: { prot: 80 }', 'x')).toHaveLength(1)
    expect(
      problemsOf('rateLimits: [{ per: numbr, window: 1h, max: 3, action: deny }]', 'x'),
    ).toHaveLength(1)
    expect(problemsOf('send: [{ name: a, type: htp }]', 'x')).toHaveLength(1)
  })
})

test.each(of('csv'))('the price file at %s can be read', (_, { text }) => {
  expect(parsePrices(text).countries).toBeGreaterThan(0)
})

test.each(of('json'))('the JSON sample at %s is JSON', (_, { text }) => {
  expect(() => JSON.parse(text) as unknown).not.toThrow()
})

test('every sample of a guide that could be checked says what it is in', () => {
  const unnamed = GUIDES.flatMap(samplesOf).filter(
    ({ language, text }) =>
      language === '' && (/^(import |const )/m.test(text) || /^[a-z]\w*: [^\s]/.test(text)),
  )
  expect(unnamed.map(({ page, line }) => `${page}:${line}`)).toEqual([])
})
