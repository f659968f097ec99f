import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENVIRONMENT, NAMES } from '../../src/cli/config-env.js'
import { configurationPage } from '../../src/cli/configuration-page.js'
import { EXIT } from '../../src/cli/fault.js'
import { ALERT_RULES } from '../../src/desk/alert/rules.js'
import { REASON_CODES } from '../../src/engine/reasons.js'
import { SIGNALS } from '../../src/engine/signals/catalogue.js'
import { ERROR_CODES } from '../../src/http/errors.js'
import { createMetrics } from '../../src/http/metrics.js'
import { SERVICE_SHAPE } from '../../src/policy/written.js'
import { consoleProvider } from '../../src/send/console.js'
import { createSender } from '../../src/send/sender.js'
import { createConditions } from '../../src/verify/conditions.js'
import { type Harness, startHarness } from '../e2e/harness.js'
import { tollgate } from '../fakes/terminal.js'
import { GUIDES, PAGES, ROOT } from './pages.js'

/** Everything that matches in the guides, once, with the pages it is on. */
function found(pattern: RegExp, pages = GUIDES): [string, string][] {
  const places = new Map<string, Set<string>>()
  for (const { path, text } of pages)
    for (const [, name = ''] of text.matchAll(pattern))
      places.set(name, (places.get(name) ?? new Set()).add(path))
  return [...places].map(([name, on]) => [name, [...on].join(', ')])
}
const guide = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

describe('names of the environment', () => {
  /** Of applications in the samples, and of the test suites. */
  const OTHERS =
    /^TOLLGATE_(KEY|KEY_ID|KEY_SECRET|URL|WEBHOOK_SECRET|CHAOS_\w+|REQUIRE_\w+|CHROMIUM)$/

  test.each(found(/\b(TOLLGATE_[A-Z]\w*[A-Z])\b/g, PAGES))('%s (%s) is one', (name) => {
    if (!OTHERS.test(name)) expect(NAMES).toContain(name)
  })

  test('are all in docs/configuration.md, but for the same with _FILE', () => {
    const text = guide('docs/configuration.md')
    const own = NAMES.filter((name) => !name.endsWith('_FILE'))
    expect(own.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })
})

test('docs/configuration.md is what the schema says (else: npm run docs)', () => {
  expect(guide('docs/configuration.md')).toBe(configurationPage())
})

describe('codes', () => {
  const known: readonly string[] = [
    ...REASON_CODES,
    ...ALERT_RULES.map(({ id }) => id),
    ...SIGNALS.map(({ code }) => code),
  ]
  const subjects = new Set(known.map((code) => code.split('.')[0] ?? ''))
  const settings: readonly string[] = [
    ...ENVIRONMENT.map(({ path }) => path.join('.')),
    ...Object.entries(SERVICE_SHAPE.properties ?? {}).flatMap(([block, { properties = {} }]) =>
      Object.keys(properties).map((key) => `${block}.${key}`),
    ),
  ]
  /** Files, and a port of the code. */
  const OTHERS = ['number.keys', 'ledger.sqlite', 'ledger.settle']

  test.each(
    found(/`([a-z_]+\.[a-z_]+)`/g).filter(
      ([name]) => subjects.has(name.split('.')[0] ?? '') && !OTHERS.includes(name),
    ),
  )('%s (%s) is a reason, a rule of alerts, a signal or a setting', (name) => {
    expect([...known, ...settings]).toContain(name)
  })

  test.each(found(/\b(?:40[0-9]|4[12][0-9]|50[0-9]) `([a-z_]+)`/g))(
    '%s (%s) is an error',
    (name) => {
      expect(ERROR_CODES).toContain(name)
    },
  )
})

describe('the command line', () => {
  /** `tollgate keys create --name x` and `npx tollgate ...`, in backticks or as a line of a sample. */
  const lines = found(/(?:`|^\s*(?:\$ )?)(?:npx )?(tollgate [a-z][^`\n#]*)/gm).filter(
    ([line]) => !/^tollgate [a-z]+:/.test(line),
  )
  const verbOf = (line: string): string[] => {
    const [, first = '', second = ''] = line.split(/\s+/)
    const grouped = ['policy', 'report', 'users', 'keys', 'numbers', 'secret', 'privacy', 'bench']
    return grouped.includes(first) && /^[a-z]/.test(second)
      ? [first, second.replace(/\W+$/, '')]
      : [first]
  }

  test.each(lines)('"%s" (%s) is a verb with these flags', async (line) => {
    const verb = verbOf(line)
    const { exit, out } = await tollgate([...verb, '--help'])
    expect(exit).toBe(EXIT.ok)
    expect(out).toContain(`Usage: tollgate ${verb.join(' ')}`)
    const flags = [...line.matchAll(/(?<=\s|\[)(--[a-z][a-z-]*)/g)].map(([, flag = '']) => flag)
    for (const flag of flags) expect(out).toMatch(new RegExp(`${flag}\\b`))
  })

  test('has no verb that no guide names', async () => {
    const { out } = await tollgate(['--help'])
    const [, commands = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(out) ?? []
    const verbs = [...commands.matchAll(/^ {2}([a-z]+)/gm)].map(([, verb = '']) => verb)
    expect(verbs.length).toBeGreaterThan(10)
    const named = lines.map(([line]) => verbOf(line)[0])
    expect(verbs.filter((verb) => verb !== 'help' && !named.includes(verb))).toEqual([])
  })
})

describe('of a running gateway', () => {
  let gateway: Harness
  let described: string[]
  beforeAll(async () => {
    gateway = await startHarness({ desk: true })
    const { body } = await gateway.call('GET', '/openapi.json')
    described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
  })
  afterAll(() => gateway.close())

  const routes = found(/\b((?:GET|POST|PUT|PATCH|DELETE) \/[\w./{}<>-]*[\w}>])/g).map(
    ([route, on]): [string, string] => [route.replaceAll('<', '{').replaceAll('>', '}'), on],
  )

  test.each(routes)('%s (%s) is a route', (route) => {
    const [method = '', path = ''] = route.split(' ')
    const url = path.replace(/\{(\w+)\}/g, ':$1')
    expect(gateway.app.hasRoute({ method: method as 'GET', url })).toBe(true)
  })

  test('every route of the native API is in docs/api.md', () => {
    const text = guide('docs/api.md')
    const native = described.filter((route) => /^\w+ \/(v1|healthz|readyz|metrics)/.test(route))
    expect(native.length).toBeGreaterThan(20)
    expect(native.filter((route) => !text.includes(`\`${route}\``))).toEqual([])
  })
})

test('every metric is in docs/deployment.md, and no other in any guide', () => {
  const metrics = createMetrics(() => [])
  metrics.pressure({ inFlight: 0, delayMs: 0 })
  metrics.depends(createConditions())
  metrics.meter(createSender({ providers: [consoleProvider()] }))
  metrics.sinks(() => ({ results: [], waiting: [] }), Date.now)
  const names = metrics.registry
    .getMetricsAsArray()
    .map(({ name }) => name)
    .filter((name) => name.startsWith('tollgate_'))
  expect(names.length).toBeGreaterThan(5)
  const text = guide('docs/deployment.md')
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  const told = found(/`(tollgate_[a-z_]+)[`{]/g).map(([name]) => name)
  expect(told.filter((name) => !names.includes(name.replace(/_count$/, '')))).toEqual([])
})
