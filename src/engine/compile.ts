import { NARROW_WHEN_HOSTING, REFERENCE_BUDGET_MICRO_USD } from './defaults.js'
import { openingForDailyLoss } from './line.js'
import { compileLists, type ListMatcher } from './lists.js'
import {
  LINES,
  type LineName,
  type Policy,
  type ServicePolicy,
  type SpendCap,
  SUBJECTS,
  type Subject,
} from './policy.js'
import type { ReasonCode } from './reasons.js'
import type { DistinctSpec, Layout, SpendSpec } from './state.js'
import { DAY, HOUR } from './units.js'

export const LINE_INDEX = Object.fromEntries(LINES.map((name, i) => [name, i])) as Record<
  LineName,
  number
>
export const SUBJECT_INDEX = Object.fromEntries(SUBJECTS.map((name, i) => [name, i])) as Record<
  Subject,
  number
>
/** Lines before this index count in micro-USD, from it on in messages. */
export const FIRST_SOURCE_LINE = LINE_INDEX.number
/** Wide lines whose opening follows the budget and the service's size. */
export const SCALED_LINES: readonly LineName[] = ['operator', 'country', 'abroad', 'service']
/** Distinct counts that signals read, kept whether the policy limits them or not. */
const SIGNAL_COUNTS: readonly DistinctSpec[] = [
  ...(['ip', 'subnet', 'network', 'device', 'account'] as const).map((per) => ({
    of: 'numbers' as const,
    per,
    windowMs: HOUR,
  })),
  { of: 'countries', per: 'ip', windowMs: DAY },
]

const isNotIn =
  (kept: readonly DistinctSpec[]) =>
  ({ of, per, windowMs }: DistinctSpec): boolean =>
    !kept.some((k) => k.of === of && k.per === per && k.windowMs === windowMs)

/** 1 for lines whose earned credit belongs to strangers: other customers of the range, or of other countries abroad. */
export const RIDDEN_LINES = Uint8Array.from(
  LINES.map((name) => Number(name === 'subBlock' || name === 'block' || name === 'abroad')),
)

const snake = (name: string): string => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
export const CREDIT_REASON = LINES.map((name) => `${snake(name)}.credit_exhausted` as ReasonCode)
export const RATE_REASON = SUBJECTS.map((name) => `${snake(name)}.messages` as ReasonCode)

/** A service's policy made ready for the hot path: arrays in the order of LINES, layout of the state to keep. */
export interface CompiledService {
  policy: ServicePolicy
  layout: Layout
  markets: ReadonlySet<string>
  opening: Float64Array
  openingOutside: Float64Array
  atLeast: Float64Array
  atLeastOutside: Float64Array
  narrow: Uint8Array
  narrowWhenHosting: Uint8Array
  slowHalfLifeMs: Float64Array
  /** caps in the order of `layout.spend` */
  caps: readonly SpendCap[]
  lists: ListMatcher
}

/** What one service keeps and decides by; call once per policy version. */
export function compileService(
  policy: ServicePolicy,
  global: readonly SpendCap[],
): CompiledService {
  const column = (of: (name: LineName) => number): Float64Array => Float64Array.from(LINES.map(of))
  const scale = policy.fraudBudgetMicroUsd / REFERENCE_BUDGET_MICRO_USD
  const scaled = (name: LineName, amount: number): number => {
    if (name === 'service')
      return openingForDailyLoss(
        policy.fraudBudgetMicroUsd,
        policy.hard,
        policy.lines.service.slowHalfLifeMs,
        DAY,
      )
    return SCALED_LINES.includes(name) ? amount * scale : amount
  }
  const caps = [...policy.spendCaps, ...global]
  const spend: SpendSpec[] = caps.map(({ scope, period }) => ({ scope, period }))
  const layout: Layout = {
    slowHalfLifeMs: LINES.map((name) => policy.lines[name].slowHalfLifeMs),
    windows: policy.rateLimits.map(({ subject, windowMs }) => ({ subject, windowMs })),
    // the policy's own first: rules go by its order
    distinct: [...policy.distinct, ...SIGNAL_COUNTS.filter(isNotIn(policy.distinct))].map(
      ({ of, per, windowMs }) => ({
        of,
        per,
        windowMs,
      }),
    ),
    spend,
    sessionMs: policy.sessionMs,
  }
  return {
    policy,
    layout,
    markets: new Set(policy.markets),
    opening: column((name) => scaled(name, policy.lines[name].opening)),
    openingOutside: column((name) => scaled(name, policy.lines[name].openingOutside)),
    // the service line is the budget itself: no floor by price may lift it
    atLeast: column((name) => (name === 'service' ? 1 : policy.lines[name].atLeast)),
    atLeastOutside: column((name) => (name === 'service' ? 1 : policy.lines[name].atLeastOutside)),
    narrow: Uint8Array.from(LINES.map((name) => Number(policy.lines[name].narrow))),
    narrowWhenHosting: Uint8Array.from(
      LINES.map((name) => Number(policy.lines[name].narrow || NARROW_WHEN_HOSTING.has(name))),
    ),
    slowHalfLifeMs: Float64Array.from(layout.slowHalfLifeMs),
    caps,
    lists: compileLists(policy.lists),
  }
}

export interface CompiledPolicy {
  policy: Policy
  version: number
  /** `null`: the policy knows no such service and has no fallback */
  service(name: string): CompiledService | null
}

/** A policy made ready. Services of the fallback are compiled when first named; at most `maxServices` of them. */
export function compilePolicy(
  policy: Policy,
  version: number,
  maxServices = 1_000,
): CompiledPolicy {
  const compiled = new Map<string, CompiledService>()
  for (const [name, service] of Object.entries(policy.services)) {
    compiled.set(name, compileService(service, policy.spendCaps))
  }
  const known = compiled.size
  return {
    policy,
    version,
    service(name) {
      const found = compiled.get(name)
      if (found !== undefined) return found
      if (policy.fallback === null || compiled.size >= known + maxServices) return null
      const made = compileService({ ...policy.fallback, name }, policy.spendCaps)
      compiled.set(name, made)
      return made
    },
  }
}
