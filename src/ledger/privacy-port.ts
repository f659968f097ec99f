import type { DocumentRow } from './console-port.js'
import type {
  ListRow,
  OutcomeRow,
  ReceiptRow,
  RequestRow,
  SendRow,
  VerificationRow,
} from './rows.js'

/** Everything that a ledger holds of one number. */
export interface NumberRecords {
  requests: RequestRow[]
  verifications: VerificationRow[]
  sends: SendRow[]
  receipts: ReceiptRow[]
  outcomes: OutcomeRow[]
  lists: ListRow[]
  /** reports, marks and notes that name it */
  documents: DocumentRow[]
  /** versions of the policy whose text names it */
  policyVersions: number[]
}

export interface ErasureOptions {
  /** Unix ms */
  now: number
  /** entries of the operators' lists too: somebody may have had a reason to put the number there */
  lists: boolean
}

export interface Erasure {
  requests: number
  verifications: number
  sends: number
  documents: number
  lists: number
  /** entries of lists that name it and were left */
  listsLeft: ListRow['list'][]
  /** it is watched, and was left */
  watchLeft: boolean
  /** messages whose credit is not settled yet: their records are needed until then and were left */
  inFlight: number
  /** when the last of them settles, Unix ms; run it again then */
  inFlightUntil: number | null
  /** versions of the policy whose text names it: they are edited by people */
  policyVersions: number[]
}

/** What people may ask about their own number, and how numbers are sealed. Part of `Ledger`. */
export interface PrivacyStore {
  /** @param number E.164 */
  recordsOf(number: string): Promise<NumberRecords>
  /** Takes a number out of every record, for good; money and counts stay. Doing it again changes nothing more. */
  erase(number: string, options: ErasureOptions): Promise<Erasure>
  /** Keys that seal numbers here, and how many rows each has; empty where numbers are not encrypted. */
  numberKeys(): Promise<{ id: string; rows: number; active: boolean; there: boolean }[]>
  /**
   * Seals numbers again that another key sealed than the active one. Safe to be stopped and run again, beside others.
   * @returns rows that were looked at; fewer than `limit`: no more are left
   */
  reseal(limit: number): Promise<number>
  /** Gives up numbers whose key is lost: their hashes stay. @returns rows; fewer than `limit`: no more are left */
  forgetKey(keyId: string, limit: number): Promise<number>
}
