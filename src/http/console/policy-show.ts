import { maskNumber } from '../../engine/mask.js'
import type { Policy } from '../../engine/policy.js'
import type { PolicyRow } from '../../ledger/rows.js'
import { diffPolicies } from '../../policy/diff.js'
import { type ExplainedSetting, explainPolicy } from '../../policy/explain.js'
import { inWords } from '../../policy/in-words.js'
import type { LoadedPolicy, PolicyLoad } from '../../policy/load.js'
import type { PolicyError } from '../../policy/problem.js'
import { SERVICE_SHAPE } from '../../policy/written.js'
import { policyBounds, type ServiceBound } from '../../report/policy-bounds.js'
import type {
  BoundView,
  OriginView,
  PolicyCheckView,
  PolicyProblemView,
  ScopeView,
  VersionView,
} from './policy-view.js'

/** Destinations shown besides the markets: those that lose most. */
const DEAREST = 6
/** Policies may name a thousand services; the page shows the worst case of so many. */
const BOUNDS = 50

export const problemViews = (errors: readonly PolicyError[]): PolicyProblemView[] =>
  errors.map(({ line, column, path, message, hint }) => ({ line, column, path, message, hint }))

function originsOf(settings: readonly ExplainedSetting[]): Record<string, OriginView> {
  const origins: Record<string, OriginView> = {}
  // entries of a list come from where the list is written
  for (const { path, origin } of settings)
    origins[path.replace(/\[\d+\]$/, '')] = {
      from: origin.from,
      line: origin.from === 'built-in' ? null : origin.line,
    }
  return origins
}

/** Every block of a policy with what is in effect in it. */
export function scopesOf(loaded: LoadedPolicy): ScopeView[] {
  const explained = new Map(explainPolicy(loaded).map(({ name, settings }) => [name, settings]))
  const scope = (name: string, path: string[], file: unknown): ScopeView => ({
    name,
    path,
    settings: inWords(file, SERVICE_SHAPE) as Record<string, unknown>,
    origins: originsOf(explained.get(name) ?? []),
  })
  return [
    scope('defaults', ['defaults'], loaded.defaults),
    ...Object.entries(loaded.services).map(([name, file]) => scope(name, ['services', name], file)),
  ]
}

function boundView({ service, mode, all, abroad, destinations, markets }: ServiceBound): BoundView {
  const byLoss = [...destinations].sort(
    (a, b) => b.countryWide.dayMicroUsd - a.countryWide.dayMicroUsd,
  )
  const home = byLoss.filter(({ country }) => markets.has(country))
  const others = byLoss.filter(({ country }) => !markets.has(country)).slice(0, DEAREST)
  return {
    ...{ service, mode, all, abroad },
    countries: [...home, ...others].map(({ country, market, countryWide }) => ({
      country,
      market,
      dayMicroUsd: countryWide.dayMicroUsd,
    })),
  }
}

type Prices = readonly { country: string; priceMicroUsd: number }[]

const boundsView = (policy: Policy, prices: Prices): BoundView[] =>
  policyBounds(policy, prices).slice(0, BOUNDS).map(boundView)

/** @param inForce what it is compared with; `null`: nothing, or there is no text of it */
export function checkView(
  loaded: PolicyLoad,
  inForce: LoadedPolicy | null,
  prices: Prices,
): PolicyCheckView {
  if (!loaded.ok) return { ok: false, errors: problemViews(loaded.errors) }
  return {
    ok: true,
    differences: inForce === null ? [] : diffPolicies(inForce, loaded),
    scopes: scopesOf(loaded),
    otherServices: loaded.otherServices,
    bounds: boundsView(loaded.policy, prices),
  }
}

const WRITERS: Record<string, string> = {
  'built-in': 'built in',
  file: 'the policy file',
  start: 'the program that started it',
}

/** A name for whoever the audit log calls so. */
export type NameOf = (actor: string) => string

export const versionView = ({ version, at, by, note }: PolicyRow, nameOf: NameOf): VersionView => ({
  ...{ version, at, by, note },
  byName: WRITERS[by] ?? nameOf(by),
})

/** Single numbers of a text masked, ranges as they are: for those who do not see numbers. */
export const maskedText = (text: string): string => text.replace(/\+\d{7,15}(?![\d*])/g, maskNumber)
