/** What an audit found: plain data, the one source of the report, `--json` and `--csv`. Money in the log's currency. */

/** A sum with its 90 % interval. */
export interface Estimate {
  value: number
  low: number
  high: number
}

/** How sure the audit is of a message: P(pumped) at least 0.95, at least 0.5, at least 0.1, or less. */
export type Certainty = 'surely' | 'probably' | 'unclear' | 'fine'

export interface Skipped {
  /** stable: `bad_number`, `bad_time`, `future`, `duplicate`, `inbound`, `other_currency`, `columns_missing`, ... */
  why: string
  rows: number
  /** the first of them, in words: file, line and what was seen; numbers masked */
  examples: string[]
}

export interface InputFile {
  path: string
  /** `twilio-messages`, `vonage-sms`, ..., or `mapped` */
  format: string
  rows: number
  bytes: number
}

/** One day, week or month. */
export interface Period {
  /** start, `YYYY-MM-DD`, UTC */
  from: string
  messages: number
  spend: number
  fraud: Estimate
  /** fraud over spend, 0 to 1 */
  share: number
}

export interface RangeFinding {
  level: 'subBlock' | 'block' | 'operator' | 'country'
  /** E.164 prefix with a plus, operator range, or country code */
  key: string
  country: string
  operator: string
  messages: number
  spend: number
  /** null where the log has no outcomes */
  verified: number | null
  /** verifications that so many messages usually bring; null where the log has no outcomes */
  expected: number | null
  fraud: number
}

export interface AuditIncident {
  id: string
  /** ISO 8601, UTC */
  onset: string
  peak: string
  end: string
  /** `attack`, or `outage`: nobody verified and nobody was paid to */
  kind: 'attack' | 'outage'
  countries: string[]
  ranges: RangeFinding[]
  messages: number
  /** spent in its ranges from onset to end */
  spend: number
  /** of that, what is estimated to be fraud */
  money: Estimate
  /** what spoke for it, in sentences, strongest first */
  because: string[]
  /** messages an hour from onset to end, at most 200 points */
  timeline: { at: string; messages: number; spend: number; verified: number | null }[]
}

export interface PlaceFinding {
  /** ISO 3166 alpha-2, or operator range */
  key: string
  name: string
  country: string
  messages: number
  spend: number
  fraud: number
  failed: number
  verified: number | null
  /** inside the declared markets; null where none were declared */
  market: boolean | null
}

/** A defence that was not there. */
export interface Saving {
  /** `tollgate`, a peer's name, or a defence of the checklist */
  defence: string
  title: string
  /** where its rule is published; '' for our own */
  source: string
  /** money it would have kept: fraud not sent */
  saved: number
  /** share of the fraud money, 0 to 1 */
  share: number
  /** share of what is fine that it would have refused or challenged, 0 to 1 */
  touched: number
  refused: number
}

export interface CostModel {
  name: 'per_message' | 'per_success' | 'with_gate'
  title: string
  total: number
  /** per verified user; null where nobody knows how many */
  perVerified: number | null
  assumption: string
}

export interface AuditResult {
  tollgate: string
  files: InputFile[]
  rows: number
  skipped: Skipped[]
  duplicates: number
  /** ISO 8601, UTC, of the first and the last message */
  from: string
  to: string
  markets: { codes: string[]; declared: boolean }
  outcomes: { known: boolean; share: number; source: 'log' | 'file' | 'none' }
  masked: number
  segments: number
  spend: {
    currency: string
    total: number
    /** share of messages whose price was missing, 0 to 1: theirs is the usual one of their country in the log, or listed */
    estimated: number
    /** share of messages priced by the price list, for the log has no price of their country, 0 to 1 */
    listed: number
    /** what the price list is, in words */
    priceList: string
  }
  fraud: {
    surely: number
    probably: number
    unclear: number
    fine: number
    money: Estimate
    share: number
    low: number
    high: number
    messages: number
  }
  trend: { day: Period[]; week: Period[]; month: Period[]; sentence: string }
  incidents: AuditIncident[]
  countries: PlaceFinding[]
  operators: PlaceFinding[]
  ranges: RangeFinding[]
  /** numbers that got most, `+23480******34` or pseudonyms */
  topNumbers: {
    number: string
    country: string
    messages: number
    spend: number
    verified: number | null
  }[]
  wouldHaveSaved: Saving[]
  costs: { models: CostModel[]; breakEven: string }
  /** policy that fits the log, YAML */
  policy: string
  /** what the audit cannot see in this log, and how sure it is, in sentences */
  limits: string[]
}
