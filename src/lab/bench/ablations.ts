import { LINES, type ServicePolicy } from '../../engine/policy.js'
import { DAY } from '../../engine/units.js'

/** One part of the gate taken away, by a change of policy. */
export interface Ablation {
  /** what is missing, as it stands in the table */
  title: string
  without(policy: ServicePolicy): ServicePolicy
}

/** So much that it never binds, in any unit a line counts in. */
const NEVER = 1e15

const withLines = (
  policy: ServicePolicy,
  change: (name: (typeof LINES)[number]) => Partial<ServicePolicy['lines']['ip']>,
): ServicePolicy => ({
  ...policy,
  lines: Object.fromEntries(
    LINES.map((name) => [name, { ...policy.lines[name], ...change(name) }]),
  ) as ServicePolicy['lines'],
})

const unbounded = { opening: NEVER, openingOutside: NEVER }
const SOURCES: ReadonlySet<string> = new Set([
  'ip',
  'subnet',
  'network',
  'device',
  'account',
  'session',
])
const RANGES: ReadonlySet<string> = new Set(['subBlock', 'block'])
const WIDE: ReadonlySet<string> = new Set(['operator', 'country', 'abroad'])

/**
 * What the gate is without, one at a time and in pairs: parts that stand in for each other show only in pairs. A part
 * that a policy can turn off is taken away by one more entry here.
 */
export const ABLATIONS = {
  'soft-zone': {
    title: 'soft zone: a line over its limit closes at once',
    without: (policy) => ({ ...policy, hard: 1 }),
  },
  'session-accounting': {
    title: 'accounting by session: every resend is charged and counted',
    without: (policy) => ({ ...policy, sessionMs: 0 }),
  },
  'growing-lines': {
    title: 'lines that grow with what they verify',
    without: (policy) => ({ ...policy, margin: 0 }),
  },
  'chance-room': {
    title: 'room for chance in earned credit',
    without: (policy) => ({ ...policy, z: 0 }),
  },
  'earning-caps': {
    title: 'caps on what narrow ranges and single sources earn',
    without: (policy) => ({
      ...policy,
      earning: {
        ...policy.earning,
        perSourceDaily: NEVER,
        sendsDaily: NEVER,
        microUsdDaily: NEVER,
        timesCountryMean: NEVER,
      },
    }),
  },
  'narrow-ranges': {
    title: 'lines of blocks and sub-blocks',
    without: (policy) => withLines(policy, (name) => (RANGES.has(name) ? unbounded : {})),
  },
  'wide-ranges': {
    title: 'lines of operators, countries and abroad',
    without: (policy) => withLines(policy, (name) => (WIDE.has(name) ? unbounded : {})),
  },
  'source-lines': {
    title: 'lines of addresses, networks, devices, accounts and sessions',
    without: (policy) => withLines(policy, (name) => (SOURCES.has(name) ? unbounded : {})),
  },
  'long-memory': {
    title: 'a week of memory on narrow ranges: a day instead',
    without: (policy) =>
      withLines(policy, (name) => (RANGES.has(name) ? { slowHalfLifeMs: DAY } : {})),
  },
  counts: {
    title: 'rate limits and distinct counts',
    without: (policy) => ({ ...policy, rateLimits: [], distinct: [] }),
  },
  'known-good': {
    title: 'the path for numbers verified before',
    without: (policy) => ({ ...policy, knownGood: { ...policy.knownGood, forMs: 0 } }),
  },
} as const satisfies Record<string, Ablation>

export type AblationName = keyof typeof ABLATIONS
export const ABLATION_NAMES = Object.keys(ABLATIONS) as readonly AblationName[]

/** Every part by itself, then every two of them. */
export const singlesAndPairs = (
  names: readonly AblationName[] = ABLATION_NAMES,
): readonly (readonly AblationName[])[] => [
  ...names.map((name) => [name]),
  ...names.flatMap((name, i) => names.slice(i + 1).map((other) => [name, other])),
]
