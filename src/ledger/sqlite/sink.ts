import { type FileHandle, open } from 'node:fs/promises'
import type { Kysely } from 'kysely'
import { type BatchSink, RefusedRow } from '../group-commit.js'
import { describeEntry, LOG_CODECS, type LogEntry, REPEATED } from '../log-entry.js'
import { LedgerError } from '../port.js'
import { type Database, LOG_TABLES, type LogTable } from '../schema.js'
import type { Connection } from './connection.js'
import { codeOf } from './faults.js'
import type { Turns } from './turns.js'

/**
 * Batches into SQLite: statements compiled once by Kysely, run directly. The fsync is not COMMIT's
 * (`synchronous = FULL`), which would stop the whole process for as long as the disk takes, but one of the write-ahead
 * log from the thread pool: the same call on the same file, after the same writes.
 */
export async function sqliteSink(
  db: Kysely<Database>,
  connection: Connection,
  turns: Pick<Turns, 'write'>,
): Promise<BatchSink<LogEntry> & { close(): Promise<void> }> {
  const inserts = new Map(
    LOG_TABLES.map((table) => [table, connection.prepare(insertSql(db, table))]),
  )
  // Our open connection keeps the log from being deleted, so this handle stays on the file that SQLite writes.
  const log: FileHandle | null = connection.memory
    ? null
    : await open(`${connection.name}-wal`, 'r+')
  let lost: LedgerError | null = null

  function insertAll(entries: readonly LogEntry[]): void {
    for (const [index, entry] of entries.entries()) {
      try {
        inserts.get(entry.table)?.run(entry.values)
      } catch (cause) {
        if (!codeOf(cause).startsWith('SQLITE_CONSTRAINT')) throw cause
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new RefusedRow(index, `the ledger refuses ${describeEntry(entry)}: ${why}`, { cause })
      }
    }
  }

  return {
    write: (entries) => turns.write(() => insertAll(entries)),

    async sync() {
      if (lost !== null) throw lost
      try {
        await log?.datasync()
      } catch (cause) {
        // A later fsync may succeed although the pages of this one are gone: no commit can be promised any more.
        const hint = `${connection.name}: the disk did not confirm what was written: check the disk, then restart`
        lost = new LedgerError('lost', hint, { cause })
        throw lost
      }
    },

    async close() {
      await log?.close()
    },
  }
}

export function insertSql(db: Kysely<Database>, table: LogTable): string {
  const row = Object.fromEntries(LOG_CODECS[table].columns.map((column) => [column, '']))
  const insert = db.insertInto(table).values(row as never)
  return (REPEATED.has(table) ? insert.onConflict((c) => c.doNothing()) : insert).compile().sql
}
