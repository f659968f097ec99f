import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/cli/config.js'
import { startGateway } from '../../src/cli/gateway.js'
import { type Endpoint, startEndpoint } from '../fakes/http-endpoint.js'
import { fileOf, ROOT, tool, yamlOf } from './tool.js'

interface Rule {
  alert?: string
  record?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}
interface Panel {
  title: string
  type: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}
interface Dashboard {
  panels: Panel[]
  templating: { list: { name: string; query: string | { query: string } }[] }
  annotations: { list: { expr: string }[] }
}

const rules = yamlOf<{ groups: { rules: Rule[] }[] }>(
  'deploy',
  'prometheus',
  'rules.yaml',
).groups.flatMap(({ rules }) => rules)
const dashboard = JSON.parse(fileOf('deploy', 'grafana', 'tollgate.json')) as Dashboard
const asked = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ where: title, expr })),
)
const variables = dashboard.templating.list.flatMap(({ name, query }) =>
  typeof query === 'string' ? [] : [{ where: name, expr: query.query }],
)
const shown = [
  ...asked,
  ...variables,
  ...dashboard.annotations.list.map(({ expr }) => ({ where: 'annotation', expr })),
]

/** What Prometheus itself adds to every target. */
const OF_PROMETHEUS: Record<string, string[]> = { up: [] }
const OF_TARGETS = ['job', 'instance']

interface Selector {
  metric: string
  labels: string[]
}

/** The selectors of a PromQL expression, and the labels that it groups by. */
function selectorsOf(expr: string): { selectors: Selector[]; grouped: string[] } {
  const selectors = [...expr.matchAll(/\b([a-z][a-z0-9_:]*[a-z0-9])\s*(\{[^}]*\})?/g)].flatMap(
    ([all, metric = '', matchers = '']) =>
      // functions have brackets after them, and keywords are no metrics
      /^(up|(tollgate|process|nodejs|[a-z]+:tollgate)_?[a-z0-9_:]*)$/.test(metric) &&
      !expr.slice(expr.indexOf(all) + metric.length).startsWith('(')
        ? [
            {
              metric,
              labels: [...matchers.matchAll(/([a-z_]+)\s*(=~|!~|!=|=)/g)].map((m) => m[1] ?? ''),
            },
          ]
        : [],
  )
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  )
  return { selectors, grouped }
}

/** Metrics of a scrape with the labels that their samples have. */
function metricsOf(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const labelsOf = (name: string) => {
    const labels = found.get(name) ?? new Set<string>()
    found.set(name, labels)
    return labels
  }
  for (const line of text.split('\n')) {
    const [, name, kind] = /^# TYPE (\S+) (\S+)/.exec(line) ?? []
    if (name !== undefined && kind !== 'histogram') labelsOf(name)
    const [, sample, labels = ''] = /^([a-z]\w*)(\{[^}]*\})? /.exec(line) ?? []
    if (sample !== undefined)
      for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) labelsOf(sample).add(label)
  }
  return found
}

let scraped: Map<string, Set<string>>

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-prometheus-'))
  const provider: Endpoint = await startEndpoint()
  try {
    const env = {
      TOLLGATE_DATA: folder,
      TOLLGATE_PORT: '0',
      TOLLGATE_LOG_LEVEL: 'silent',
      TOLLGATE_BOOTSTRAP_KEY: 'app:a-secret-of-the-test',
      TOLLGATE_SEND: `[{ name: primary, type: http, url: "${provider.url}/sms", allowPrivate: true }]`,
    }
    const config = loadConfig({}, { env, cwd: folder, warn: () => undefined })
    const gateway = await startGateway({ config, env, clock: Date.now, write: () => undefined })
    const { url } = gateway.greeting
    const authorization = `Basic ${Buffer.from('app:a-secret-of-the-test').toString('base64')}`
    await fetch(`${url}/v1/verifications`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'signup', to: '+2348031234567' }),
    })
    scraped = metricsOf(await (await fetch(`${url}/metrics`)).text())
    await gateway.close()
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
afterAll(() => scraped.clear())

/** Labels of counters that count nothing on a quiet gateway, as its code names them. */
function declared(metric: string): string[] {
  const code = fileOf('src', 'http', 'metrics.ts')
  const at = code.indexOf(`name: '${metric}'`)
  const [, names = ''] =
    /labelNames: \[([^\]]*)\]/.exec(code.slice(at, code.indexOf('})', at))) ?? []
  return names.split(',').map((name) => name.trim().replaceAll("'", ''))
}

/** What an expression may name: the gateway's own series, and what the recording rules make of them. */
function known(metric: string): Set<string> | undefined {
  if (metric in OF_PROMETHEUS) return new Set(OF_PROMETHEUS[metric])
  const recorded = rules.find(({ record }) => record === metric)
  if (recorded !== undefined) return new Set(selectorsOf(recorded.expr).grouped)
  const labels = scraped.get(metric)
  return labels?.size === 0 ? new Set(declared(metric)) : labels
}

function expectKnown({ where, expr }: { where: string; expr: string }): void {
  const { selectors, grouped } = selectorsOf(expr)
  const allowed = new Set<string>(OF_TARGETS)
  for (const { metric, labels } of selectors) {
    const of = known(metric)
    expect(of, `${where}: a gateway has no ${metric}`).toBeDefined()
    for (const label of of ?? []) allowed.add(label)
    for (const label of labels)
      expect([...(of ?? []), ...OF_TARGETS], `${where}: ${metric} has no label ${label}`).toContain(
        label,
      )
  }
  for (const label of grouped)
    expect([...allowed], `${where}: nothing there has the label ${label}`).toContain(label)
}

describe('what rules and dashboard ask for', () => {
  it('is found in their text', () => {
    expect(selectorsOf('sum by (a, b) (rate(tollgate_x{c="1", d=~"2|3"}[5m])) / up')).toEqual({
      selectors: [
        { metric: 'tollgate_x', labels: ['c', 'd'] },
        { metric: 'up', labels: [] },
      ],
      grouped: ['a', 'b'],
    })
    for (const { where, expr } of shown)
      expect(selectorsOf(expr).selectors.length, where).toBeGreaterThan(0)
    expect(() => expectKnown({ where: 'x', expr: 'tollgate_nonsense' })).toThrow(
      'no tollgate_nonsense',
    )
    expect(() => expectKnown({ where: 'x', expr: 'tollgate_sends_total{zone="a"}' })).toThrow(
      'has no label zone',
    )
  })

  it.each(rules.map((rule) => [rule.alert ?? rule.record ?? '', rule] as const))(
    '%s is what a gateway has',
    (where, { expr, annotations = {} }) => {
      expectKnown({ where, expr })
      const { selectors, grouped } = selectorsOf(expr)
      const labels = [
        ...OF_TARGETS,
        ...grouped,
        ...selectors.flatMap(({ metric }) => [...(known(metric) ?? [])]),
      ]
      for (const text of Object.values(annotations))
        for (const [, label = ''] of text.matchAll(/\$labels\.(\w+)/g))
          expect(labels, `${where}: the text names ${label}`).toContain(label)
    },
  )

  it.each(shown.map((query) => [query.where, query] as const))(
    '%s is what a gateway has',
    (_, query) => expectKnown(query),
  )
})

describe('alerts', () => {
  const alerts = rules.filter(({ alert }) => alert !== undefined)
  const pages = fileOf('docs', 'runbook.md')
    .split('\n')
    .filter((line) => line.startsWith('### '))
    .map((line) => line.slice(4))

  it('have a section of the runbook each, and the runbook none without', () => {
    expect(pages).toEqual(expect.arrayContaining(alerts.map(({ alert }) => alert)))
    expect(pages).toHaveLength(alerts.length)
    for (const { alert = '', annotations, labels } of alerts) {
      expect(annotations?.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
      expect(['page', 'ticket']).toContain(labels?.severity)
    }
  })
})

describe('each alert', () => {
  it('is seen to begin', () => {
    const { tests } = yamlOf<{
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
    }>('deploy', 'prometheus', 'rules.test.yaml')
    const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test)
    for (const { alert } of rules.filter(({ alert }) => alert !== undefined)) {
      const expected = cases
        .filter(({ alertname }) => alertname === alert)
        .map(({ exp_alerts }) => exp_alerts.length > 0)
      expect(expected, alert).toContain(true)
    }
  })
})

describe('the dashboard', () => {
  it('lies side by side without gaps or overlaps', () => {
    const cells = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.get(`${x},${y}`), `${title} lies on`).toBeUndefined()
          cells.set(`${x},${y}`, title)
        }
    }
  })
})

describe('figures of dependencies', () => {
  it('are not added up over gateways, each of which says how many there are', () => {
    const figures = asked.filter(({ expr }) => expr.includes('tollgate_dependency_figure'))
    expect(figures.length).toBeGreaterThan(0)
    for (const { where, expr } of figures) expect(expr, where).not.toMatch(/\bsum\b/)
  })
})

const promtool = tool('promtool', true)
describe.skipIf(promtool.skipped)(`promtool${promtool.why}`, () => {
  it('takes the configuration and every rule', () => {
    const file = join(ROOT, 'deploy', 'prometheus', 'prometheus.yml')
    expect(promtool.run(['check', 'config', file])).toContain('SUCCESS')
  })

  it('sees each alert begin and stay away when it should', () => {
    const file = join(ROOT, 'deploy', 'prometheus', 'rules.test.yaml')
    expect(promtool.run(['test', 'rules', file])).toContain('SUCCESS')
  })

  it('can read what the dashboard asks', () => {
    const groups = [
      {
        name: 'dashboard',
        rules: asked.map(({ expr }, i) => ({
          record: `panel:${i}`,
          expr: expr.replaceAll('$__rate_interval', '1m'),
        })),
      },
    ]
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-dashboard-'))
    const file = join(folder, 'rules.json')
    writeFileSync(file, JSON.stringify({ groups }))
    try {
      expect(promtool.run(['check', 'rules', file])).toContain('SUCCESS')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
