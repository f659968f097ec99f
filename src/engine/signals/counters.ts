/**
 * Counters of one request's keys, read in the same batch as its lines, decayed to now and without this request. A key
 * that the request does not carry leaves its counters at `null`.
 *
 * What they cost: a range is two records of eight 32-bit numbers (a block has a third, its last 16 numbers in 16 bits
 * each), a source is one. `gaps.n` is `sends1h` and `delays.n` is `verifiedLong`, so neither is stored.
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

/** Exponentially decayed sums: how many, their sum (ms), the sum of their squares. */
export interface Sums {
  n: number
  sum: number
  squares: number
}

/**
 * Of a destination range. All are exponentially decayed sums over first sends of sessions; a resend counts in none.
 * A send counts as verified or lost once it has matured. Traffic in quarantine is counted: it was asked for.
 */
export interface RangeCounters {
  /** half-life 15 min */
  sends15m: number
  verified15m: number
  lost15m: number
  /** half-life 1 h */
  sends1h: number
  verified1h: number
  lost1h: number
  /** receipts that say failed, half-life 1 h */
  failed1h: number
  /** half-life `LONG_MS`: 7 days at the block, 24 h above it */
  verifiedLong: number
  lostLong: number
  /** of the lost: sessions in which the code was sent again */
  resentLong: number
  /** what is usual in an hour like this one (`createSeason`): median, MAD and the mean hour; `null` before one day */
  usualHourly: number | null
  usualSpread: number | null
  usualFlat: number | null
  /** gaps between successive sends, each at most 1 h, half-life 1 h */
  gaps: Sums
  /** from send to verification, half-life as `verifiedLong` */
  delays: Sums
  /** of the last 16 different subscriber numbers (last four digits) in the block: direct neighbours; 0 above it */
  neighbours: number
  remembered: number
  /** days since sends here began, or began again after 30 days without; `null` when this is the first */
  firstSeenDays: number | null
}

/** Of a source. */
export interface SourceCounters {
  /** different numbers asked for in the last hour, this one included; distinct count, some 10 % off above ten */
  numbers1h: number
  /** different countries in the last day, this one included */
  countries1d: number
  /** half-life 24 h */
  verifiedLong: number
  lostLong: number
  /** half-life 1 h, gaps of at most 1 h */
  gaps: Sums
  /** half-life 24 h */
  delays: Sums
}

/** Counters of a range nobody has sent to. */
export const emptyRange = (): RangeCounters => ({
  sends15m: 0,
  verified15m: 0,
  lost15m: 0,
  sends1h: 0,
  verified1h: 0,
  lost1h: 0,
  failed1h: 0,
  verifiedLong: 0,
  lostLong: 0,
  resentLong: 0,
  usualHourly: null,
  usualSpread: null,
  usualFlat: null,
  gaps: { n: 0, sum: 0, squares: 0 },
  delays: { n: 0, sum: 0, squares: 0 },
  neighbours: 0,
  remembered: 0,
  firstSeenDays: null,
})

/** Counters of a source that asks for the first time. */
export const emptySource = (): SourceCounters => ({
  numbers1h: 1,
  countries1d: 1,
  verifiedLong: 0,
  lostLong: 0,
  gaps: { n: 0, sum: 0, squares: 0 },
  delays: { n: 0, sum: 0, squares: 0 },
})

/** Counters of a request that carries no source, to a range nobody has sent to. */
export const emptyCounters = (): SignalCounters => ({
  block: emptyRange(),
  operator: emptyRange(),
  country: emptyRange(),
  ip: null,
  subnet: null,
  network: null,
  device: null,
  account: null,
  sessionSends: 0,
})
