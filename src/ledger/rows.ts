import type { Mode, Reason, Verdict } from '../engine/decision.js'
import type { Seen } from '../engine/knowledge.js'
import type { LineName } from '../engine/policy.js'
import type { Evidence } from '../engine/signals/weigh.js'

/** One line of a charge as it is kept: enough to settle it later under any policy. */
export interface ChargedLine {
  line: LineName
  key: string
  cost: number
}

/** What a send reserved, kept with its request: the journal from which lines are rebuilt after a crash. */
export interface ChargeRecord {
  lines: ChargedLine[]
  /** keys of device and account, for numbers that verify */
  sources: string[]
  numberKey: string
  opensSession: boolean
  /** caps and units as decided, so that settling needs no policy */
  unitMicroUsd: number
  /** what the signals saw: its outcome teaches them. `null` for later sends of a session */
  seen: Seen | null
  /** counters of the playbook's throttles it was counted on */
  throttles?: string[]
}

/** State of a request's credit. Every settlement is one guarded step between two of these. */
export const CREDIT = [
  'none',
  'reserved',
  'earned',
  'activated',
  'lost',
  'failed',
  'released',
] as const
export type Credit = (typeof CREDIT)[number]

/** The code came back. */
export const CONVERTED: readonly Credit[] = ['earned', 'activated']
/** A message went out. */
export const WENT_OUT: readonly Credit[] = ['reserved', ...CONVERTED, 'lost', 'failed']

/** Somebody asked for a code: the facts and the decision. One row for each request, resend or decision call. */
export interface RequestRow {
  /** begins with its time, so that ids ascend: random ones make writing three times as dear */
  id: string
  at: number
  service: string
  kind: 'decision' | 'start' | 'resend'
  /** E.164 in clear, or a keyed hash where the installation pseudonymises */
  number: string
  country: string
  operator: string
  /** E.164 prefix without the last four digits; kept in clear: it is a range, not a person */
  block: string
  ip: string | null
  subnet: string | null
  asn: number | null
  deviceId: string | null
  accountId: string | null
  sessionId: string | null
  userAgent: string | null
  apiKeyId: string | null
  priceMicroUsd: number
  verdict: Verdict
  would: Verdict
  mode: Mode
  score: number
  reasons: Reason[]
  /** what the signals saw, strongest first */
  evidence: readonly Evidence[]
  knownGood: boolean
  degraded: boolean
  policyVersion: number
  verificationId: string | null
  charge: ChargeRecord | null
  credit: Credit
  /** when an unverified send counts as lost; `null` without a charge */
  maturesAt: number | null
  /** time of the last change of `credit` */
  settledAt: number | null
}

/** What a settlement is worked out from. */
export const SETTLED = [
  'id',
  'service',
  'country',
  'operator',
  'at',
  'charge',
  'maturesAt',
] as const satisfies readonly (keyof RequestRow)[]
export type SettledRequest = Pick<RequestRow, (typeof SETTLED)[number]>

/** What the gateways of a cluster learn from each other's requests. */
export const LEARNED = [
  ...(['id', 'at', 'service', 'number', 'country', 'operator', 'block', 'ip', 'subnet'] as const),
  ...(['asn', 'deviceId', 'accountId', 'priceMicroUsd', 'verdict', 'would', 'reasons'] as const),
  ...(['knownGood', 'charge'] as const),
] as const satisfies readonly (keyof RequestRow)[]
export type LearnedRequest = Pick<RequestRow, (typeof LEARNED)[number]>

/** What is counted of a request in what was asked for most. */
export const ASKED = [
  ...(['number', 'country', 'ip', 'block', 'operator', 'asn'] as const),
  ...(['would', 'credit', 'priceMicroUsd'] as const),
] as const satisfies readonly (keyof RequestRow)[]
export type AskedRequest = Pick<RequestRow, (typeof ASKED)[number]>

export const VERIFICATION_STATUS = [
  'challenge_required',
  'held',
  'denied',
  /** a code is out (or on its way) and can be checked */
  'sent',
  'verified',
  'expired',
  'cancelled',
  /** no provider took the message */
  'failed',
] as const
export type VerificationStatus = (typeof VERIFICATION_STATUS)[number]

export interface VerificationRow {
  id: string
  service: string
  /** as in RequestRow.number: the key to find it by */
  number: string
  /** the number to send to: in clear, or sealed by the ledger where it pseudonymises; emptied at the end */
  to: string
  channel: 'sms'
  status: VerificationStatus
  /** HMAC-SHA-256 under the server key, base64url; `null` before the first send and after the end */
  codeHash: string | null
  checks: number
  sends: number
  createdAt: number
  updatedAt: number
  expiresAt: number
  lastSendAt: number | null
  /** context of the start, for decisions on resend and challenge */
  context: Record<string, unknown>
  /** the last decision: verdict, score, reasons */
  requestId: string
  apiKeyId: string | null
  locale: string | null
  tags: Record<string, string> | null
  /** compare-and-set counter: an update with a stale one changes nothing */
  version: number
}

const SEND_STATUS = ['pending', 'accepted', 'delivered', 'failed', 'unknown'] as const
export type SendStatus = (typeof SEND_STATUS)[number]
export interface SendRow {
  id: string
  requestId: string
  verificationId: string
  at: number
  updatedAt: number
  provider: string | null
  providerId: string | null
  /** 'pending': committed, not yet answered by a provider; 'unknown': the answer, or the process, was lost in between */
  status: SendStatus
  error: string | null
  priceMicroUsd: number
}

export interface ReceiptRow {
  sendId: string
  at: number
  status: string
  error: string | null
  providerCode: string | null
}

export const OUTCOMES = [
  'sent',
  'delivered',
  'failed',
  'verified',
  'lost',
  'released',
  'expired',
  'cancelled',
  'activated',
  'banned',
  'chargeback',
] as const
export type OutcomeKind = (typeof OUTCOMES)[number]

/** Append-only: what became of a request. Replayed in order after a crash. */
export interface OutcomeRow {
  at: number
  requestId: string
  kind: OutcomeKind
  /** credit the request had before and after; equal where the outcome moves nothing */
  from: Credit
  to: Credit
  detail: string | null
}

export interface PolicyRow {
  version: number
  at: number
  by: string
  yaml: string
  note: string | null
}

export interface KeyRow {
  id: string
  /** SHA-256 of the secret, base64url: secrets are random, 32 bytes */
  secretHash: string
  name: string
  scopes: string[]
  createdAt: number
  revokedAt: number | null
}

export interface ActionRow {
  at: number
  actor: string
  action: string
  target: string
  detail: Record<string, unknown> | null
}

/** An entry of the allow and deny lists kept by operators (the policy file has its own). */
export interface ListRow {
  list: 'allow' | 'deny'
  entry: string
  source: string
  createdAt: number
  expiresAt: number | null
}

/** Twilio's Service resource over one of ours. */
export interface ServiceRow {
  sid: string
  /** service of the policy */
  name: string
  friendlyName: string
  codeLength: number
  createdAt: number
  updatedAt: number
}

/** A number as it lies in the vault. */
export interface SealedNumber {
  /** the keyed hash that rows have in its place */
  numberKey: string
  /** thirty days in which it was seen, counted from 1970: it goes with the records of that time */
  period: number
  keyId: string
  sealed: string
}
