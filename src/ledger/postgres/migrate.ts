import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { migrate } from '../migrate.js'
import type { Migration } from '../migrations/all.js'
import { LedgerError } from '../port.js'
import type { ColumnTypes, Database } from '../schema.js'
import { POSTGRES_MIGRATIONS } from './migrations/all.js'

const POSTGRES_COLUMNS: ColumnTypes = {
  sequence: { type: 'bigint', identity: true },
  integer: 'bigint',
  real: 'double precision',
  clustered: false,
}

/** How long one gateway waits while another one migrates, ms. */
const PATIENCE_MS = 120_000
const PAUSE_MS = 100
/** A change to a table waits at most so long for others, who wait behind it meanwhile; then it is tried again. */
const LOCK_MS = 2_000

/**
 * Brings the database to the newest version while others work on it. Of gateways that start together one migrates, and
 * the others wait for it.
 * @param where for messages
 */
export async function migrateShared(
  db: Kysely<Database>,
  where: string,
  clock: () => number,
  migrations: readonly Migration[] = POSTGRES_MIGRATIONS,
): Promise<void> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const done = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtextextended('tollgate migrations', 0)) as mine`.execute(
        trx,
      )
      if (rows[0]?.mine !== true) return false
      await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(trx)
      await migrate(trx, POSTGRES_COLUMNS, where, clock(), migrations)
      return true
    })
    if (done) return
    if (waited >= PATIENCE_MS) {
      const hint = `${where}: another gateway has been migrating it for ${PATIENCE_MS / 1000} s: look at its log and at pg_stat_activity`
      throw new LedgerError('locked', hint)
    }
    await pause(PAUSE_MS)
  }
}

/** @throws Error when commits are answered before they are on the disk: what is sent must be recorded for good */
export async function checkDurable(db: Kysely<Database>, where: string): Promise<void> {
  const { rows } = await sql<{ setting: string }>`
    select current_setting('synchronous_commit') as setting`.execute(db)
  if (rows[0]?.setting !== 'off') return
  throw new Error(
    `${where} has synchronous_commit = off: commits would be lost with the server; set it to on for this user ` +
      'or database: alter database ... set synchronous_commit = on',
  )
}
