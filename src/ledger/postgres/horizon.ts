import { type Kysely, sql } from 'kysely'
import type { ReadLog } from '../dialect.js'
import type { Database } from '../schema.js'

/**
 * How far a log can be read so that no row will ever appear behind the reader. Numbers are handed out before their
 * transactions commit, so a row may become visible after others of higher numbers. Each statement that writes a log
 * therefore takes, before it draws its first number, a shared advisory lock that says which number it had seen last
 * (the trigger `tollgate_announce`), and holds it until its end: numbers above the lowest of these may still be missing.
 * The newest number is read before the locks: whoever is not among them either has ended, and is seen by whatever is
 * read next, or draws higher numbers. Other transactions of the server, however long, hold up nothing.
 *
 * Read the log in a statement of its own after this one, so that it sees all that has ended.
 */
export async function horizon(db: Kysely<Database>, log: ReadLog): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    with newest as materialized (
      select coalesce(pg_sequence_last_value(${`${log}_seq`}::regclass), 0) as seq
    )
    select least(newest.seq, (
      select min(newest.seq - ((newest.seq - held.objid::bigint) & 2147483647)) from pg_locks as held
      where held.locktype = 'advisory' and held.objsubid = 2
        and held.classid::bigint = ${log}::regclass::oid::bigint & 2147483647
        and held.database = (select oid from pg_database where datname = current_database())
    )) as seq
    from newest`.execute(db)
  return rows[0]?.seq ?? 0
}
