import { randomUUID } from 'node:crypto'
import { GroupCommit } from '../group-commit.js'
import { type LogEntry, logEntry } from '../log-entry.js'
import { type NumbersOption, numbersOf } from '../numbers.js'
import { type Ledger, LedgerError } from '../port.js'
import { checkNumbers } from '../queries/meta.js'
import { LOG_TABLES } from '../schema.js'
import { createLedger } from '../store.js'
import { columnTypes } from './columns.js'
import { connect, LOOK_UPS, runner } from './connection.js'
import { postgresDialect } from './dialect.js'
import { asLedgerError, isCollision, placeOf } from './faults.js'
import { sharedLeases } from './leases.js'
import { checkDurable, migrateShared } from './migrate.js'
import { ownQueries } from './own.js'
import { Partitions } from './partitions.js'
import { openReplica } from './replica.js'
import { retainShared } from './retention.js'
import { postgresSink } from './sink.js'

export interface PostgresLedgerOptions {
  /** `postgres://user:password@host:port/database`; TLS by `?sslmode=verify-full&sslrootcert=/path` */
  url: string
  /** a standby for what the console looks at; while it is lost, or lags behind, the primary answers */
  replicaUrl?: string
  /** phone numbers in clear, as keyed hashes, or encrypted; keys of at least 32 random bytes */
  numbers: NumbersOption
  /** failures that no caller waits for; rows are then tried again. @default process.emitWarning */
  onError?: (error: Error) => void
  /** by which documents expire and partitions are made, Unix ms. @default Date.now */
  clock?: () => number
  /** connections of this gateway at most. @default CONNECTIONS */
  poolSize?: number
  /** how long a connection may take to be opened, or to come free, ms. @default 3000 */
  connectMs?: number
  /** how long a statement may take, ms. @default 10000 */
  statementMs?: number
  /** how long those who wait for a commit whose answer was lost wait to learn what became of it, ms. @default 5000 */
  resolveMs?: number
  /** how old what the replica shows may be, ms. @default 5000 */
  maxLagMs?: number
  /** how long a commit waits for company, ms; rows that nobody waits for, four times as long. @default 3 */
  commitDelayMs?: number
  /** rows that may wait in memory while the database is away. @default 100000 */
  maxQueuedRows?: number
}

/** What one gateway takes of what the server has. */
export const CONNECTIONS = 10
/** Rows that nobody waits for are gathered this many times as long: 12 ms by default. */
const LAZY_COMMITS = 4
/** A statement of this many rows takes some 10 ms. */
const BATCH_ROWS = 1_000
/** Of the connections, those for what comes with every verification: nothing slow is ever in its way. */
const HOT_SHARE = 0.4
/** Two that waited for each other are let in again. */
const ATTEMPTS = 5

/**
 * The ledger of several gateways: one database, in which each of them writes.
 * @throws LedgerError when the database cannot be used, Error when it belongs to a newer version or to another key
 */
export async function openPostgresLedger(options: PostgresLedgerOptions): Promise<Ledger> {
  const {
    url,
    poolSize = CONNECTIONS,
    connectMs = 3_000,
    statementMs = 10_000,
    resolveMs = 5_000,
  } = options
  const { commitDelayMs = 3, maxQueuedRows = 100_000, clock = Date.now } = options
  const onError = options.onError ?? ((error: Error) => process.emitWarning(error))
  const numbers = numbersOf(options.numbers)
  const where = placeOf(url)
  const attempt = faultsOf(where)
  const told = (error: Error) => onError(asError(asLedgerError(error, where)))
  const hotSize = Math.ceil(HOT_SHARE * poolSize)
  const common = { url, connectMs, statementMs, onError: told }
  const primary = await connect({ ...common, poolSize: Math.max(1, poolSize - hotSize) })
  const hot = await connect({ ...common, poolSize: hotSize, settings: LOOK_UPS })
  const { db } = primary
  try {
    await attempt(() => checkDurable(db, where))
    await attempt(() => migrateShared(db, where, clock))
    await attempt(() => checkNumbers(db, numbers, where))
    const partitions = new Partitions(db, clock)
    await attempt(() => partitions.ahead())
    const typeOf = await attempt(() => columnTypes(db, LOG_TABLES))
    const sink = await attempt(() =>
      postgresSink({
        connect: hot.connect,
        db,
        typeOf,
        partitions,
        writer: randomUUID(),
        faultOf: (error) => asLedgerError(error, where),
        resolveMs,
      }),
    )
    const log = new GroupCommit<LogEntry>({
      sink: {
        write: (rows) => attempt(() => sink.write(rows)),
        sync: sink.sync,
        settle: (rows) => attempt(async () => (await sink.settle?.(rows)) ?? false),
      },
      delayMs: commitDelayMs,
      lazyMs: LAZY_COMMITS * commitDelayMs,
      batchRows: BATCH_ROWS,
      maxRows: maxQueuedRows,
      onError,
    })
    const replica =
      options.replicaUrl === undefined
        ? null
        : await openReplica({
            primary: db,
            connection: {
              url: options.replicaUrl,
              poolSize,
              connectMs,
              statementMs,
              onError: told,
            },
            maxLagMs: options.maxLagMs ?? 5_000,
            clock,
            onError,
          })
    let closing: Promise<void> | null = null
    const closeAll = async () => {
      try {
        await log.close()
        await sink.close().catch(told)
      } finally {
        await replica?.close()
        await hot.close()
        await primary.close()
      }
    }
    const query = runner(hot.connect)
    return createLedger({
      db,
      dialect: postgresDialect,
      direct: (others) =>
        ownQueries(
          {
            ...{ partitions, numbers, typeOf },
            run: (text, values) => attempt(() => query(text, values)),
            log,
          },
          others,
        ),
      numbers,
      attempt,
      clock,
      leases: sharedLeases(db, attempt),
      log: {
        append: (rows) => log.append(rows.map((row) => logEntry(row, numbers))),
        commit: (rows = []) => log.commit(rows.map((row) => logEntry(row, numbers))),
        flush: () => log.flush(),
        wrote: () => undefined,
      },
      ...(replica !== null && { look: replica.look }),
      retain: (olderThan, now, stopped) =>
        retainShared({ db, where, attempt, partitions }, olderThan, now, stopped),
      close() {
        closing ??= closeAll()
        return closing
      },
    })
  } catch (error) {
    await hot.close()
    await primary.close()
    throw error
  }
}

/** Turns faults of the store into LedgerError; does again what was undone because two waited for each other. */
function faultsOf(where: string) {
  return async function attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let collisions = 1; ; collisions++) {
      try {
        return await work()
      } catch (error) {
        if (isCollision(error) && collisions < ATTEMPTS) continue
        throw asLedgerError(error, where)
      }
    }
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new LedgerError('lost', String(error))
