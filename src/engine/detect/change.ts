/** What a pass reports: incidents, quarantines and the health switch, as plain data. */

/** Depth of a range. Quarantine is for the first two; the others are alerts. `abroad`: all outside the markets. */
export type RangeLevel = 'subBlock' | 'block' | 'operator' | 'country' | 'abroad'

/** Key, and country, of the range of all destinations outside the markets. */
export const ABROAD = '*'

export interface NamedRange {
  level: RangeLevel
  /** E.164 prefix, operator range, country code, or `*` */
  key: string
  country: string
  operatorRange: string
  /** sessions matured since the onset, and those verified */
  sent: number
  verified: number
  /** verifications that so many sessions would have brought at the range's own conversion */
  expected: number
  /** log of the e-value against "converts as usual", natural log */
  evidence: number
}

export interface NamedSource {
  kind: 'subnet' | 'network' | 'device'
  key: string
  /** share of the incident's requests, 0 to 1 */
  share: number
  /** that share over its share among the requests outside the incident */
  lift: number
}

export type IncidentKind = 'attack' | 'outage'
/** `open` while money flows, `contained` when its rate is back under twice the usual, `closed` after a quiet hour. */
export type IncidentState = 'open' | 'contained' | 'closed'

export interface Incident {
  id: string
  kind: IncidentKind
  state: IncidentState
  service: string
  countries: string[]
  /** narrowest set that explains the loss; empty for an outage of a whole route */
  ranges: NamedRange[]
  sources: NamedSource[]
  /** Unix ms */
  firstSendAt: number
  openedAt: number
  containedAt: number | null
  closedAt: number | null
  /** why it was closed: quiet for an hour, or what looked like an attack was an outage */
  closedAs: 'quiet' | 'outage' | null
  /** unverified sends since the onset, less those that the verified ones bring along, micro-USD */
  lostMicroUsd: number
  /** refused requests at the price of the send, each number once an hour, micro-USD */
  savedMicroUsd: number
  refusedNumbers: number
  /** refused numbers that verified later by another path: estimate of people refused */
  falsePositives: number
}

export interface QuarantineChange {
  service: string
  level: 'subBlock' | 'block'
  key: string
  country: string
  operatorRange: string
  /** `exhausted`: its line reached `hard`; `conversion`: the maturity test at alpha 1e-6 */
  because: 'exhausted' | 'conversion'
  /** Unix ms */
  until: number
  /** how many times in a row */
  strikes: number
}

export type Change =
  | { type: 'incident'; event: 'opened' | 'updated' | 'contained' | 'closed'; incident: Incident }
  | { type: 'quarantine'; event: 'begun' | 'ended'; quarantine: QuarantineChange }
  | { type: 'outage'; event: 'begun' | 'ended'; service: string; country: string; since: number }
