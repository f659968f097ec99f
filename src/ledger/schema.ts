import type { Generated } from 'kysely'
import type { DocumentRow, Tally } from './console-port.js'
import type {
  ActionRow,
  KeyRow,
  ListRow,
  OutcomeRow,
  PolicyRow,
  ReceiptRow,
  RequestRow,
  SealedNumber,
  SendRow,
  ServiceRow,
  VerificationRow,
} from './rows.js'

/** A field as the database has it: booleans as 0 and 1, times as integer ms, everything structured as JSON text. */
export type StoredValue<T> = [T] extends [boolean]
  ? number
  : T extends string | number | null
    ? T
    : string

export type Stored<Row> = { [K in keyof Row]: StoredValue<Row[K]> }

/** `seq` is handed out by the database and grows with the order of writing. */
type Log<Row> = Stored<Row> & { seq: Generated<number> }

export interface StoredTally extends Tally {
  dimension: string
  /** start of the bucket */
  at: number
  key: string
  parent: string
  service: string
}

/** Names are camelCase here and snake_case in the database (Kysely's CamelCasePlugin). */
export interface Database {
  requests: Log<RequestRow>
  verifications: Log<VerificationRow>
  sends: Log<SendRow>
  receipts: Log<ReceiptRow>
  outcomes: Log<OutcomeRow>
  actions: Log<ActionRow>
  /** numbers sealed, where they are encrypted; once for each period in which they were seen */
  numbers: SealedNumber
  policies: Omit<Stored<PolicyRow>, 'version'> & { version: Generated<number> }
  apiKeys: Stored<KeyRow>
  listEntries: Stored<ListRow>
  services: Stored<ServiceRow>
  /** keys that are taken once: idempotency keys, used challenges */
  claims: { scope: string; key: string; value: string; expiresAt: number }
  tallyMinutes: StoredTally
  tallyHours: StoredTally
  tallyDays: StoredTally
  /** challenges that may still be answered, by when that is known, and the request's sequence number */
  awaitedRefusals: { due: number; seq: number }
  /** numbers whose refusal was counted, for as long as it could be counted again */
  countedRefusals: { hour: number; service: string; kind: string; number: string }
  documents: Stored<Omit<DocumentRow, 'body'>> & { body: string }
  /** facts about the ledger itself */
  meta: { name: string; value: string }
  migrations: { version: number; name: string; appliedAt: number }
}

/** Tables whose rows go through the group commit. */
export const LOG_TABLES = [
  'requests',
  'sends',
  'verifications',
  'receipts',
  'outcomes',
  'actions',
  'numbers',
] as const
export type LogTable = (typeof LOG_TABLES)[number]

/** What databases call the few kinds of columns there are: the differences between dialects in our schema. */
export interface ColumnTypes {
  /** 64-bit integer primary key that the database counts up itself */
  sequence: { type: 'integer' | 'bigint'; identity: boolean }
  /** 53 bits at least: Unix ms, micro-USD */
  integer: 'integer' | 'bigint'
  real: 'real' | 'double precision'
  /** a table can live in its primary key */
  clustered: boolean
}
