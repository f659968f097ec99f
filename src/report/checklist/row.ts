import type { Policy, ServicePolicy } from '../../engine/policy.js'
import { DAY } from '../../engine/units.js'

/** `unknown`: there is not enough traffic yet to tell; `confirm`: only a person can say. */
export type CheckState = 'pass' | 'warn' | 'fail' | 'unknown' | 'confirm'

/** What mends a row. */
export type Remedy =
  /** changes of the policy, opened in the editor: nothing is published by itself */
  | { kind: 'policy'; label: string; edits: { path: string[]; value: unknown }[] }
  | { kind: 'page'; label: string; to: string }
  /** somebody says that it is so; it is asked again after a while */
  | { kind: 'confirm'; label: string }
  /** outside of the console: the configuration file, or the place it runs in */
  | { kind: 'do'; label: string }

export interface CheckRow {
  id: CheckId
  group: 'limits' | 'numbers' | 'watching' | 'readiness' | 'running'
  title: string
  state: CheckState
  /** one sentence: why it is so, and why it matters */
  why: string
  /** what was found */
  evidence: string
  remedy: Remedy | null
}

/** What the checklist is evaluated on. */
export interface ChecklistFacts {
  policy: Policy
  /** alert rules and whether they are on */
  rules: ReadonlyMap<string, boolean>
  /** sinks that are on, and the reports they get */
  sinks: readonly { reports: readonly string[] }[]
  providers: readonly { name: string; type: string; receipts: boolean }[]
  publicUrl: string | null
  /** administrators who can sign in */
  admins: number
  /** where prices come from */
  prices: string
  /** the last seven days by service */
  outcomes: readonly { service: string; sends: number; verified: number }[]
  /** countries with verified codes in the last thirty days, most first */
  verifiedCountries: readonly { country: string; verified: number }[]
  /** spend of the busiest of the last thirty days; `null`: none is known */
  busiestDayMicroUsd: number | null
  /** rows that somebody confirmed, and when */
  confirmed: ReadonlyMap<string, { at: number; by: string; note: string }>
  /** Unix ms */
  now: number
}

export const CHECKS = [
  'enforce',
  'rate-limits',
  'spend-caps',
  'markets',
  'challenge',
  'number-types',
  'ratio-alarm',
  'geographic-alerts',
  'daily-report',
  'incident-plan',
  'administrators',
  'providers',
  'receipts',
  'outcomes',
  'prices',
  'https',
  'backups',
] as const
export type CheckId = (typeof CHECKS)[number]

/** Rows that only a person can answer. */
export const CONFIRMED_CHECKS: readonly CheckId[] = ['incident-plan', 'backups']
/** A plan that nobody looked at for a quarter is asked for again. */
export const CONFIRMED_MS = 90 * DAY

export type Answer = Pick<CheckRow, 'state' | 'why' | 'evidence' | 'remedy'>

export interface Check {
  group: CheckRow['group']
  title: string
  of: (facts: ChecklistFacts) => Answer
}

export interface Named {
  name: string
  path: string[]
  service: ServicePolicy
}

/** Services of a policy, and where in the file their settings stand. */
export function servicesOf({ services, fallback }: Policy): Named[] {
  const named = Object.entries(services).map(([name, service]) => ({
    ...{ name, path: ['services', name], service },
  }))
  return fallback === null
    ? named
    : [...named, { name: 'any other service', path: ['defaults'], service: fallback }]
}

export const pass = (why: string, evidence: string): Answer => ({
  state: 'pass',
  why,
  evidence,
  remedy: null,
})
export const names = (of: readonly { name: string }[]): string =>
  of.map(({ name }) => name).join(', ')
export const edits = (of: readonly Named[], path: string[], value: unknown) =>
  of.map((one) => ({ path: [...one.path, ...path], value }))
export const hears = ({ rules, sinks }: ChecklistFacts, rule: string): Answer | null => {
  if (rules.get(rule) !== true)
    return {
      state: 'fail',
      why: 'The rule is off: nobody is told.',
      evidence: 'rule off',
      remedy: { kind: 'page', label: 'Switch the rule on', to: '/settings/alerts' },
    }
  if (sinks.length === 0)
    return {
      state: 'fail',
      why: 'The rule is on, and there is nobody to tell: no sink is set up.',
      evidence: 'no sink',
      remedy: { kind: 'page', label: 'Add a sink', to: '/settings/alerts' },
    }
  return null
}
export const sinkCount = (n: number): string => `${n} ${n === 1 ? 'sink' : 'sinks'}`

export function confirmed(facts: ChecklistFacts, id: CheckId, why: string, label: string): Answer {
  const said = facts.confirmed.get(id)
  const remedy: Remedy = { kind: 'confirm', label }
  if (said === undefined) return { state: 'confirm', why, evidence: 'nobody has said so', remedy }
  const until = said.at + CONFIRMED_MS
  const evidence = `${said.by}: ${said.note}`
  if (until > facts.now) return { state: 'pass', why, evidence, remedy: null }
  return { state: 'confirm', why: `${why} It was said more than 90 days ago.`, evidence, remedy }
}
