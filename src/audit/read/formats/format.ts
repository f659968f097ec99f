import type { Role } from '../roles.js'
import type { StatusWord } from '../status-words.js'

/** How one kind of log is laid out: which of its columns is what. */
export interface Format {
  /** `twilio-messages` */
  name: string
  /** where the layout is documented */
  source: string
  /**
   * Names of columns by role, in order of preference; compared in lower case without punctuation, paths of JSON with
   * points between their keys.
   */
  columns: Partial<Record<Role, readonly string[]>>
  /** Of each of these one column must be there for a log to be of this format. */
  signature: readonly (readonly string[])[]
  /** path of an array in a JSON record that has one entry for each message */
  each?: string
  /** ISO 4217, where the provider bills in one currency and does not say so in the log */
  currency?: string
  /** units of the price column in one unit of the currency @default 1 */
  priceUnits?: number
  /** the price is for one segment */
  pricePerSegment?: boolean
  /** numbers begin with their calling code, with or without a plus */
  international?: boolean
  /** times without an offset are in UTC, whatever zone the audit is told of */
  utc?: boolean
  /** several rows tell of one message: its states one after the other */
  events?: boolean
  /** words that mean something else here than with the others, letters and digits only */
  statuses?: Readonly<Record<string, StatusWord>>
  /** values of the error column that mean none */
  noError?: readonly string[]
}
