import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { DAY, MINUTE } from '../../engine/units.js'
import { farAhead, isFarAhead } from '../clock-ahead.js'
import { LedgerError } from '../port.js'
import { type InTransaction, retain } from '../queries/retention.js'
import { isOpen } from '../queries/verifications.js'
import type { Database } from '../schema.js'
import { firstId } from '../timed-id.js'
import { codeOf, NO_SUCH_TABLE } from './faults.js'
import { type PartitionedTable, type Partitions, partitionName } from './partitions.js'

/**
 * Whoever comes while a drop waits for somebody who reads the table waits behind it: so it waits for so long, ms, gives
 * up and comes again, until the longest look of the console must be over. What stays longer (a backup) is left the day.
 */
const LOCK_MS = 100
const LOCK_TRIES = 24
const LOCK_PAUSE_MS = 400
/** lock_not_available */
const HELD = '55P03'
/** Of a day, what one statement reads: at a million an hour some 100,000 rows. */
const LOOKED_THROUGH_MS = 6 * MINUTE
/** Ledgers that were open and never closed are forgotten after this. */
const DEAD_WRITER = '2 days'
/** Rows that are in no day. */
const OTHERS = {
  requests: 'requests_other as requests',
  verifications: 'verifications_other as verifications',
} as const

interface Parts {
  db: Kysely<Database>
  /** host and database, for messages */
  where: string
  attempt: <T>(work: () => Promise<T>) => Promise<T>
  partitions: Partitions
}

type Count = (table: string, rows: number) => void

/**
 * Drops days that are over: what must stay (credit that is not settled, requests of open verifications, verifications
 * that are open or came back) is written again among the rows of no day. Those are deleted one by one, as in the
 * embedded ledger. @returns rows per table, of large days as many as the server estimates
 * @throws LedgerError 'locked' when somebody held a day for too long: what is left of it goes the next time
 */
export async function retainShared(
  { db, where, attempt, partitions }: Parts,
  olderThan: { requests: number; verifications: number },
  now: number,
  stopped?: AbortSignal,
): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {}
  const count: Count = (table, rows) => {
    deleted[table] = (deleted[table] ?? 0) + rows
  }
  await attempt(() => agreeOnTheTime(db, where))
  await attempt(() => partitions.ahead())
  let held: LedgerError | null = null
  async function days(
    table: 'requests' | 'verifications',
    drop: (db: Kysely<Database>, day: number, before: number, count: Count) => Promise<void>,
  ): Promise<void> {
    const before = now - olderThan[table]
    try {
      for (const day of await attempt(() => daysBefore(db, table, before)))
        if (stopped?.aborted !== true)
          await attempt(() => drop(db, day, before, count)).catch(unlessGone)
    } catch (error) {
      if (!(error instanceof LedgerError && error.fault === 'locked')) throw error
      held = error
    }
  }
  await days('requests', dropRequests)
  await days('verifications', dropVerifications)
  const inTransaction: InTransaction = (work) => attempt(() => db.transaction().execute(work))
  const rest = await retain(inTransaction, olderThan, now, { from: OTHERS, stopped })
  for (const [table, rows] of Object.entries(rest)) count(table, rows)
  await attempt(() =>
    sql`delete from writers where seen_at < now() - ${DEAD_WRITER}::interval`.execute(db),
  )
  if (held !== null) throw held
  return deleted
}

/** Two gateways that believe to lead drop the same days. */
function unlessGone(error: unknown): void {
  if (codeOf(error) !== NO_SUCH_TABLE) throw error
}

/** By a clock that runs ahead everything would be old. The two of them are read now, whatever the ledger goes by. */
async function agreeOnTheTime(db: Kysely<Database>, where: string): Promise<void> {
  const { rows } = await sql<{ ms: number }>`
    select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms`.execute(db)
  const aheadMs = Date.now() - (rows[0]?.ms ?? 0)
  if (isFarAhead(aheadMs))
    throw farAhead(aheadMs, `the server's (${where})`, 'see that NTP keeps both')
}

/** Days of a table that ended before a time, oldest first. */
async function daysBefore(
  db: Kysely<Database>,
  table: PartitionedTable,
  before: number,
): Promise<number[]> {
  const { rows } = await sql<{ day: string }>`
    select right(part.relname, 8) as day from pg_inherits join pg_class as part on part.oid = inhrelid
    where inhparent = ${table}::regclass and part.relname ~ '_[0-9]{8}$' order by 1`.execute(db)
  return rows.flatMap(({ day: date }) => {
    const start = Date.parse(date.replace(/(....)(..)(..)/, '$1-$2-$3'))
    return start + DAY <= before ? [start / DAY] : []
  })
}

/** A day of requests and what hangs on them, in one transaction: nobody sees one without the other. */
async function dropRequests(
  db: Kysely<Database>,
  day: number,
  _: number,
  count: Count,
): Promise<void> {
  const name = (table: PartitionedTable) => sql.table(partitionName(table, day))
  await dropDay(db, day, ['requests', 'sends', 'receipts', 'outcomes'], count, async (trx) => {
    const of = `of_${day}`
    // the end of what may belong to a request of this day: a verification is made with its first request
    await sql`create temp table ${sql.table(of)} on commit drop as
      select id from ${name('requests')} where credit = 'reserved'
      union
      select old.id from verifications join ${name('requests')} as old on old.verification_id = verifications.id
        where ${isOpen} and verifications.id < ${sql.lit(firstId('ver', (day + 2) * DAY))}`.execute(
      trx,
    )
    const kept = (column: string) => sql`${sql.ref(column)} in (select id from ${sql.table(of)})`
    return {
      requests: kept('id'),
      sends: kept('requestId'),
      receipts: sql`send_id in (select id from sends where ${kept('sends.requestId')})`,
      outcomes: kept('requestId'),
    }
  })
}

async function dropVerifications(
  db: Kysely<Database>,
  day: number,
  before: number,
  count: Count,
): Promise<void> {
  const name = sql.table(partitionName('verifications', day))
  const revived: string[] = []
  // without a lock, a little at a time: there is no index by which ended ones that changed again are found
  for (let at = day * DAY; at < (day + 1) * DAY; at += LOOKED_THROUGH_MS) {
    const { rows } = await sql<{ id: string }>`select id from ${name}
      where id >= ${firstId('ver', at)} and id < ${firstId('ver', at + LOOKED_THROUGH_MS)} and updated_at >= ${before}`.execute(
      db,
    )
    revived.push(...rows.map(({ id }) => id))
  }
  await dropDay(db, day, ['verifications'], count, async () => ({
    verifications: sql`(${isOpen} or id = any(${revived}::text[]))`,
  }))
}

/**
 * Sets aside what stays while the day alone is closed to writers, which nobody notices of an old one; then closes the
 * tables, in the order that the log writes them, for as long as it takes to drop their day.
 * @param staying of each table, which rows stay
 */
async function dropDay<Table extends PartitionedTable>(
  db: Kysely<Database>,
  day: number,
  tables: readonly Table[],
  count: Count,
  staying: (trx: Kysely<Database>) => Promise<Record<Table, RawBuilder<unknown>>>,
): Promise<void> {
  const parts = tables.map((table) => ({ table, name: partitionName(table, day) }))
  const days = sql.join(parts.map(({ name }) => sql.table(name)))
  const roots = sql.join(parts.map(({ table }) => sql`only ${sql.table(table)}`))
  const dropped = await patiently(() =>
    db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(trx)
      await sql`lock table ${days} in share row exclusive mode`.execute(trx)
      const stays = await staying(trx)
      const gone: [Table, number][] = []
      for (const { table, name } of parts) {
        const saved = sql.table(`kept_${name}`)
        await sql`create temp table ${saved} on commit drop as
          select * from ${sql.table(name)} where ${stays[table]}`.execute(trx)
        gone.push([table, (await rowsOf(trx, name)) - (await countOf(trx, saved))])
      }
      await sql`lock table ${roots}, ${days} in access exclusive mode`.execute(trx)
      await sql`drop table ${days}`.execute(trx)
      // their own numbers stay: who has read them does not read them again
      for (const { table, name } of parts)
        await sql`insert into ${sql.table(table)} select * from ${sql.table(`kept_${name}`)}`.execute(
          trx,
        )
      return gone
    }),
  )
  for (const [table, rows] of dropped) count(table, rows)
}

/** Begins anew where it has to wait, so that nobody waits for it meanwhile. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (codeOf(error) !== HELD || tries === LOCK_TRIES) throw error
    }
    await pause(LOCK_PAUSE_MS)
  }
}

async function rowsOf(db: Kysely<Database>, name: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`
    select reltuples::bigint as rows from pg_class where oid = ${name}::regclass`.execute(db)
  const estimate = rows[0]?.rows ?? 0
  return estimate >= COUNTED ? estimate : countOf(db, sql.table(name))
}

/** Rows of a day that are counted one by one. */
const COUNTED = 200_000

async function countOf(db: Kysely<Database>, table: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${table}`.execute(db)
  return rows[0]?.rows ?? 0
}
