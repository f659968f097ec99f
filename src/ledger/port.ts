import type { ConsoleStore } from './console-port.js'
import type { LeaseStore } from './leases.js'
import type { PrivacyStore } from './privacy-port.js'
import type {
  ActionRow,
  AskedRequest,
  Credit,
  KeyRow,
  LearnedRequest,
  ListRow,
  OutcomeKind,
  OutcomeRow,
  PolicyRow,
  ReceiptRow,
  RequestRow,
  SealedNumber,
  SendRow,
  SendStatus,
  ServiceRow,
  SettledRequest,
  VerificationRow,
} from './rows.js'

/** Rows that join the next group commit. */
export type Append =
  | { table: 'requests'; row: RequestRow }
  | { table: 'sends'; row: SendRow }
  | { table: 'verifications'; row: VerificationRow }
  | { table: 'receipts'; row: ReceiptRow }
  | { table: 'outcomes'; row: OutcomeRow }
  | { table: 'actions'; row: ActionRow }
  /** by the ledger itself, where it encrypts numbers */
  | { table: 'numbers'; row: SealedNumber }

/** What keys are taken for: answers to repeated calls, solved challenges. */
export type ClaimScope = 'idempotency' | 'challenge'

/** How far the ledger's two logs have been read: sequence numbers of requests and outcomes. */
export interface LedgerPosition {
  requests: number
  outcomes: number
}

export interface RequestFilter {
  service?: string
  /** E.164; the ledger hashes it itself where it pseudonymises */
  number?: string
  verificationId?: string
  country?: string
  from?: number
  to?: number
  credit?: readonly Credit[]
  limit: number
  /** keyset paging, newest first: rows that come after the row of this sequence number */
  before?: number
}

export type AskedFilter = Pick<RequestFilter, 'from' | 'to' | 'before' | 'limit'>

export interface ConversionFilter
  extends Pick<RequestFilter, 'service' | 'country' | 'from' | 'to'> {
  /** leading digits with the plus sign; where numbers are hashed only down to the block */
  prefix?: string
}

/** What a right code repays: the sends of its session. */
export interface SessionFilter {
  service: string
  number: string
  /** Unix ms */
  from: number
  credit: readonly Credit[]
  limit: number
}

export interface ActionFilter {
  actor?: string
  /** one action, or all that begin so when it ends in a dot: `user.` */
  action?: string
  /** keyset paging, newest first: rows that come after the row of this sequence number */
  before?: number
}

/**
 * The durable record. Reads see everything appended before them. Errors of the store reach the caller as LedgerError:
 * 'full' (disk), 'locked', 'corrupt', 'lost'; nothing is half written.
 */
export interface Ledger extends ConsoleStore, LeaseStore {
  /** Joins the next group commit (a few ms). Does not wait. */
  append(rows: readonly Append[]): void
  /**
   * Resolves when `rows` and everything appended before are durable (fsync); rejects with LedgerError when they cannot
   * be. Then `rows` were withdrawn and will never be written: what they record must not happen. Rows that were given
   * to `append` are kept and tried again, whether or not somebody waits for them.
   */
  commit(rows?: readonly Append[]): Promise<void>

  request(id: string): Promise<RequestRow | null>
  requests(filter: RequestFilter): Promise<(RequestRow & { seq: number })[]>
  /** The same, of all that was asked in a time, and no more of each than is counted: a day may have millions. */
  asked(filter: AskedFilter): Promise<(AskedRequest & { seq: number })[]>
  /** How many messages went out for verifications, and of how many the code came back. */
  conversion(filter: ConversionFilter): Promise<{ total: number; converted: number }>
  /**
   * Moves a request's credit from one of `from` to `to` and appends the outcome, in one transaction.
   * `null` when its credit was none of `from`: somebody else settled it, do nothing.
   */
  settle(
    requestId: string,
    from: readonly Credit[],
    to: Credit,
    outcome: { kind: OutcomeKind; at: number; detail?: string },
  ): Promise<(SettledRequest & { before: Credit; settledBefore: number | null }) | null>
  /** Ids of a number's requests in a service since a time, newest first, whose credit is one of these. */
  sessionSends(filter: SessionFilter): Promise<string[]>
  /** Reserved requests whose maturity has come, oldest first. */
  due(now: number, limit: number): Promise<RequestRow[]>

  verification(id: string): Promise<VerificationRow | null>
  /** Latest verification of a number in a service, with one of the given states if any are given. */
  latestVerification(
    service: string,
    number: string,
    status?: readonly VerificationRow['status'][],
  ): Promise<VerificationRow | null>
  /** Compare-and-set on `version`; the stored version becomes `version + 1`. False: somebody else changed it. */
  updateVerification(
    id: string,
    version: number,
    patch: Partial<Omit<VerificationRow, 'id' | 'version'>>,
  ): Promise<boolean>
  /** Verifications past their expiry that still count as open, for the expiry job. */
  expired(now: number, limit: number): Promise<VerificationRow[]>

  send(id: string): Promise<SendRow | null>
  sendByProvider(provider: string, providerId: string): Promise<SendRow | null>
  sends(verificationId: string): Promise<SendRow[]>
  /** The message of each of some hundred requests, by request; of what was not sent there is none. */
  sendsOf(requestIds: readonly string[]): Promise<Map<string, SendRow>>
  /**
   * @param from only when its status is one of these: answers and receipts come in any order, at several gateways
   * @returns false: there is none, or somebody else changed its status
   */
  updateSend(
    id: string,
    patch: Partial<Omit<SendRow, 'id'>>,
    from?: readonly SendStatus[],
  ): Promise<boolean>
  /**
   * Sends that were committed and never answered become 'unknown'.
   * @param olderThanMs where several gateways share the ledger: longer than any of them may wait for a provider, so that
   * what another one has in flight is left alone. @default 0: all of them, at the start of the only gateway
   * @returns how many
   */
  markInterruptedSends(now: number, olderThanMs?: number): Promise<number>

  outcomesOf(requestId: string): Promise<OutcomeRow[]>

  /** First caller wins: stores and returns `null`; later callers get what is stored. Expired keys count as free. */
  putIfAbsent(
    scope: ClaimScope,
    key: string,
    value: string,
    expiresAt: number,
    now: number,
  ): Promise<string | null>
  /** Replaces the value of a key this caller put (the answer, once it is known). */
  put(scope: ClaimScope, key: string, value: string, expiresAt: number): Promise<void>
  /** Gives a key up again (the work behind it failed before it had any effect). */
  remove(scope: ClaimScope, key: string): Promise<void>

  putPolicy(row: Omit<PolicyRow, 'version'>): Promise<number>
  policy(version?: number): Promise<PolicyRow | null>
  policies(limit: number): Promise<PolicyRow[]>

  putKey(row: KeyRow): Promise<void>
  key(id: string): Promise<KeyRow | null>
  keys(): Promise<KeyRow[]>
  revokeKey(id: string, at: number): Promise<boolean>

  actions(limit: number, filter?: ActionFilter): Promise<(ActionRow & { seq: number })[]>

  putListEntry(row: ListRow): Promise<void>
  removeListEntry(list: ListRow['list'], entry: string): Promise<boolean>
  listEntries(now: number): Promise<ListRow[]>
  /** One of them, without reading the rest. @returns `null` where there is none in force */
  listEntry(list: ListRow['list'], entry: string, now: number): Promise<ListRow | null>
  /** A text that is another one when other entries are in force: there may be many, and they change seldom. */
  listsMark(now: number): Promise<string>

  putService(row: ServiceRow): Promise<void>
  service(sid: string): Promise<ServiceRow | null>
  services(): Promise<ServiceRow[]>

  /** Everything charged or settled after a position, in order, to rebuild the lines of credit. */
  position(): Promise<LedgerPosition>
  charges(after: number, limit: number): Promise<(RequestRow & { seq: number })[]>
  /** Every request after a position, refused ones too, in order: what the gateways of a cluster learn from each other. */
  requestsAfter(after: number, limit: number): Promise<(LearnedRequest & { seq: number })[]>
  /**
   * Outcomes that moved credit, in order. `request` has its own sequence number; `settledBefore` is the time of the settlement before
   * this one (the loss that a late verification repairs), `null` for the first.
   */
  settlements(
    after: number,
    limit: number,
  ): Promise<
    (OutcomeRow & {
      seq: number
      request: SettledRequest & { seq: number }
      settledBefore: number | null
    })[]
  >

  /**
   * Deletes what is older than the retention; open verifications and unsettled credit stay. A request goes with its
   * sends, receipts and outcomes. Policies, keys, services and operator actions are kept for good.
   * @param olderThan ages in ms @param stopped aborted: ends after the step it is at @returns rows per table
   */
  retain(
    olderThan: { requests: number; verifications: number },
    now: number,
    stopped?: AbortSignal,
  ): Promise<Record<string, number>>

  readonly privacy: PrivacyStore

  /** False when the store does not answer; for readiness. */
  healthy(): Promise<boolean>
  close(): Promise<void>
}

export type LedgerFault = 'full' | 'locked' | 'corrupt' | 'lost'
/** The store could not take or give a record. `hint` says what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError'
  constructor(
    readonly fault: LedgerFault,
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(`ledger ${fault}: ${hint}`, options)
  }
}
