import { type Kysely, type RawBuilder, sql } from 'kysely'
import { DAY, MINUTE } from '../../engine/units.js'
import { type InTransaction, retain } from '../queries/retention.js'
import { isOpen } from '../queries/verifications.js'
import type { Database } from '../schema.js'
import { firstId } from '../timed-id.js'
import { type PartitionedTable, type Partitions, partitionName } from './partitions.js'

/** How long a day may hold writers up while it goes, ms, before it is left for the next time. */
const LOCK_MS = 1_000
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
  attempt: <T>(work: () => Promise<T>) => Promise<T>
  partitions: Partitions
}

type Count = (table: string, rows: number) => void

/**
 * Drops days that are over: what must stay (credit that is not settled, requests of open verifications, verifications
 * that are open or came back) is written again among the rows of no day. Those are deleted one by one, as in the
 * embedded ledger. @returns rows per table, of large days as many as the server estimates
 */
export async function retainShared(
  { db, attempt, partitions }: Parts,
  olderThan: { requests: number; verifications: number },
  now: number,
): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {}
  const count: Count = (table, rows) => {
    deleted[table] = (deleted[table] ?? 0) + rows
  }
  await attempt(() => partitions.ahead())
  for (const day of await attempt(() => daysBefore(db, 'requests', now - olderThan.requests)))
    await attempt(() => dropRequests(db, day, count))
  const before = now - olderThan.verifications
  for (const day of await attempt(() => daysBefore(db, 'verifications', before)))
    await attempt(() => dropVerifications(db, day, before, count))
  const inTransaction: InTransaction = (work) => attempt(() => db.transaction().execute(work))
  for (const [table, rows] of Object.entries(await retain(inTransaction, olderThan, now, OTHERS)))
    count(table, rows)
  await attempt(() =>
    sql`delete from writers where seen_at < now() - ${DEAD_WRITER}::interval`.execute(db),
  )
  return deleted
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
async function dropRequests(db: Kysely<Database>, day: number, count: Count): Promise<void> {
  const name = (table: PartitionedTable) => sql.table(partitionName(table, day))
  await db.transaction().execute(async (trx) => {
    const of = `of_${day}`
    await lock(trx, name('requests'))
    // the end of what may belong to a request of this day: a verification is made with its first request
    await sql`create temp table ${sql.table(of)} on commit drop as
      select id from ${name('requests')} where credit = 'reserved'
      union
      select old.id from verifications join ${name('requests')} as old on old.verification_id = verifications.id
        where ${isOpen} and verifications.id < ${sql.lit(firstId('ver', (day + 2) * DAY))}`.execute(
      trx,
    )
    const kept = (column: string) => sql`${sql.ref(column)} in (select id from ${sql.table(of)})`
    await dropBut(
      trx,
      'receipts',
      day,
      sql`send_id in (
      select id from sends where ${kept('sends.requestId')})`,
      count,
    )
    await dropBut(trx, 'sends', day, kept('requestId'), count)
    await dropBut(trx, 'outcomes', day, kept('requestId'), count)
    await dropBut(trx, 'requests', day, kept('id'), count)
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
  await db.transaction().execute(async (trx) => {
    await lock(trx, name)
    await dropBut(
      trx,
      'verifications',
      day,
      sql`(${isOpen} or id = any(${revived}::text[]))`,
      count,
    )
  })
}

/** From here on nobody changes what is looked at. */
async function lock(db: Kysely<Database>, table: RawBuilder<unknown>): Promise<void> {
  await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(db)
  await sql`lock table ${table} in share row exclusive mode`.execute(db)
}

async function dropBut(
  db: Kysely<Database>,
  table: PartitionedTable,
  day: number,
  kept: RawBuilder<unknown>,
  count: Count,
): Promise<void> {
  const name = partitionName(table, day)
  const { rows } = await sql<{ rows: number }>`
    select reltuples::bigint as rows from pg_class where oid = to_regclass(${name})`.execute(db)
  const estimate = rows[0]?.rows
  if (estimate === undefined) return
  const saved = sql.table(`kept_${name}`)
  await sql`create temp table ${saved} on commit drop as
    select * from ${sql.table(name)} where ${kept}`.execute(db)
  const all = estimate >= COUNTED ? estimate : await countOf(db, sql.table(name))
  const left = await countOf(db, saved)
  await sql`drop table ${sql.table(name)}`.execute(db)
  // their own numbers stay: who has read them does not read them again
  await sql`insert into ${sql.table(table)} select * from ${saved}`.execute(db)
  count(table, all - left)
}

/** Rows of a day that are counted one by one. */
const COUNTED = 200_000

async function countOf(db: Kysely<Database>, table: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${table}`.execute(db)
  return rows[0]?.rows ?? 0
}
