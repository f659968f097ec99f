import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { PoolClient } from 'pg'
import { type BatchSink, InDoubt, RefusedRow } from '../group-commit.js'
import { describeEntry, LOG_CODECS, type LogEntry, REPEATED } from '../log-entry.js'
import type { Database } from '../schema.js'
import type { TypeOf } from './columns.js'
import { type Connection, prepared, runner } from './connection.js'
import { isAnswer, isCollision, isRefusal } from './faults.js'
import { type Insert, insertBuilder } from './insert.js'
import { dayOfId, PARTITIONED, type PartitionedTable, type Partitions } from './partitions.js'

const COLLISIONS = 5
const PAUSE_MS = 100

/** Of a batch that was written; the number after it says that it was given up. */
const numberOf = (batch: number): number => 2 * batch

export interface SinkOptions {
  connect: Connection['connect']
  db: Kysely<Database>
  typeOf: TypeOf
  partitions: Partitions
  /** names this open ledger among all that write: unique, never used again */
  writer: string
  /** what a fault is called for those who wait */
  faultOf: (error: unknown) => unknown
  /** how long to find out what became of a batch whose answer was lost, ms, while those who wait for it wait on */
  resolveMs: number
}

/**
 * Batches into PostgreSQL: one statement, one round trip, one fsync. Each writer has a row with the number of its last
 * batch, which is written with the batch: where an answer is lost, the number says whether the batch was written, and
 * raising it makes sure that it never will be.
 */
export async function postgresSink(
  options: SinkOptions,
): Promise<BatchSink<LogEntry> & { close(): Promise<void> }> {
  const { connect, db, typeOf, partitions, writer, faultOf, resolveMs } = options
  const query = runner(connect)
  const build = insertBuilder(typeOf)
  let batch = 0
  await fence(0)

  async function run({ text, values }: Insert): Promise<'written' | 'not written'> {
    try {
      const [row] = await query<{ writers: number }>(text, values)
      return row?.writers === 1 ? 'written' : 'not written'
    } catch (error) {
      if (error instanceof Error && !isAnswer(error)) throw new NoAnswer(error)
      throw error
    }
  }

  /**
   * Gives batch `n` up if it is not written: it never will be, even if it is still on its way. To be asked again when the
   * answer is lost: what was given up stands under another number than what was written.
   * @returns the writer's number then
   */
  async function fence(n: number): Promise<number> {
    const { rows } = await sql<{ batch: number }>`
      insert into writers as own (id, batch, seen_at) values (${writer}, ${numberOf(n) + 1}, now())
      on conflict (id) do update set seen_at = excluded.seen_at,
        batch = case when own.batch < ${numberOf(n)} then excluded.batch else own.batch end
      returning batch`.execute(db)
    return rows[0]?.batch ?? 0
  }
  const wasWritten = async (n: number) => (await fence(n)) === numberOf(n)

  async function resolve(n: number, cause: Error): Promise<boolean> {
    for (let waited = 0; ; waited += PAUSE_MS) {
      try {
        return await wasWritten(n)
      } catch (error) {
        if (waited >= resolveMs) throw new InDoubt(faultOf(cause), error)
      }
      await pause(PAUSE_MS)
    }
  }

  async function write(entries: readonly LogEntry[]): Promise<void> {
    for (const day of daysOf(entries)) if (!partitions.has(day)) await partitions.ensure(day)
    const n = ++batch
    const insert = build(writer, numberOf(n), entries)
    for (let collisions = 0; ; ) {
      try {
        if ((await run(insert)) === 'written') return
        // the row of this writer is gone: restored from a backup, or taken for a dead one's
        if ((await fence(n - 1)) >= numberOf(n))
          throw new Error(`batch ${n} of ${writer} was given up before`)
      } catch (error) {
        if (error instanceof NoAnswer) {
          if (await resolve(n, error.reason)) return
          throw error.reason
        }
        if (isCollision(error) && ++collisions < COLLISIONS) continue
        if (isRefusal(error)) throw await refusedOf(entries, error)
        throw error
      }
    }
  }

  /** Which row it was that a batch was refused for: they are tried one by one, and none is kept. */
  async function refusedOf(entries: readonly LogEntry[], cause: unknown): Promise<unknown> {
    const client = await connect()
    try {
      return (await firstRefused(client, entries)) ?? cause
    } finally {
      // whatever it wrote is undone with its connection
      client.release(true)
    }
  }

  async function firstRefused(
    client: PoolClient,
    entries: readonly LogEntry[],
  ): Promise<RefusedRow | null> {
    const trial = `${writer} trial`
    await client.query('begin')
    await client.query('insert into writers values ($1, 0, now())', [trial])
    for (const [index, entry] of entries.entries()) {
      const { text, values } = build(trial, index + 1, [entry])
      try {
        await client.query(prepared(text, values))
      } catch (error) {
        if (!isRefusal(error)) throw error
        const why = error instanceof Error ? error.message : String(error)
        return new RefusedRow(index, `the ledger refuses ${describeEntry(entry)}: ${why}`, {
          cause: error,
        })
      }
    }
    return null
  }

  return {
    write,

    /** A commit here is durable by itself. */
    sync: async () => undefined,

    async settle(withdrawn) {
      const written = await wasWritten(batch)
      if (written && withdrawn.length > 0)
        await db.transaction().execute(async (trx) => {
          for (const entry of withdrawn) await take(trx, entry)
        })
      return written
    },

    async close() {
      await sql`delete from writers where id = ${writer}`.execute(db)
    },
  }
}

/** The connection broke before the server said what became of the statement. */
class NoAnswer extends Error {
  constructor(readonly reason: Error) {
    super(reason.message)
  }
}

/** Takes back the newest row that is like it: somebody was told that it would never be written. */
async function take(db: Kysely<Database>, { table, values }: LogEntry): Promise<void> {
  if (REPEATED.has(table)) return
  const columns: readonly string[] = LOG_CODECS[table].columns
  const names = columns.includes('id')
    ? columns.filter((name) => name === 'id' || name === 'requestId')
    : columns
  const like = sql.join(
    names.map(
      (name) => sql`${sql.ref(name)} is not distinct from ${values[columns.indexOf(name)]}`,
    ),
    sql` and `,
  )
  await sql`delete from ${sql.table(table)} where ${like} and seq = (select max(seq) from ${sql.table(table)} where ${like})`.execute(
    db,
  )
}

function daysOf(entries: readonly LogEntry[]): Set<number> {
  const days = new Set<number>()
  for (const { table, values } of entries) {
    if (!(table in PARTITIONED)) continue
    const { key } = PARTITIONED[table as PartitionedTable]
    const columns: readonly string[] = LOG_CODECS[table].columns
    const day = dayOfId(String(values[columns.indexOf(key)]))
    if (day !== null) days.add(day)
  }
  return days
}
