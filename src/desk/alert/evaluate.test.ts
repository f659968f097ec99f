import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Incident } from '../../engine/detect/change.js'
import type { Dependency } from '../../verify/conditions.js'
import { alertsPage } from './alerts-page.js'
import { evaluate, type Observation, type ServiceView } from './evaluate.js'
import { ALERT_RULES, type RuleOverrides } from './rules.js'

const calm: ServiceView = {
  service: 'signup',
  fiveMinutes: 50,
  usual: { hourly: 600, fiveMinutes: 70, days: 7 },
  quarter: { sends: 100, verified: 70, failed: 1 },
  worst: [],
  hour: { sends: 400, verified: 280, failed: 8 },
  day: { sends: 4_000, verified: 2_900, failed: 80 },
}
const quiet: Observation = {
  services: [calm],
  countries: { recent: [{ key: 'NG', requests: 900 }], before: new Set(['NG']) },
  day: { spendMicroUsd: 90e6, forecast: { likely: 100e6, high: 130e6 } },
  caps: [],
  incidents: [],
  providers: [
    { provider: 'a', state: 'closed' },
    { provider: 'b', state: 'half_open' },
  ],
  ledgerHealthy: true,
  trouble: [],
  measures: new Map(),
  met: [],
}
const lost = (name: string, state: 'degraded' | 'lost'): Dependency => ({
  ...{ name, state, since: 1, says: `The ${name} is lost.`, figures: {} },
})
const fires = (seen: Partial<Observation>, overrides: RuleOverrides = {}) =>
  evaluate({ ...quiet, ...seen }, overrides).findings
const service = (more: Partial<ServiceView>) => ({ services: [{ ...calm, ...more }] })
const cap = (usedMicroUsd: number) => ({
  ...{ service: 'signup', country: null, period: 'day' as const, limitMicroUsd: 400e6 },
  ...{ mode: 'enforce' as const, usedMicroUsd },
})
const incident = (more: Partial<Incident>): Incident => ({
  ...{ id: 'inc_1', kind: 'attack', state: 'open', service: 'signup', countries: ['NG'] },
  ...{ ranges: [], sources: [], firstSendAt: 0, openedAt: 1, containedAt: null, closedAt: null },
  ...{ closedAs: null, lostMicroUsd: 12.3e6, savedMicroUsd: 4e6, refusedNumbers: 40 },
  ...{ falsePositives: 0, ...more },
})

describe('rules', () => {
  it('say nothing on a calm day', () => {
    expect(fires({})).toEqual([])
  })

  it.each([
    ['volume.peak', service({ fiveMinutes: 141 }), service({ fiveMinutes: 140 })],
    [
      'conversion.low',
      service({ quarter: { sends: 20, verified: 5, failed: 0 } }),
      service({ quarter: { sends: 19, verified: 0, failed: 0 } }),
    ],
    [
      'delivery.failing',
      service({ hour: { sends: 100, verified: 60, failed: 20 } }),
      service({ hour: { sends: 100, verified: 60, failed: 19 } }),
    ],
    [
      'outcomes.missing',
      service({ day: { sends: 100, verified: 0, failed: 0 } }),
      service({ day: { sends: 100, verified: 1, failed: 0 } }),
    ],
    [
      'country.new',
      { countries: { recent: [{ key: 'TJ', requests: 3 }], before: new Set(['NG']) } },
      { countries: { recent: [{ key: 'TJ', requests: 3 }], before: null } },
    ],
    [
      'spend.day',
      { day: { spendMicroUsd: 131e6, forecast: { likely: 100e6, high: 130e6 } } },
      { day: { spendMicroUsd: 131e6, forecast: null } },
    ],
    ['spend.cap', { caps: [cap(320e6)] }, { caps: [cap(319e6)] }],
    [
      'incident.attack',
      { incidents: [incident({})] },
      { incidents: [incident({ state: 'closed' })] },
    ],
    ['incident.outage', { incidents: [incident({ kind: 'outage' })] }, {}],
    [
      'provider.circuit',
      {
        providers: [
          { provider: 'a', state: 'open' as const },
          { provider: 'b', state: 'closed' as const },
        ],
      },
      { providers: [{ provider: 'a', state: 'half_open' as const }] },
    ],
    [
      'measure.applied',
      { measures: new Map([['signup', [{ what: '+234803* refused', until: 9 }]]]) },
      { measures: new Map([['signup', []]]) },
    ],
    [
      'watch.met',
      { met: [{ entry: '+23480312*', note: 'named in a channel', hits: 3, until: 9 }] },
      { met: [] },
    ],
    ['ledger.trouble', { ledgerHealthy: false }, {}],
    [
      'gateway.trouble',
      { trouble: [lost('lines', 'degraded')] },
      { trouble: [lost('ledger', 'lost')] },
    ],
  ])('%s fires at its threshold, and not below it', (rule, over, under) => {
    expect(fires(over).map((one) => one.rule)).toEqual([rule])
    expect(fires(under)).toEqual([])
    // switched off it is judged, so that what fires resolves, and finds nothing
    const off = { [rule]: { enabled: false } } as RuleOverrides
    expect(fires(over, off)).toEqual([])
    expect(evaluate({ ...quiet, ...over }, off).judged.has(rule as never)).toBe(true)
  })

  it('are critical where it is: a cap that is reached, no provider left', () => {
    expect(fires({ caps: [cap(400e6)] })[0]).toMatchObject({ severity: 'critical' })
    expect(fires({ providers: [{ provider: 'a', state: 'open' }] })[0]).toMatchObject({
      severity: 'critical',
    })
  })

  it.each([
    ['signup', 'enforce', 'signup: spend cap of the day is reached, sending stops'],
    [
      'signup',
      'monitor',
      'signup: spend cap of the day is reached, sending goes on in monitor mode',
    ],
    [
      null,
      'enforce',
      'all services: spend cap of the day is reached, sending of services in enforce mode stops',
    ],
    [
      null,
      'monitor',
      'all services: spend cap of the day is reached, sending goes on in monitor mode',
    ],
  ] as const)('say of a cap of %s in %s what becomes of sending', (service, mode, title) => {
    expect(fires({ caps: [{ ...cap(400e6), service, mode }] })).toMatchObject([{ title }])
  })

  it('take the budget of an operator, and other severities', () => {
    const overrides: RuleOverrides = {
      'spend.day': { severity: 'critical', thresholds: { budget: 50 } },
    }
    expect(fires({}, overrides)).toMatchObject([
      { rule: 'spend.day', severity: 'critical', facts: ['The budget of a day is USD 50.00.'] },
    ])
  })

  it('tell an incident that is contained as a step of the same alert', () => {
    const [open] = fires({ incidents: [incident({})] })
    const [contained] = fires({ incidents: [incident({ state: 'contained' })] })
    expect(open).toMatchObject({ key: 'inc_1', phase: '', page: '/incidents/inc_1' })
    expect(contained).toMatchObject({ key: 'inc_1', phase: 'contained' })
    expect(open?.facts[0]).toBe('Lost USD 12.30, saved USD 4.00 (40 numbers refused).')
  })

  it('that could not be read are not judged', () => {
    const { judged, findings } = evaluate(
      { ...quiet, services: null, countries: null, day: null, caps: null, ledgerHealthy: false },
      {},
    )
    expect(findings.map(({ rule }) => rule)).toEqual(['ledger.trouble'])
    expect([...judged].sort()).toEqual([
      ...[
        'gateway.trouble',
        'incident.attack',
        'incident.outage',
        'ledger.trouble',
        'measure.applied',
      ],
      'provider.circuit',
      'watch.met',
    ])
  })

  it('are each tested above', () => {
    const all = evaluate(quiet, {}).judged
    expect([...all].sort()).toEqual(ALERT_RULES.map(({ id }) => id).sort())
  })
})

describe('docs/alerts.md', () => {
  const page = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8')
  it('is what the catalogue says (else: npm run docs)', () => {
    expect(page).toBe(alertsPage())
  })
  it('names every rule once', () => {
    const named = [...page.matchAll(/^\| `([a-z]+\.[a-z]+)` \|/gm)].map((match) => match[1])
    expect(named).toEqual(ALERT_RULES.map(({ id }) => id))
  })
})
