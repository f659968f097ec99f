import type { Numbers } from './numbers.js'
import type { Append } from './port.js'
import { hideRequest, hideVerification } from './pseudonymise.js'
import { LOG_TABLES, type LogTable } from './schema.js'
import {
  actions,
  outcomes,
  receipts,
  requests,
  numbers as sealedNumbers,
  sends,
  verifications,
} from './tables.js'

/** A row as it will be written: values in the order of its table's columns. */
export interface LogEntry {
  table: LogTable
  values: (string | number | null)[]
}

export const LOG_CODECS = {
  requests,
  sends,
  verifications,
  receipts,
  outcomes,
  actions,
  numbers: sealedNumbers,
}

const placesOf = (column: string) =>
  Object.fromEntries(
    LOG_TABLES.map((table) => [
      table,
      (LOG_CODECS[table].columns as readonly string[]).indexOf(column),
    ]),
  ) as Record<LogTable, number>

const ID_AT = placesOf('id')
const NUMBER_AT = placesOf('number')
const VERIFICATION_AT = placesOf('verificationId')

/** Rows of these are written again and again as they are: the first one stands. */
export const REPEATED: ReadonlySet<LogTable> = new Set(['numbers'])

/** Fixes a row as it is now: the caller may change its object later. @throws TypeError for a malformed row */
export function logEntry(append: Append, numbers: Numbers): LogEntry {
  const { table } = append
  switch (table) {
    case 'requests':
      return { table, values: requests.values(hideRequest(append.row, numbers)) }
    case 'verifications':
      return { table, values: verifications.values(hideVerification(append.row, numbers)) }
    case 'sends':
      return { table, values: sends.values(append.row) }
    case 'receipts':
      return { table, values: receipts.values(append.row) }
    case 'outcomes':
      return { table, values: outcomes.values(append.row) }
    case 'actions':
      return { table, values: actions.values(append.row) }
    case 'numbers':
      return { table, values: sealedNumbers.values(append.row) }
  }
}

function textOf({ table, values }: LogEntry, places: Record<LogTable, number>): string | null {
  const value = values[places[table]]
  return typeof value === 'string' ? value : null
}

/** Id of a row; `null` for rows of tables that have none. */
export const idOf = (entry: LogEntry): string | null => textOf(entry, ID_AT)
/** Number of a row as it is kept; `null` for rows of tables that have none. */
export const numberOf = (entry: LogEntry): string | null => textOf(entry, NUMBER_AT)

/** Verification that a row belongs to; `null` for rows that belong to none. */
export const verificationOf = (entry: LogEntry): string | null => textOf(entry, VERIFICATION_AT)

/** @returns which row, for messages; never its content */
export function describeEntry(entry: LogEntry): string {
  const id = idOf(entry)
  return id === null ? `a row of ${entry.table}` : `${entry.table} ${id}`
}
