import type BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import { LedgerError } from '../port.js'
import { SPIN_MS } from './patience.js'

export type Connection = BetterSqlite3.Database
type Statement = BetterSqlite3.Statement

/** Statements kept ready. Queries are written once, so there are only some tens of different ones. */
const MAX_STATEMENTS = 500
/** 64 MB of pages in memory: the parts of the indexes that are written again and again. */
const CACHE_KB = 64_000
/** Half the write-ahead traffic of the default of 4096 for rows of about 1 kB. */
const PAGE_BYTES = 8192
/** A checkpoint copies each page once however often it was written: fewer checkpoints, fewer copies. 32 MB. */
const CHECKPOINT_PAGES = 4_000
const MAX_WAL_BYTES = 128 * 1024 * 1024

/** Opens the file. better-sqlite3 is an optional dependency: users with another ledger do not compile it. */
export async function connect(path: string): Promise<Connection> {
  const { default: Sqlite } = await import('better-sqlite3').catch((cause: unknown) => {
    throw new Error(
      'the embedded ledger needs the package better-sqlite3: npm install better-sqlite3',
      { cause },
    )
  })
  const connection = new Sqlite(path, { timeout: SPIN_MS })
  try {
    connection.pragma(`page_size = ${PAGE_BYTES}`)
    const journal = connection.pragma('journal_mode = WAL', { simple: true })
    if (journal !== 'wal' && !connection.memory) {
      throw new LedgerError(
        'lost',
        `${path}: its file system cannot share memory between processes: use a local disk`,
      )
    }
    // Commits leave the fsync to us (see `sink.ts`); checkpoints still sync what they need for consistency.
    connection.pragma('synchronous = NORMAL')
    connection.pragma(`cache_size = -${CACHE_KB}`)
    connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    connection.pragma(`journal_size_limit = ${MAX_WAL_BYTES}`)
    // Deleted phone numbers are overwritten where the page is written anyway.
    connection.pragma('secure_delete = FAST')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Kysely's dialect over an open connection, with statements prepared once. */
export function dialectOver(connection: Connection): SqliteDialect {
  const statements = new Map<string, Statement>()
  const database = {
    close: () => connection.close(),
    prepare(sql: string): Statement {
      const known = statements.get(sql)
      if (known !== undefined) return known
      if (statements.size >= MAX_STATEMENTS) statements.clear()
      const prepared = connection.prepare(sql)
      statements.set(sql, prepared)
      return prepared
    },
  }
  return new WriteLockDialect({ database }, connection)
}

type Config = ConstructorParameters<typeof SqliteDialect>[0]

class WriteLockDialect extends SqliteDialect {
  readonly #config: Config
  readonly #connection: Connection

  constructor(config: Config, connection: Connection) {
    super(config)
    this.#config = config
    this.#connection = connection
  }

  override createDriver(): Driver {
    return new WriteLockDriver(this.#config, this.#connection)
  }
}

/** Transactions take the write lock at once: one that began by reading could not wait for it later. */
class WriteLockDriver extends SqliteDriver {
  readonly #connection: Connection

  constructor(config: Config, connection: Connection) {
    super(config)
    this.#connection = connection
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** After a full disk SQLite has rolled back by itself; a second rollback would hide the first error. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection)
  }
}
