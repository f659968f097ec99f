import type { Mode } from '../../engine/decision.js'
import type { Incident } from '../../engine/detect/change.js'
import { usd } from '../../engine/money.js'
import {
  burstSignal,
  conversionSignal,
  failingSignal,
  newCountries,
  SIGNAL_LEVELS,
} from '../../report/signals.js'
import type { UsualPeak } from '../../report/usual-peak.js'
import type { Dependency } from '../../verify/conditions.js'
import type { Finding } from './finding.js'
import { type RuleId, type RuleInForce, type RuleOverrides, ruleInForce } from './rules.js'

type Counts = { sends: number; verified: number; failed: number }

/** What was seen of one service. */
export interface ServiceView {
  service: string
  /** requests of the last five minutes */
  fiveMinutes: number
  usual: UsualPeak | null
  /** 15 minutes that ended two minutes ago */
  quarter: Counts
  /** where most of those were not verified, worst first */
  worst: readonly { country: string; sends: number; verified: number }[]
  hour: Counts
  day: Counts
}

export interface CapView {
  /** null: all services together */
  service: string | null
  country: string | null
  /** of the service; of all together `enforce` where one service has it. In `monitor` no cap holds */
  mode: Mode
  period: 'hour' | 'day' | 'month'
  limitMicroUsd: number
  usedMicroUsd: number
}

/** What the rules judge. `null`: it could not be read this time, and alerts of its rules stay as they are. */
export interface Observation {
  services: readonly ServiceView[] | null
  countries: {
    recent: readonly { key: string; requests: number }[]
    /** of the 30 days before; `null` while less than a week is known */
    before: ReadonlySet<string> | null
  } | null
  day: {
    spendMicroUsd: number
    /** of the whole day; `null` while there is nothing to forecast from */
    forecast: { likely: number; high: number } | null
  } | null
  caps: readonly CapView[] | null
  incidents: readonly Incident[]
  providers: readonly { provider: string; state: 'closed' | 'open' | 'half_open' }[]
  ledgerHealthy: boolean
  /** what the gateway depends on and is not as it should be */
  trouble: readonly Dependency[]
  /** measures in force that nobody on call decided, by service */
  measures: ReadonlyMap<string, { what: string; until: number }[]>
  /** entries of the watch list that requests met lately; single numbers masked */
  met: readonly { entry: string; note: string; hits: number; until: number }[]
}

const percent = (share: number): string => `${Math.round(100 * share)} %`
const count = (n: number): string => Math.round(n).toLocaleString('en-US')
const some = (names: readonly string[], most = 8): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** Everything that is the case, rule by rule, and which rules could be judged. */
export function evaluate(
  seen: Observation,
  overrides: RuleOverrides,
): { findings: Finding[]; judged: Set<RuleId> } {
  const findings: Finding[] = []
  const judged = new Set<RuleId>()
  const judge = (id: RuleId, of: (rule: RuleInForce) => Omit<Finding, 'rule' | 'phase'>[]) => {
    judged.add(id)
    const rule = ruleInForce(id, overrides)
    // switched off: what fires resolves
    if (rule.enabled) for (const one of of(rule)) findings.push({ rule: id, phase: '', ...one })
  }

  const { services, countries, day, caps } = seen
  if (services !== null) {
    judge('volume.peak', (rule) => services.flatMap((view) => volume(view, rule)))
    judge('conversion.low', (rule) => services.flatMap((view) => conversion(view, rule)))
    judge('delivery.failing', (rule) => services.flatMap((view) => failing(view, rule)))
    judge('outcomes.missing', (rule) => services.flatMap((view) => missing(view, rule)))
  }
  if (countries !== null) judge('country.new', (rule) => unseen(countries, rule))
  if (day !== null) judge('spend.day', (rule) => dear(day, rule))
  if (caps !== null) judge('spend.cap', (rule) => caps.flatMap((cap) => capped(cap, rule)))
  for (const kind of ['attack', 'outage'] as const)
    judge(`incident.${kind}`, (rule) =>
      seen.incidents
        .filter((one) => one.kind === kind && one.state !== 'closed')
        .map((one) => incident(one, rule)),
    )
  judge('provider.circuit', (rule) => circuits(seen.providers, rule))
  judge('measure.applied', (rule) => measures(seen.measures, rule))
  judge('watch.met', (rule) => watched(seen.met, rule))
  judge('ledger.trouble', ({ severity }) =>
    seen.ledgerHealthy
      ? []
      : [
          {
            ...{ key: 'ledger', severity, service: null, page: '/' },
            title: 'The ledger does not answer; no code is sent',
            facts: [],
          },
        ],
  )
  judge('gateway.trouble', ({ severity }) =>
    // a ledger that is simply lost has a rule of its own
    seen.trouble
      .filter(({ name, state }) => name !== 'ledger' || state !== 'lost')
      .map(({ name, says }) => ({
        ...{ key: name, severity, service: null, page: '/', title: says, facts: [] },
      })),
  )
  return { findings, judged }
}

function volume({ service, fiveMinutes, usual }: ServiceView, rule: RuleInForce) {
  const levels = {
    ...SIGNAL_LEVELS,
    burst: rule.value('times'),
    burstRequests: rule.value('requests'),
  }
  const { state } = burstSignal(fiveMinutes, usual, levels)
  if (state !== 'alarm' || usual === null) return []
  return [
    {
      ...{ key: service, severity: rule.severity, service, page: '/' },
      title: `${service}: ${count(fiveMinutes)} requests in five minutes`,
      facts: [
        `Usual peak: ${count(usual.fiveMinutes)} in five minutes (${usual.days} days); alarm at ${rule.value('times')} times.`,
      ],
    },
  ]
}

/** Few of the messages of a quarter of an hour were verified, as the rule in force has it. */
export const isConversionLow = (quarter: ServiceView['quarter'], overrides: RuleOverrides) =>
  lowConversion(quarter, ruleInForce('conversion.low', overrides)) !== null

/** The share that was verified where that is too few; `null` elsewhere. */
function lowConversion(quarter: ServiceView['quarter'], rule: RuleInForce): number | null {
  const levels = {
    ...SIGNAL_LEVELS,
    conversion: rule.value('share'),
    conversionSends: rule.value('sends'),
  }
  const { state, value } = conversionSignal(quarter, levels)
  return state === 'alarm' ? value : null
}

function conversion({ service, quarter, worst }: ServiceView, rule: RuleInForce) {
  const value = lowConversion(quarter, rule)
  if (value === null) return []
  const where = worst.map(
    ({ country, sends, verified }) => `${country} ${count(verified)} of ${count(sends)}`,
  )
  return [
    {
      ...{ key: service, severity: rule.severity, service, page: '/' },
      title: `${service}: ${percent(value)} of codes come back`,
      facts: [
        `${count(quarter.verified)} of ${count(quarter.sends)} messages of 15 minutes were verified; alarm below ${percent(rule.value('share'))}.`,
        ...(where.length > 0 ? [`Most are missing in: ${some(where, 4)}.`] : []),
      ],
    },
  ]
}

function failing({ service, hour }: ServiceView, rule: RuleInForce) {
  const levels = {
    ...SIGNAL_LEVELS,
    failing: rule.value('share'),
    failingSends: rule.value('sends'),
  }
  const { state, value } = failingSignal(hour, levels)
  if (state !== 'alarm' || value === null) return []
  return [
    {
      ...{ key: service, severity: rule.severity, service, page: '/ranges' },
      title: `${service}: ${percent(value)} of messages are not delivered`,
      facts: [`${count(hour.failed)} of ${count(hour.sends)} messages of an hour failed.`],
    },
  ]
}

function missing({ service, day }: ServiceView, rule: RuleInForce) {
  if (day.sends < rule.value('sends') || day.verified > 0) return []
  return [
    {
      ...{ key: service, severity: rule.severity, service, page: '/decisions' },
      title: `${service} reports no outcomes`,
      facts: [`${count(day.sends)} messages in 24 hours, none verified.`],
    },
  ]
}

function unseen({ recent, before }: NonNullable<Observation['countries']>, rule: RuleInForce) {
  const levels = { ...SIGNAL_LEVELS, newCountryRequests: rule.value('requests') }
  return newCountries(recent, before, levels).map(({ country, requests }) => ({
    ...{
      key: country,
      severity: rule.severity,
      service: null,
      page: `/decisions?country=${country}`,
    },
    title: `${country}: first requests in 30 days`,
    facts: [`${count(requests)} requests in the last 24 hours.`],
  }))
}

function dear({ spendMicroUsd, forecast }: NonNullable<Observation['day']>, rule: RuleInForce) {
  const budget = rule.value('budget') * 1e6
  const overBudget = budget > 0 && spendMicroUsd > budget
  const overForecast = forecast !== null && spendMicroUsd > forecast.high && spendMicroUsd > 1e6
  if (!overBudget && !overForecast) return []
  return [
    {
      ...{ key: 'all', severity: rule.severity, service: null, page: '/money' },
      title: `Spend of today is ${usd(spendMicroUsd)}`,
      facts: [
        ...(overBudget ? [`The budget of a day is ${usd(budget)}.`] : []),
        ...(overForecast
          ? [`Forecast for the whole day: ${usd(forecast.likely)}, at most ${usd(forecast.high)}.`]
          : []),
      ],
    },
  ]
}

function capped(cap: CapView, rule: RuleInForce) {
  const { service, country, mode, period, limitMicroUsd, usedMicroUsd } = cap
  const share = limitMicroUsd > 0 ? usedMicroUsd / limitMicroUsd : 1
  if (share < rule.value('warn')) return []
  const full = share >= 1
  const name = `${service ?? 'all services'}${country === null ? '' : ` in ${country}`}`
  return [
    {
      key: `${service ?? '*'}/${country ?? '*'}/${period}`,
      severity: full ? ('critical' as const) : rule.severity,
      ...{ service, page: '/money' },
      title: full
        ? `${name}: spend cap of the ${period} is reached, ${stops(service, mode)}`
        : `${name}: ${percent(share)} of the spend cap of the ${period} is used`,
      facts: [`${usd(usedMicroUsd)} of ${usd(limitMicroUsd)}.`],
    },
  ]
}

function stops(service: string | null, mode: Mode): string {
  if (mode === 'monitor') return 'sending goes on in monitor mode'
  return service === null ? 'sending of services in enforce mode stops' : 'sending stops'
}

function incident(one: Incident, rule: RuleInForce) {
  const { id, kind, state, service, countries, ranges, lostMicroUsd, savedMicroUsd } = one
  const attack = kind === 'attack'
  const contained = state === 'contained'
  const where = countries.includes('*') ? 'outside the markets' : some(countries)
  return {
    ...{ key: id, severity: rule.severity, service, page: `/incidents/${encodeURIComponent(id)}` },
    phase: contained ? 'contained' : '',
    title: `${attack ? 'Attack' : 'Outage'} on ${service}: ${where}${contained ? ', contained' : ''}`,
    facts: attack
      ? [
          `Lost ${usd(lostMicroUsd)}, saved ${usd(savedMicroUsd)} (${count(one.refusedNumbers)} numbers refused).`,
          ...(ranges.length > 0 ? [`Ranges: ${some(ranges.map(({ key }) => key))}.`] : []),
        ]
      : [],
  }
}

function circuits(providers: Observation['providers'], rule: RuleInForce) {
  const open = providers.filter(({ state }) => state === 'open')
  const none = open.length === providers.length
  return open.map(({ provider }) => ({
    ...{ key: provider, service: null, page: '/settings/deployment' },
    severity: none ? ('critical' as const) : rule.severity,
    title: none
      ? `No provider answers (${provider} among them); no code is sent`
      : `Provider ${provider} does not answer`,
    facts: none
      ? []
      : [
          `Messages go to ${some(providers.filter((p) => p.state !== 'open').map((p) => p.provider))}.`,
        ],
  }))
}

function measures(inForce: Observation['measures'], rule: RuleInForce) {
  return [...inForce].flatMap(([service, list]) =>
    list.length === 0
      ? []
      : [
          {
            ...{ key: service, severity: rule.severity, service, page: '/incidents' },
            title: `${service}: Tollgate applied ${list.length === 1 ? 'a measure' : `${count(list.length)} measures`} by itself`,
            facts: [`In force: ${some(list.map(({ what }) => what))}.`],
            holdsUntil: Math.max(...list.map(({ until }) => until)),
          },
        ],
  )
}

function watched(met: Observation['met'], { severity }: RuleInForce) {
  return met.map(({ entry, note, hits, until }) => ({
    ...{ key: entry, severity, service: null, page: '/lists' },
    title: `${entry}, on the watch list, was met by ${hits === 1 ? 'a request' : `${count(hits)} requests`}`,
    facts: note === '' ? [] : [`Watched because: ${note}`],
    holdsUntil: until,
  }))
}
