import type { NumberType } from './facts.js'
import type { LineName, LinePolicy, Policy, ServicePolicy } from './policy.js'
import { DAY, HOUR, MINUTE, SECOND, USD } from './units.js'

const WEEK = 7 * DAY

/** [opening, outside markets or hosting, at least, at least outside, narrow, slow half-life] */
const line = (
  opening: number,
  openingOutside: number,
  atLeast: number,
  atLeastOutside: number,
  narrow: boolean,
  slowHalfLifeMs: number,
): LinePolicy => ({ opening, openingOutside, atLeast, atLeastOutside, narrow, slowHalfLifeMs })

/**
 * Opening credit per line. Small on narrow destination lines, because legitimate users hardly ever meet in one block:
 * two messages cost them nothing and cost an attacker almost everything. Narrow destination lines remember for a
 * week, or a slow attack lives off the refill. `service` opens with the daily fraud budget itself.
 */
export const DEFAULT_LINES: Record<LineName, LinePolicy> = {
  subBlock: line(0.2 * USD, 0.2 * USD, 2, 2, true, WEEK),
  block: line(0.2 * USD, 0.2 * USD, 2, 2, true, WEEK),
  operator: line(4 * USD, 0.7 * USD, 20, 3, false, DAY),
  country: line(10 * USD, 1.5 * USD, 50, 4, false, DAY),
  abroad: line(5 * USD, 5 * USD, 15, 15, false, DAY),
  service: line(50 * USD, 50 * USD, 100, 100, false, DAY),
  number: line(3, 3, 1, 1, true, DAY),
  ip: line(5, 2, 1, 1, true, DAY),
  subnet: line(20, 4, 1, 1, false, DAY),
  network: line(80, 6, 1, 1, false, DAY),
  device: line(3, 3, 1, 1, true, DAY),
  account: line(3, 3, 1, 1, true, DAY),
  session: line(3, 3, 1, 1, true, DAY),
}

/** Source lines whose hosting variant is narrow (can deny) though the line is wide. */
export const NARROW_WHEN_HOSTING: ReadonlySet<LineName> = new Set(['subnet', 'network'])

/** The fraud budget a day for which the table above is written. */
export const REFERENCE_BUDGET_MICRO_USD = 50 * USD

/** Types a code is never sent to by default, and those that must prove themselves first. */
export const DEFAULT_NUMBER_TYPES: Record<NumberType, 'allow' | 'challenge' | 'deny'> = {
  MOBILE: 'allow',
  FIXED_LINE_OR_MOBILE: 'allow',
  FIXED_LINE: 'deny',
  VOIP: 'challenge',
  PERSONAL_NUMBER: 'deny',
  PAGER: 'deny',
  UAN: 'deny',
  VOICEMAIL: 'deny',
  TOLL_FREE: 'deny',
  SHARED_COST: 'deny',
  PREMIUM_RATE: 'deny',
  UNKNOWN: 'challenge',
}

export const DEFAULT_SERVICE: ServicePolicy = {
  name: 'default',
  mode: 'monitor',
  markets: [],
  outside: 'credit',
  countries: {},
  numberTypes: DEFAULT_NUMBER_TYPES,
  unallocated: 'challenge',
  fraudBudgetMicroUsd: REFERENCE_BUDGET_MICRO_USD,
  lines: DEFAULT_LINES,
  hard: 2,
  margin: 1.25,
  z: 2,
  sizeShare: 0.02,
  rateLimits: [
    { subject: 'number', windowMs: 10 * MINUTE, limit: 3, limitOutside: 1, action: 'challenge' },
    { subject: 'number', windowMs: HOUR, limit: 5, limitOutside: 1, action: 'challenge' },
    { subject: 'ip', windowMs: 10 * MINUTE, limit: 20, action: 'challenge' },
    { subject: 'ip', windowMs: HOUR, limit: 10, action: 'challenge' },
    { subject: 'device', windowMs: HOUR, limit: 5, action: 'challenge' },
    { subject: 'account', windowMs: HOUR, limit: 5, action: 'challenge' },
    { subject: 'session', windowMs: HOUR, limit: 5, action: 'challenge' },
    { subject: 'network', windowMs: HOUR, limit: 100, action: 'challenge' },
  ],
  distinct: [
    { of: 'numbers', per: 'ip', windowMs: HOUR, limit: 5, action: 'challenge' },
    { of: 'numbers', per: 'subnet', windowMs: HOUR, limit: 20, action: 'challenge' },
    { of: 'numbers', per: 'network', windowMs: HOUR, limit: 80, action: 'challenge' },
    { of: 'numbers', per: 'device', windowMs: HOUR, limit: 3, action: 'challenge' },
    { of: 'numbers', per: 'account', windowMs: HOUR, limit: 3, action: 'challenge' },
    { of: 'countries', per: 'ip', windowMs: DAY, limit: 3, action: 'challenge' },
  ],
  spendCaps: [],
  sessionMs: 10 * MINUTE,
  maturityMs: 120 * SECOND,
  knownGood: { forMs: 90 * DAY, unverified: 3 },
  risk: { challenge: 0.9, challengeWhenFull: 0.5, duringAttack: 0.3, spare: 0.1, from: 0.5 },
  earning: {
    perSourceDaily: 3,
    sendsDaily: 30,
    microUsdDaily: 1 * USD,
    timesCountryMean: 20,
    onActivation: false,
  },
  prior: { markets: 0.7, elsewhere: 0.5 },
  code: {
    digits: 6,
    ttlMs: 10 * MINUTE,
    maxChecks: 5,
    maxSends: 5,
    resendAfterMs: 0,
    template: 'Your {service} code is {code}. Do not share it with anyone.',
  },
  challenge: { ttlMs: 5 * MINUTE, cost: 1, maxCost: 16 },
  lists: { allow: [], deny: [] },
  playbook: { automatic: [] },
  review: { expiresMs: HOUR },
}

/** What runs with no policy file at all: everything recorded, nothing enforced, any service name accepted. */
export const DEFAULT_POLICY: Policy = {
  version: 1,
  mode: 'monitor',
  spendCaps: [],
  services: {},
  fallback: DEFAULT_SERVICE,
}
