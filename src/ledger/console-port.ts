import type { Verdict } from '../engine/decision.js'
import type { ReasonCode } from '../engine/reasons.js'
import type { RequestRow } from './rows.js'

/** What is counted of requests. Money in micro-USD. A request counts at the time it was made, whenever its outcome came. */
export const TALLIES = [
  'requests',
  /** by what enforce mode says (`would`) */
  'allowed',
  'challenged',
  'held',
  'denied',
  /** messages that went out, and what they cost */
  'sends',
  'spendMicroUsd',
  /** of those: the code came back */
  'verified',
  'verifiedMicroUsd',
  /** of those: matured unverified */
  'lost',
  'lostMicroUsd',
  /** of those: not delivered, by receipt or provider's answer */
  'failed',
  'failedMicroUsd',
  /** requests refused at the price of the send, each number once an hour: denied, held, and challenges nobody answered */
  'refusedNumbers',
  'savedMicroUsd',
  /** the same for what monitor mode sent against its own advice */
  'wouldSaveMicroUsd',
] as const
export type TallyName = (typeof TALLIES)[number]
export type Tally = Record<TallyName, number>

/**
 * What tallies are kept by. `all` has one key, ''. Ranges are a tree by `parent`: country '' -> operator (country) ->
 * block (operator range) -> subBlock (block). Sources: network 'AS64500', subnet, ip, device, account. `provider`: sends and
 * failures only. `reason`: requests with that reason code.
 */
export const DIMENSIONS = [
  'all',
  'country',
  'operator',
  'block',
  'subBlock',
  'network',
  'subnet',
  'ip',
  'device',
  'account',
  'provider',
  'reason',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** `minute` is kept for `all` and `country` only, for two days; `hour` and `day` for every dimension. UTC. */
export type RollupPeriod = 'minute' | 'hour' | 'day'

export interface RollupFilter {
  period: RollupPeriod
  dimension: Dimension
  /** Unix ms; buckets that begin in [from, to) */
  from: number
  to: number
  /** summed over all services when absent */
  service?: string
  /** a row for each service by itself. @default false */
  byService?: boolean
  parent?: string
  keys?: readonly string[]
  /** keys that begin so: prefixes of ranges, with the plus sign */
  prefix?: string
}

export interface RollupSum extends Tally {
  parent: string
  key: string
}

export interface ServiceSum extends RollupSum {
  /** '' for all services together */
  service: string
}

export interface RollupPoint extends ServiceSum {
  /** start of the bucket, Unix ms */
  at: number
}

/** Documents: what operators make and what is kept for them. Everything that is not traffic. Some 10 kB each at most. */
export interface DocumentRow {
  /** the collection, e.g. 'user' */
  kind: string
  id: string
  /** groups documents of a kind; '' when there is nothing to group by */
  parent: string
  /** order of a list, Unix ms */
  at: number
  expiresAt: number | null
  /** compare-and-set counter, 1 when made */
  version: number
  body: unknown
}

export interface DocumentFilter {
  kind: string
  parent?: string
  from?: number
  to?: number
  limit: number
  /** keyset paging, newest first: documents that come after this one */
  before?: { at: number; id: string }
}

export interface DecisionSearch {
  service?: string
  /** E.164; hashed by the ledger where it pseudonymises */
  number?: string
  ip?: string
  deviceId?: string
  accountId?: string
  country?: string
  /** a block, or a longer prefix where numbers are kept in clear */
  range?: string
  /** compares ranges with blocks alone: longer ones find nothing, for those who may not see numbers */
  blocksOnly?: boolean
  asn?: number
  verdict?: Verdict
  reason?: ReasonCode
  from?: number
  to?: number
  limit: number
  before?: number
}

export interface Found {
  rows: (RequestRow & { seq: number })[]
  /** for `before`; `null` at the end */
  next: number | null
  /** a page examines a bounded number of rows: how far back it looked, Unix ms; `null` when it looked at all there is */
  searchedTo: number | null
}

/** The ledger as the console reads it. Part of `Ledger`. */
export interface ConsoleStore {
  /** Counts what was written since the last call. @returns rows counted; fewer than `limit`: it is up to date */
  rollUp(limit: number, now: number): Promise<number>
  series(filter: RollupFilter): Promise<RollupPoint[]>
  /** Sums a key over the filter's time, the largest `by` first. @returns at most `limit` */
  top(filter: RollupFilter, by: TallyName, limit: number): Promise<ServiceSum[]>
  search(search: DecisionSearch): Promise<Found>

  document(kind: string, id: string): Promise<DocumentRow | null>
  documents(filter: DocumentFilter): Promise<DocumentRow[]>
  /**
   * @param expected version that is replaced, 0: there must be none; absent: whatever is there
   * @returns false when somebody else was faster; nothing is written then
   */
  putDocument(row: Omit<DocumentRow, 'version'>, expected?: number): Promise<boolean>
  removeDocument(kind: string, id: string): Promise<boolean>
}
