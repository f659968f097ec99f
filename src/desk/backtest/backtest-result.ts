import type { Verdict } from '../../engine/decision.js'

/** What one policy makes of the recorded requests. Money in micro-USD at the recorded prices. */
export interface Figures {
  requests: number
  /** by what the policy enforces: in monitor mode everything that can be sent is allowed */
  allowed: number
  challenged: number
  held: number
  denied: number
  /** messages: allowed, or challenged and solved */
  sent: number
  /** of those: the code came back */
  verified: number
  /** people who verified, and are held or denied: each number once an hour */
  verifiedRefused: number
  /** people who verified, and are challenged first: each number once an hour */
  verifiedChallenged: number
  /** requests that are not sent, of which nobody knows whether they would have verified: they never were sent */
  unknownRefused: number
  spendMicroUsd: number
  /** spent on messages whose code did not come back */
  wastedMicroUsd: number
}

export interface Compared {
  current: Figures
  proposed: Figures
}

export interface CountryCompared extends Compared {
  /** ISO 3166 alpha-2; '' where the number has none; '*' for all that are not listed */
  country: string
}

/** Requests that were not simply allowed, by each reason they had. */
export interface ReasonCompared {
  code: string
  current: number
  proposed: number
}

/** Requests that the two policies treat differently. */
export interface VerdictChange {
  /** by the current policy */
  before: Verdict
  /** by the proposed one */
  after: Verdict
  requests: number
  /** of those: people who verified */
  people: number
}

export interface ChangedRequest {
  /** id of a request in the ledger */
  id: string
  at: number
  service: string
  country: string
  before: Verdict
  after: Verdict
  /** the code came back, then or within a day */
  wasVerified: boolean
  /** strongest reason of whichever policy is stricter */
  reason: string | null
  priceMicroUsd: number
}

/** Recorded traffic under two policies, side by side. Plain data. */
export interface BacktestResult {
  /** Unix ms, [from, to) as replayed */
  from: number
  to: number
  /** requests replayed and counted */
  rows: number
  /** share of the number blocks that were replayed: 1 is all of them */
  sampled: number
  current: Figures
  proposed: Figures
  /** most requests first */
  byCountry: CountryCompared[]
  /** most different first */
  byReason: ReasonCompared[]
  changes: VerdictChange[]
  /** some requests of each change, people first */
  changed: ChangedRequest[]
  /** what was taken for granted, in sentences */
  assumptions: string[]
  tookMs: number
}

export interface BacktestProgress {
  /** requests replayed so far, and about how many there are */
  rows: number
  of: number
  /** time of the traffic that was reached, Unix ms */
  at: number
}
