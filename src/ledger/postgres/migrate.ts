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
    if (done) return checkOwner(db, where)
    if (waited >= PATIENCE_MS) {
      const hint = `${where}: another gateway has been migrating it for ${PATIENCE_MS / 1000} s: look at its log and at pg_stat_activity`
      throw new LedgerError('locked', hint)
    }
    await pause(PAUSE_MS)
  }
}

/** What sessions are opened with, as `connection.ts` asks for it, and what goes wrong without. */
const SESSION = `alter role ROLE set statement_timeout = '10s'; alter role ROLE set idle_in_transaction_session_timeout = '10s';
  alter role ROLE set jit = off; alter role ROLE set default_transaction_isolation = 'read committed'`

/**
 * @throws Error when commits are answered before they are on the disk (what is sent must be recorded for good), or when
 * sessions are not as they were asked for, because a pooler gives out others
 */
export async function checkDurable(db: Kysely<Database>, where: string): Promise<void> {
  const { rows } = await sql<{ commits: string; asked: boolean; role: string }>`
    select current_setting('synchronous_commit') as commits, session_user as role,
      current_setting('jit') = 'off' and current_setting('statement_timeout') <> '0'
        and current_setting('idle_in_transaction_session_timeout') <> '0'
        and current_setting('default_transaction_isolation') = 'read committed' as asked`.execute(
    db,
  )
  const [row] = rows
  if (row?.commits === 'off')
    throw new Error(
      `${where} has synchronous_commit = off: commits would be lost with the server; set it to on for this user ` +
        'or database: alter database ... set synchronous_commit = on',
    )
  if (row?.asked === false)
    throw new Error(
      `${where} does not give sessions the settings that they are opened with: a pooler stands before it. Give them to the ` +
        `user once, and write ?pooler=transaction in the URL: ${SESSION.replaceAll('ROLE', row.role).replace(/\s+/g, ' ')}`,
    )
}

/** Days are made and dropped while gateways run: whoever may not do that would stop in some days. @throws Error */
async function checkOwner(db: Kysely<Database>, where: string): Promise<void> {
  const { rows } = await sql<{ owner: string; role: string; is: boolean }>`
    select pg_get_userbyid(relowner) as owner, current_user as role, pg_has_role(relowner, 'usage') as is
    from pg_class where oid = to_regclass('requests')`.execute(db)
  const [row] = rows
  if (row === undefined || row.is) return
  throw new Error(
    `${where}: its tables belong to ${row.owner}, and ${row.role} could not make those of the days to come: ` +
      `grant ${row.owner} to ${row.role}; alter role ${row.role} set role = ${row.owner}`,
  )
}
