import type { Throttle } from './measures.js'
import type { LineName, Subject } from './policy.js'
import type { SignalCounters } from './signals/counters.js'

/** Numbers per line in `Gathered.lines`, in this order. */
export const LINE_FIELDS = ['earnedFast', 'lostFast', 'earnedSlow', 'lostSlow', 'reserved'] as const
export const LINE_WIDTH = LINE_FIELDS.length

/** A sliding window to be read and counted: messages of `subject` over `windowMs`. */
export interface WindowSpec {
  subject: Subject
  windowMs: number
}
export interface DistinctSpec {
  of: 'numbers' | 'countries'
  per: Subject
  windowMs: number
}
/** Money spent since the start of the current UTC hour, day or month. */
export interface SpendSpec {
  scope: 'service' | 'country' | 'global'
  period: 'hour' | 'day' | 'month'
}

/** What to keep for a service: compiled once from its policy. */
export interface Layout {
  /** half-life of the slow scale per line, ms, in the order of LINES */
  slowHalfLifeMs: readonly number[]
  windows: readonly WindowSpec[]
  distinct: readonly DistinctSpec[]
  spend: readonly SpendSpec[]
  sessionMs: number
}

export interface Query {
  service: string
  layout: Layout
  /** key per subject in the order of SUBJECTS; '' where the request carries none */
  keys: readonly string[]
  /** country of the number, for spend and distinct countries */
  country: string
  /** last four digits of the number, 0 to 9999: neighbours in a block are told by them; -1 for no number */
  subscriber: number
  /** what stands for the person behind the number: device and account keys, '' where absent */
  sources: readonly string[]
  /** throttles of the playbook that it meets; empty but for a few minutes of a bad year */
  throttles: readonly Throttle[]
}

/** State of one request at one time. Arrays are the caller's to read until its next `await`. */
export interface Gathered {
  /** LINE_WIDTH numbers per line in the order of LINES, decayed to now */
  lines: Float64Array
  /** messages per window of the layout, the oldest partial bucket counted in full */
  windows: Float64Array
  /** distinct count per entry of the layout, with this request's own value counted */
  distinct: Float64Array
  /** micro-USD per spend entry of the layout */
  spend: Float64Array
  /** messages of the last hour per throttle of the query */
  throttled: Float64Array
  /** last verification of this number in this service, Unix ms, 0 for never */
  verifiedAt: number
  /** one of the request's sources took part in a verification of this number */
  sourceKnown: boolean
  /** start of the number's open session, Unix ms, 0 for none */
  sessionAt: number
  /**
   * start of the number's latest session, open or over, that carried another message (`Demand.carried`), Unix ms, 0 for
   * none; later than `sessionAt`: the first message of the open one failed (`rangesCarried`)
   */
  carriedAt: number
  /** what the signals ask for, but for what is usual (`usual...`), which is learned elsewhere */
  counters: SignalCounters
  /** a line could not be kept in its own place (store full); it shares one with others of its kind */
  degraded: boolean
  /**
   * The shared store is lost, and this is what the gateway keeps by itself: lines with a reduced share of the usual
   * credit (`degraded`), or no lines at all (`open`). Absent: the state is the store's own.
   */
  standIn?: StandIn
}

/** What stands in for a lost store of lines. */
export type StandIn = 'degraded' | 'open'

/** Nothing binds what is spent. */
export const NO_SPEND_CEILINGS = new Float64Array(0)

/** What a decision asks the store to add. */
export interface Demand {
  /** per line of LINES: amount to reserve, 0 for none */
  costs: Float64Array
  /** per line: the reserved amount after the charge may not be over this */
  ceilings: Float64Array
  /** per spend entry of the layout: what is spent after the charge may not be over this, micro-USD; empty: none binds */
  spendCeilings: Float64Array
  /** added to every spend counter, micro-USD */
  priceMicroUsd: number
  /** the first send of its session: opens one */
  opensSession: boolean
  /** a later one, which its ranges are not charged for: what the first one left there stands for it too */
  carried: boolean
  /** `asked`: nothing goes out, only the signals count it */
  as: 'send' | 'asked'
  /** nothing is charged when a throttle of the query is used up; else it is only counted there */
  throttled: boolean
}

/** One earning cap: `key` may earn `max` in a UTC day. */
export interface EarnCap {
  key: string
  max: number
}

/**
 * What happens to one line of a charge, in the line's unit. Positive amounts are added on both scales at `now`;
 * negative ones take back what was added at `since`, decayed since then. No amount falls below zero.
 */
export interface Move {
  line: LineName
  key: string
  reserved: number
  earned: number
  lost: number
  since: number
  /** bound what is earned: the smallest room of them is granted and used up */
  caps: readonly EarnCap[]
  /** what is beyond the first cap is not repaid: it counts as lost */
  surplusLost: boolean
}

/** What became of the first send of a session, for the counters of its range and sources. */
export interface SendOutcome {
  /** `late`: verified after it was counted as lost */
  what: 'verified' | 'lost' | 'failed' | 'late'
  /** from send to verification, ms; 0 when there was none */
  delayMs: number
}

export interface Settlement {
  service: string
  layout: Layout
  moves: readonly Move[]
  /** `null`: nothing new is known of the send, or it was not the first of its session */
  outcome: SendOutcome | null
  /** a number that has proven itself, with the sources it did it from */
  verified: { numberKey: string; sources: readonly string[] } | null
  /** spend to give back: the charge was never billed */
  refund: { country: string; priceMicroUsd: number; at: number } | null
  /** the session that this charge opened has lost its first message; `null` where it opened none, or has not */
  lostFirst: LostFirst | null
}

/** A session's first message that never went out, or failed: what it stands for from then on, `rangesCarried` says. */
export interface LostFirst {
  numberKey: string
  /** when the session began, Unix ms */
  at: number
  /** nothing of it went out: the next message opens a session of its own */
  ends: boolean
  /**
   * where the session has carried another message, the charge stays on the ranges, as lost (`leftOnRanges`): that one
   * has no other
   */
  leaves: boolean
}
