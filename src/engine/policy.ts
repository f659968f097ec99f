import type { Mode, Verdict } from './decision.js'
import type { NumberType } from './facts.js'

/**
 * Every key a request carries has a line of credit. Order is the order of the arrays that hold lines.
 * Destination lines (first six) count in micro-USD, source lines in messages.
 */
export const LINES = [
  'subBlock',
  'block',
  'operator',
  'country',
  'abroad',
  'service',
  'number',
  'ip',
  'subnet',
  'network',
  'device',
  'account',
  'session',
] as const
export type LineName = (typeof LINES)[number]

/** What rate limits and distinct counts can be kept on: every line, the API key, and all services together. */
export const SUBJECTS = [...LINES, 'apiKey', 'global'] as const
export type Subject = (typeof SUBJECTS)[number]

/** What a country gets: `allow` skips the wide lines' soft zone no more than others; it is `credit` without abroad. */
export type GeoPermission = 'allow' | 'credit' | 'challenge' | 'hold' | 'deny'

export interface LinePolicy {
  /** opening credit on the fast scale, micro-USD for destination lines, messages for source lines */
  opening: number
  /** the same for destinations outside the markets, or for hosting networks on source lines */
  openingOutside: number
  /** the opening is never less than this many messages at the price of the send */
  atLeast: number
  atLeastOutside: number
  /** narrow lines can deny; wide lines challenge and, over hard, leave unproven numbers without SMS */
  narrow: boolean
  /** half-life of the slow scale, ms; the fast scale is 1 h on every line */
  slowHalfLifeMs: number
}

export interface RateLimit {
  subject: Subject
  windowMs: number
  /** messages sent in the window */
  limit: number
  action: Exclude<Verdict, 'allow'>
  /** limit for destinations outside the markets; same as `limit` when absent */
  limitOutside?: number
}

export interface DistinctLimit {
  /** what is counted, once each */
  of: 'numbers' | 'countries'
  per: 'ip' | 'subnet' | 'network' | 'device' | 'account' | 'session'
  windowMs: number
  limit: number
  action: Exclude<Verdict, 'allow'>
}

/** What the gate orders by itself when an attack has cost so much. Reversible and expiring, as what people order. */
export interface AutomaticMeasure {
  /** money lost in the incident from which it acts, micro-USD */
  lostMicroUsd: number
  action: 'challenge' | 'throttle' | 'hold' | 'block'
  /** ranges of the incident that are wider are left to people */
  widest: 'block' | 'operator' | 'country'
  forMs: number
}

export type CapPeriod = 'hour' | 'day' | 'month'
export interface SpendCap {
  scope: 'service' | 'country' | 'global'
  /** only for scope country: the country it holds for, '*' for each */
  country?: string
  period: CapPeriod
  limitMicroUsd: number
}

export interface CodePolicy {
  /** 4 to 10 */
  digits: number
  ttlMs: number
  maxChecks: number
  maxSends: number
  /** shortest time between two sends of one verification, ms */
  resendAfterMs: number
  /** message text with {code} and {service} */
  template: string
}

export interface ServicePolicy {
  name: string
  mode: Mode
  /** ISO 3166 alpha-2 of the markets; empty: nowhere is abroad */
  markets: string[]
  outside: Exclude<GeoPermission, 'allow'>
  /** per country, stronger than markets and outside */
  countries: Record<string, GeoPermission>
  /** by line type */
  numberTypes: Record<NumberType, 'allow' | 'challenge' | 'deny'>
  /** a number in a range no operator holds */
  unallocated: 'allow' | 'challenge' | 'deny'
  /** daily fraud budget, micro-USD: the wide openings scale with it (50 USD a day = the table) */
  fraudBudgetMicroUsd: number
  lines: Record<LineName, LinePolicy>
  /** times its limit at which a narrow line denies and a wide line leaves unproven numbers without SMS */
  hard: number
  /** unverified sends one verified send pays for, over the break-even of the baseline */
  margin: number
  /** standard deviations of earned credit that the limit allows for */
  z: number
  /** share of the expected verified spend of an hour that country and operator openings grow to, 0 to 1 */
  sizeShare: number
  rateLimits: RateLimit[]
  distinct: DistinctLimit[]
  spendCaps: SpendCap[]
  /** one verification call within this time is one session: range lines are charged once */
  sessionMs: number
  /** age after which an unverified send counts as lost, until the country's own p95 is learned */
  maturityMs: number
  knownGood: { forMs: number; unverified: number }
  /** when a probability of being pumped (0 to 1) asks for a challenge */
  risk: {
    /** on idle lines */
    challenge: number
    /** on a line at its limit */
    challengeWhenFull: number
    /** from this, no SMS goes to unproven numbers of a country with an open incident: other channels are offered */
    duringAttack: number
    /** below this, wide lines ask for a challenge only half way to their closing */
    spare: number
    /** utilisation from which the first falls to the second, 0 to 1 */
    from: number
  }
  earning: {
    /** units one source may earn for a narrow destination line in a day */
    perSourceDaily: number
    /** a narrow destination line earns at most the largest of these a day */
    sendsDaily: number
    microUsdDaily: number
    timesCountryMean: number
    /** lines earn only when the application reports `activated` */
    onActivation: boolean
  }
  /** prior baseline conversion in markets and elsewhere */
  prior: { markets: number; elsewhere: number }
  code: CodePolicy
  /** proof of work: expected seconds on one core at utilisation 1, and the most it is raised to */
  challenge: { ttlMs: number; cost: number; maxCost: number }
  lists: { allow: string[]; deny: string[] }
  playbook: { automatic: AutomaticMeasure[] }
  /** how long a held request waits for a person, ms; then it is refused */
  review: { expiresMs: number }
}

export interface Policy {
  version: 1
  mode: Mode
  /** caps over all services together */
  spendCaps: SpendCap[]
  services: Record<string, ServicePolicy>
  /** what a service that the file does not name gets; `null`: unknown services are an error */
  fallback: ServicePolicy | null
}
