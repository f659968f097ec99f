import { closeSync, existsSync, openSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeDirectory } from '../../files/make-directory.js'

/**
 * Makes the file before SQLite does, readable by its owner only: it holds phone numbers, and SQLite would go by the
 * umask. The files beside it (`-wal`, `-shm`) take over its permissions.
 * @returns its path without symbolic links: SQLite keeps the write-ahead log beside the real file
 */
export function createPrivateFile(file: string): string {
  if (!existsSync(file)) {
    makeDirectory(dirname(file), 0o700)
    closeSync(openSync(file, 'a', 0o600))
  }
  return realpathSync(file)
}
