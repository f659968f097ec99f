import { DirectoryError } from '../../files/make-directory.js'
import { LedgerError, type LedgerFault } from '../port.js'

/** Result codes that speak of the store and not of the query: SQLite's (https://sqlite.org/rescode.html), then POSIX. */
const FAULTS: readonly [prefix: string, fault: LedgerFault, hint: string][] = [
  [
    'SQLITE_FULL',
    'full',
    'the disk under it is full: free some space, waiting rows are then written by themselves',
  ],
  [
    'SQLITE_BUSY',
    'locked',
    'another process holds its write lock: end that process or its transaction',
  ],
  [
    'SQLITE_LOCKED',
    'locked',
    'another process holds its write lock: end that process or its transaction',
  ],
  [
    'SQLITE_PROTOCOL',
    'locked',
    'another process holds its write lock: end that process or its transaction',
  ],
  ['SQLITE_CORRUPT', 'corrupt', 'the file is damaged: stop, keep a copy, restore the last backup'],
  [
    'SQLITE_NOTADB',
    'corrupt',
    'the file is no SQLite database: check the path, or restore the last backup',
  ],
  [
    'SQLITE_READONLY',
    'lost',
    'the file cannot be written: check its owner, its permissions and the mount',
  ],
  [
    'SQLITE_CANTOPEN',
    'lost',
    'the file cannot be opened: check that the directory exists and may be written',
  ],
  ['SQLITE_PERM', 'lost', 'the file cannot be opened: check its owner and its permissions'],
  ['SQLITE_IOERR', 'lost', 'the disk under it reports an error: check the disk and the system log'],
  ['SQLITE_NOMEM', 'lost', 'no memory is left: raise the limit of the process'],
  ['ENOSPC', 'full', 'the disk under it is full: free some space'],
  ['EACCES', 'lost', 'it cannot be created: check the owner and the permissions of its directory'],
  ['EPERM', 'lost', 'it cannot be created: check the owner and the permissions of its directory'],
  ['EROFS', 'lost', 'it cannot be created: its file system is mounted read-only'],
  ['ENOTDIR', 'lost', 'it cannot be created: a part of its path is a file'],
  ['EEXIST', 'lost', 'it cannot be created: a part of its path is a file'],
]

/** @returns a LedgerError for a fault of the store; every other error as it is: a bug in a query */
export function asLedgerError(error: unknown, file: string): unknown {
  const code = codeOf(error)
  const found = FAULTS.find(([prefix]) => code.startsWith(prefix))
  if (found === undefined) return error
  const [, fault, hint] = found
  return new LedgerError(fault, `${file}: ${hint} (${code})`, { cause: error })
}

export function codeOf(error: unknown): string {
  if (error instanceof DirectoryError) return codeOf(error.cause)
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
