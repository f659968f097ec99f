import type { Reason, Verdict } from '../../engine/decision.js'
import type { Evidence } from '../../engine/signals/weigh.js'
import type { Credit, RequestRow, VerificationStatus } from '../../ledger/rows.js'

/** A decision in a list. */
export interface DecisionRow {
  id: string
  at: number
  service: string
  kind: RequestRow['kind']
  /** masked for viewers; a keyed hash where the installation pseudonymises */
  number: string
  country: string
  ip: string | null
  asn: number | null
  verdict: Verdict
  would: Verdict
  mode: RequestRow['mode']
  score: number
  /** the strongest reason */
  reason: { code: string; sentence: string } | null
  /** further ones */
  moreReasons: number
  credit: Credit
  priceMicroUsd: number
}

export interface DecisionsPage {
  rows: DecisionRow[]
  next: number | null
  /** how far back this page looked, Unix ms; `null`: at all there is */
  searchedTo: number | null
}

/** What one can search by. */
const SEARCH_FIELDS = ['number', 'range', 'ip', 'asn', 'device', 'account'] as const
export type SearchField = (typeof SEARCH_FIELDS)[number]

/** What was typed, as it was understood. */
export interface Understood {
  text: string
  /** `null`: nothing that can be searched */
  field: SearchField | null
  /** in the spelling that searching knows */
  value: string
  /** what else it could be */
  others: { field: SearchField; value: string }[]
  /** id of the decision, when that is what was typed */
  decision: string | null
}

export interface ShownReason extends Reason {
  /** limit less what was observed; negative: beyond it */
  headroom: number | null
  sentence: string
  remedy: string
}

export interface ShownEvidence extends Evidence {
  sentence: string
}

export interface ShownLine {
  line: string
  key: string
  /** what the send put on it */
  cost: number
  unit: 'micro_usd' | 'messages'
}

export interface ShownStep {
  at: number
  event: string
  detail: string | null
}

/** One decision, as it can be told to whom it concerns. */
export interface DecisionDetail {
  id: string
  at: number
  kind: RequestRow['kind']
  service: string
  number: string
  /** `hashed`: nobody can read it here */
  numbers: 'clear' | 'masked' | 'hashed'
  country: string
  operator: string
  block: string
  ip: string | null
  /** what the address is counted under: itself, or its /64 */
  ipKey: string | null
  subnet: string | null
  asn: number | null
  network: string | null
  ipCountry: string | null
  hosting: boolean
  deviceId: string | null
  accountId: string | null
  sessionId: string | null
  userAgent: string | null
  apiKeyId: string | null
  priceMicroUsd: number
  verdict: Verdict
  would: Verdict
  mode: RequestRow['mode']
  score: number
  knownGood: boolean
  degraded: boolean
  policyVersion: number
  policyInForce: number
  reasons: ShownReason[]
  evidence: ShownEvidence[]
  /** what its message was charged to; empty when none was sent */
  lines: ShownLine[]
  credit: Credit
  maturesAt: number | null
  settledAt: number | null
  /** its life: request, message, outcomes, in order of time */
  timeline: ShownStep[]
  verification: {
    id: string
    status: VerificationStatus
    sends: number
    checks: number
    expiresAt: number
    /** every decision of its life, oldest first */
    decisions: { id: string; at: number; kind: RequestRow['kind']; verdict: Verdict }[]
  } | null
  /** the same request if it came now; `null` where that cannot be asked, with the reason */
  now: {
    would: Verdict
    reasons: ShownReason[]
    /** what would change it */
    alternatives: { change: string; would: Verdict }[]
  } | null
  notAsked: string | null
  /** an entry of the allow list for exactly this number */
  allowed: { expiresAt: number | null } | null
  /** held, and a person's answer is still awaited */
  review: string | null
  /** entry of the watch list that it met, and why it is watched; `null`: none */
  watched: { entry: string; note: string } | null
}
