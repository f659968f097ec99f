/** What the detector is told: sends, refusals and outcomes, with the keys of the send. Times are Unix ms, money micro-USD. */

export interface RangeKeys {
  service: string
  /** ISO 3166 alpha-2 */
  country: string
  operatorRange: string
  /** E.164 without its last four digits */
  block: string
  /** E.164 without its last three digits */
  subBlock: string
  /** outside the markets */
  abroad?: boolean
}

export interface SourceKeys {
  ipKey: string | null
  subnetKey: string | null
  asn: number | null
  deviceId: string | null
  accountId: string | null
}

export interface RequestSeen extends RangeKeys, SourceKeys {
  /** one key per number: E.164, or its keyed hash where numbers are pseudonymised */
  numberHash: string
  priceMicroUsd: number
}

export interface SendSeen extends RequestSeen {
  at: number
  /** not the first send of its session: costs money, proves nothing about the range; what becomes of it is `AdvisedSettled` */
  resend: boolean
  /** the number was verified before and passed on its own lines */
  knownGood: boolean
}

/** Sent by monitor mode against its own advice: enforce mode would have refused it. */
export interface AdvisedSeen extends RequestSeen {
  at: number
}

/** What became of such a message. */
export interface AdvisedSettled {
  service: string
  numberHash: string
  sentAt: number
  /** `unsent`: it never went out */
  became: 'verified' | 'lost' | 'unsent'
}

export interface RefusedSeen extends RequestSeen {
  at: number
  /** `challenged`: saved until the challenge is passed and the message goes out */
  verdict: 'denied' | 'challenged'
}

/**
 * - `verified` before maturity;
 * - `unverified`: matured without a verification;
 * - `failed`: a receipt says that it was not delivered, before it matured;
 * - `late`: verified after it was reported `unverified` or `failed`: corrects that.
 */
export type OutcomeKind = 'verified' | 'unverified' | 'failed' | 'late'

/** Outcome of the first send of a session, told once (and once more when `late`). */
export interface OutcomeSeen extends RequestSeen {
  outcome: OutcomeKind
  knownGood: boolean
  sentAt: number
  /** time of the verification, the maturity or the receipt */
  at: number
}
