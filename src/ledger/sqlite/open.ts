import { type NumbersOption, numbersOf } from '../numbers.js'
import type { Ledger } from '../port.js'
import { connect } from './connection.js'
import { createPrivateFile } from './file.js'
import { ledgerOver } from './ledger-over.js'
import { locksAndFaults } from './patience.js'

export interface SqliteLedgerOptions {
  /** made with mode 0600 in a directory of mode 0700; `:memory:` keeps nothing */
  file: string
  /** how long a commit waits for company, ms; rows that nobody waits for, four times as long. @default 3 */
  commitDelayMs?: number
  /** phone numbers in clear, as keyed hashes, or encrypted; keys of at least 32 random bytes */
  numbers: NumbersOption
  /** how long to wait for another process that holds the write lock, ms. @default 2000 */
  busyTimeoutMs?: number
  /** rows that may wait in memory while the disk is full or locked. @default 100000 */
  maxQueuedRows?: number
  /** failures that no caller waits for; rows are then tried again. @default process.emitWarning */
  onError?: (error: Error) => void
  /** by which documents expire, Unix ms. @default Date.now */
  clock?: () => number
}

/**
 * The embedded ledger: one file, one process that writes; others (a backup, the command line) may come in between.
 * @throws LedgerError when the file cannot be used, Error when it belongs to a newer version or to another key
 */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<Ledger> {
  const {
    file,
    commitDelayMs = 3,
    busyTimeoutMs = 2_000,
    maxQueuedRows = 100_000,
    clock = Date.now,
  } = options
  const onError = options.onError ?? ((error: Error) => process.emitWarning(error))
  const numbers = numbersOf(options.numbers)
  const attempt = locksAndFaults(file, busyTimeoutMs)
  const connection = await attempt(async () =>
    connect(file === ':memory:' ? file : createPrivateFile(file)),
  )
  return ledgerOver(connection, {
    file,
    numbers,
    attempt,
    commitDelayMs,
    maxQueuedRows,
    onError,
    clock,
  })
}
