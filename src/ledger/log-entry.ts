import type { Numbers } from './numbers.js'
import type { Append } from './port.js'
import { hideRequest, hideVerification } from './pseudonymise.js'
import type { LogTable } from './schema.js'
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

/** @returns which row, for messages; never its content */
export function describeEntry(entry: LogEntry): string {
  const names: readonly string[] = LOG_CODECS[entry.table].columns
  const id = names.indexOf('id')
  return id < 0 ? `a row of ${entry.table}` : `${entry.table} ${String(entry.values[id])}`
}
