import type { IssuedChallenge } from '../challenge/port.js'
import type { CompiledPolicy } from '../engine/compile.js'
import type { Decision } from '../engine/decision.js'
import type { Incident, QuarantineChange } from '../engine/detect/change.js'
import type { NumberFacts, SourceFacts } from '../engine/facts.js'
import type { Measure } from '../engine/measures.js'
import type { Policy } from '../engine/policy.js'
import type { OutcomeKind, VerificationStatus } from '../ledger/rows.js'
import type { Receipt } from '../send/port.js'
import type { Exposure } from './exposure.js'
import type { Patience } from './patience.js'
import type { RangeLine, RangePath } from './range-lines.js'

/** A message that cost nothing would charge no line, and nothing would bound how many are sent. */
export const PRICE_MICRO_USD = { minimum: 1, maximum: 100_000_000 }

/** A request as the application makes it. Everything but service and number is optional. */
export interface GateRequest {
  service: string
  /** as typed; E.164 is best. `defaultCountry` (ISO 3166 alpha-2) is needed for national spellings */
  to: string
  defaultCountry?: string
  ip?: string
  deviceId?: string
  accountId?: string
  sessionId?: string
  userAgent?: string
  sessionAgeMs?: number
  precedingEvents?: number
  apiKeyId?: string
  /** micro-USD, whole, within {@link PRICE_MICRO_USD}; else from the price table */
  priceMicroUsd?: number
  /** the caller had a challenge of its own solved for this request */
  challengePassed?: boolean
  /** a person has approved it: whatever asked for a person, or for a challenge, is answered */
  reviewed?: boolean
  /** `false` skips lines and rate limits for this request (trusted caller); policy, caps and book-keeping stay */
  riskCheck?: boolean
  /** at most one effect per key and API key, 24 h */
  idempotencyKey?: string
}

export interface StartRequest extends GateRequest {
  channel?: 'sms'
  locale?: string
  tags?: Record<string, string>
  /** a code of the caller's own, 4 to 10 digits */
  code?: string
}

/** Answer of a decide-only call. */
export interface GateDecision extends Decision {
  id: string
  number: {
    e164: string
    country: string
    type: string
    operator: string | null
    problem: string | null
  }
  priceMicroUsd: number
  policyVersion: number
}

export interface VerificationView {
  id: string
  service: string
  /** E.164; empty when the number is pseudonymised and the verification has ended */
  to: string
  channel: 'sms'
  status: VerificationStatus
  sends: number
  checks: number
  createdAt: number
  updatedAt: number
  expiresAt: number
  tags: Record<string, string> | null
  /** what happened, in order of time; only `get` reads it, elsewhere it is empty */
  timeline: { at: number; event: string; detail: string | null }[]
}

export interface StartResult {
  verification: VerificationView
  decision: GateDecision
  challenge: IssuedChallenge | null
  /** other channels that could be offered instead of SMS */
  channels: string[]
}

export type CheckResult =
  | { status: 'verified'; verification: VerificationView }
  | { status: 'wrong_code'; checksLeft: number; verification: VerificationView }

/** Expected refusals of the life cycle; the edge maps each to a status (one catalogue: http/errors.ts). */
export const LIFE_ERRORS = [
  'verification_not_found',
  'verification_expired',
  'verification_cancelled',
  'already_verified',
  'not_sent_yet',
  'not_held',
  'own_code_not_kept',
  'too_many_checks',
  'too_many_sends',
  'resend_too_soon',
  'challenge_malformed',
  'challenge_expired',
  'challenge_foreign',
  'challenge_wrong',
  'challenge_used',
  'challenge_not_asked',
  'unknown_service',
  'invalid_code_format',
  'idempotency_mismatch',
  'idempotency_in_progress',
  'conflict',
  'provider_unavailable',
  'provider_refused',
  'ledger_unavailable',
  'lines_unavailable',
  'stores_slow',
] as const
export type LifeErrorCode = (typeof LIFE_ERRORS)[number]

export interface LifeError {
  code: LifeErrorCode
  /** one sentence: what, and how to mend it */
  message: string
  /** Unix ms */
  retryAt?: number
}

/** Expected outcomes are values, not exceptions. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: LifeError }

export interface OutcomeReport {
  /** id of a decision or of a verification */
  id: string
  kind: OutcomeKind
  /** Unix ms; now when absent */
  at?: number
  detail?: string
}

/**
 * The verification life cycle and the decide-only path: what http, cli and the library drive. `patience` is that of the
 * caller, who answers for himself when it ends; without one the gate gives up after `requestMs`.
 */
export interface Gate {
  /** Decides and charges: the caller sends, and reports what became of it */
  decide(request: GateRequest, patience?: Patience): Promise<Result<GateDecision>>
  /** What `decide` would say now; charges and records nothing */
  assess(request: GateRequest, patience?: Patience): Promise<Result<GateDecision>>
  /** Delivery receipts of a provider's webhook. @returns how many were of messages sent here */
  receive(provider: string, receipts: readonly Receipt[]): Promise<number>
  report(
    outcomes: readonly OutcomeReport[],
  ): Promise<{ id: string; accepted: boolean; reason: string | null }[]>
  start(request: StartRequest, patience?: Patience): Promise<Result<StartResult>>
  /** A live verification of the number, as Twilio's API addresses it */
  find(service: string, to: string): Promise<VerificationView | null>
  get(id: string, patience?: Patience): Promise<Result<VerificationView>>
  /** A person's answer to a held verification: the code goes out now, decided anew, or never */
  review(
    id: string,
    answer: 'approve' | 'refuse',
    patience?: Patience,
  ): Promise<Result<VerificationView>>
  solve(
    id: string,
    solution: { type: string; solution: string },
    patience?: Patience,
  ): Promise<Result<StartResult>>
  check(id: string, code: string, patience?: Patience): Promise<Result<CheckResult>>
  /**
   * @param options.code the caller's own code again, where it gave one at the start
   * @param options.apiKeyId whose idempotency key it is: those of two callers never meet
   */
  resend(
    id: string,
    options?: { code?: string; apiKeyId?: string; idempotencyKey?: string },
    patience?: Patience,
  ): Promise<Result<StartResult>>
  cancel(id: string, patience?: Patience): Promise<Result<VerificationView>>
  /** The application verified it by other means: settles like a right code */
  approve(id: string, patience?: Patience): Promise<Result<VerificationView>>
  /** Work that is due: maturity, expiry. Call about once a second. @returns how many credits matured */
  tick(): Promise<number>
  /** Attacks and outages: those that are open, then the last hundred that closed in this process */
  incidents(): Incident[]
  /** Blocks and sub-blocks that take no message now */
  quarantines(): QuarantineChange[]
  /** Lets an incident go on under the id it is kept under. @returns false when there is none, or the other id is taken */
  renameIncident(id: string, to: string): boolean
  /** How the lines of credit of a range stand now, narrowest first; none for a service that the policy does not name */
  rangeLines(service: string, path: RangePath): Promise<RangeLine[]>
  /** How the line of each service that the policy names stands: what is at risk now */
  exposure(): Promise<Exposure[]>
  /** What is known of a number, as decisions know it */
  parseNumber(input: string, defaultCountry?: string): NumberFacts
  /** What is known of an address, as decisions know it */
  sourceFacts(ip: string | null): SourceFacts
  /** Publishes a policy: decisions from now on follow it */
  setPolicy(policy: Policy, version: number): void
  /** Policy in force */
  readonly policy: CompiledPolicy
  /** Entries of the operators' own lists, beside those of the policy file */
  setLists(lists: { allow: readonly string[]; deny: readonly string[] }): void
  /** Measures of the playbook, in place of those before; each ends by the clock. Not on disk: set them at the start. */
  setMeasures(measures: readonly Measure[]): void
}
