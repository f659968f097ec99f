import { CamelCasePlugin, Kysely } from 'kysely'
import { GroupCommit } from '../group-commit.js'
import { processLeases } from '../leases.js'
import { type LogEntry, logEntry } from '../log-entry.js'
import { migrate } from '../migrate.js'
import type { Numbers } from '../numbers.js'
import type { Ledger } from '../port.js'
import { checkNumbers } from '../queries/meta.js'
import type { ColumnTypes, Database } from '../schema.js'
import { createLedger } from '../store.js'
import { type Connection, dialectOver } from './connection.js'
import { sqliteDialect } from './dialect.js'
import { directLedger } from './direct.js'
import { oneATurn } from './one-a-turn.js'
import type { Attempt } from './patience.js'
import { sqliteSink } from './sink.js'
import { createTurns } from './turns.js'

/** Rows that nobody waits for are gathered this many times as long: 12 ms by default. */
const LAZY_COMMITS = 4

export interface ConnectionSettings {
  /** for messages */
  file: string
  numbers: Numbers
  attempt: Attempt
  commitDelayMs: number
  maxQueuedRows: number
  onError: (error: Error) => void
  /** Unix ms */
  clock: () => number
}

const BATCH_ROWS = 1_000

export const SQLITE_COLUMNS: ColumnTypes = {
  sequence: { type: 'integer', identity: false },
  integer: 'integer',
  real: 'real',
  clustered: true,
}

function kyselyOver(connection: Connection): Kysely<Database> {
  return new Kysely<Database>({
    dialect: dialectOver(connection),
    plugins: [new CamelCasePlugin()],
  })
}

/** A ledger over an open connection, which it owns from then on. */
export async function ledgerOver(
  connection: Connection,
  settings: ConnectionSettings,
): Promise<Ledger> {
  const { file, numbers, attempt, commitDelayMs, maxQueuedRows, onError, clock } = settings
  const db = kyselyOver(connection)
  try {
    await attempt(() =>
      db.transaction().execute(async (trx) => {
        await migrate(trx, SQLITE_COLUMNS, file, clock())
        await checkNumbers(trx, numbers, file)
      }),
    )
    const turns = createTurns({ db, connection, attempt })
    const sink = await sqliteSink(db, connection, turns)
    const log = new GroupCommit<LogEntry>({
      sink,
      delayMs: commitDelayMs,
      lazyMs: LAZY_COMMITS * commitDelayMs,
      batchRows: BATCH_ROWS,
      maxRows: maxQueuedRows,
      onError,
    })
    const inTurn = oneATurn()
    return createLedger({
      db,
      direct: () => directLedger({ db, connection, numbers, turns, log }),
      dialect: sqliteDialect,
      numbers,
      attempt,
      clock,
      leases: processLeases(clock),
      look: (query) =>
        inTurn(async () => {
          await log.flush()
          return query(db)
        }),
      log: {
        append: (rows) => log.append(rows.map((row) => logEntry(row, numbers))),
        commit: (rows = []) => log.commit(rows.map((row) => logEntry(row, numbers))),
        flush: () => log.flush(),
        wrote: () => log.wrote(),
      },
      async close() {
        try {
          await log.close()
        } finally {
          await sink.close()
          // The last connection to close copies the write-ahead log into the file and removes it.
          await db.destroy()
        }
      },
    })
  } catch (error) {
    connection.close()
    throw error
  }
}
