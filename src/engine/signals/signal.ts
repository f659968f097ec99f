import type { Facts } from '../facts.js'

/**
 * Counters of one request's keys, read in the same batch as its lines and decayed to now. A key that the request does
 * not carry leaves its counters at `null`.
 */
export interface SignalCounters {
  block: RangeCounters
  operator: RangeCounters
  country: RangeCounters
  ip: SourceCounters | null
  subnet: SourceCounters | null
  network: SourceCounters | null
  device: SourceCounters | null
  account: SourceCounters | null
  /** earlier sends to this number in its open session; 0 for the first */
  sessionSends: number
}

/** Of a destination range. Rates are exponentially decayed sums with the half-life in their name. */
export interface RangeCounters {
  /** first sends of sessions, half-life 10 min / 1 h / 7 days (24 h above the block) */
  sends10m: number
  sends1h: number
  sendsLong: number
  /** of those an hour old at most: verified, matured unverified, failed by receipt */
  verified1h: number
  lost1h: number
  failed1h: number
  verifiedLong: number
  lostLong: number
  /** what is usual: sends in an hour like this one (hour of week, median), and its spread (MAD); `null` before one day */
  usualHourly: number | null
  usualSpread: number | null
  /** decayed sums over gaps between successive sends, for the coefficient of variation: number, sum (ms), sum of squares */
  gaps: { n: number; sum: number; squares: number }
  /** of the last 16 subscriber numbers in the block: pairs that are direct neighbours; 0 above the block */
  neighbours: number
  remembered: number
  /** days since the first send here; `null` when never seen before this request */
  firstSeenDays: number | null
}

/** Of a source. */
export interface SourceCounters {
  /** different numbers asked for in the last hour, this one included; distinct count, some 10 % off above ten */
  numbers1h: number
  /** different countries in the last day, this one included */
  countries1d: number
  verifiedLong: number
  lostLong: number
  gaps: { n: number; sum: number; squares: number }
}

/** Signals of a group say the same thing in other words: only the strongest of a group counts. */
export type SignalGroup =
  | 'number'
  | 'range'
  | 'rhythm'
  | 'country'
  | 'source'
  | 'network'
  | 'client'
  | 'session'
  | 'conversion'
  | 'carrier'
  | 'intel'

/** What a signal has seen, before it is weighed. */
export interface Observed {
  observed: number | null
  expected: number | null
  /** of the observation, ms; `null` for a plain fact */
  windowMs: number | null
}

export interface SignalContext {
  facts: Facts
  counters: SignalCounters
  /** baseline conversion of the country */
  p: number
  /** the service names no markets, or the number is in one of them */
  inMarket: boolean
  now: number
}

/** One signal: when it is there, how strong, and what it weighs until the service's own outcomes say better. */
export interface Signal {
  code: string
  group: SignalGroup
  /** log-odds (natural log) of pumped against not when it is fully there, clamped to +-4; the reason stands beside it */
  start: number
  /** why the start weight is what it is, with its source */
  why: string
  /** `null` when absent; else its strength, 0 to 1 (how much of the weight it brings), and what was seen */
  read(context: SignalContext): (Observed & { strength: number }) | null
}
