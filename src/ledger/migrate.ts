import type { Kysely } from 'kysely'
import { MIGRATIONS, type Migration } from './migrations/all.js'
import type { ColumnTypes, Database } from './schema.js'

/**
 * Brings a database to the newest version, all or nothing.
 * @param db inside a transaction that holds the write lock: two processes that start together migrate once
 * @param where for messages: file or host
 * @throws Error when the database was written by a newer Tollgate
 */
export async function migrate(
  db: Kysely<Database>,
  types: ColumnTypes,
  where: string,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await db.schema
    .createTable('migrations')
    .ifNotExists()
    .addColumn('version', types.integer, (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('applied_at', types.integer, (c) => c.notNull())
    .execute()
  const newest = await db
    .selectFrom('migrations')
    .select(['version', 'name', 'appliedAt'])
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const found = newest?.version ?? 0
  if (newest !== undefined && found > migrations.length) {
    throw new Error(
      `the ledger ${where} has schema version ${found} ("${newest.name}", since ${new Date(newest.appliedAt).toISOString()}), ` +
        `this Tollgate knows versions up to ${migrations.length}: ` +
        'run the newer Tollgate again, or restore the backup made before the upgrade',
    )
  }
  for (const [index, migration] of migrations.entries()) {
    const version = index + 1
    if (version <= found) continue
    // Migrations are frozen in time and do not know the types of today's schema.
    await migration.up(db as unknown as Kysely<unknown>, types)
    await db
      .insertInto('migrations')
      .values({ version, name: migration.name, appliedAt: now })
      .execute()
  }
}
