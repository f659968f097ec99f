import { type Kysely, sql } from 'kysely'
import type { KeyRow, ListRow, PolicyRow, ServiceRow } from '../rows.js'
import type { Database } from '../schema.js'
import {
  apiKeys,
  listEntries as listCodec,
  policies as policyCodec,
  services as serviceCodec,
} from '../tables.js'

/** @returns its version, one more than the last */
export async function putPolicy(
  db: Kysely<Database>,
  row: Omit<PolicyRow, 'version'>,
): Promise<number> {
  const { version } = await db
    .insertInto('policies')
    .values(row)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/** The newest where no version is given. */
export async function policy(db: Kysely<Database>, version?: number): Promise<PolicyRow | null> {
  let query = db.selectFrom('policies').select(policyCodec.columns)
  if (version !== undefined) query = query.where('version', '=', version)
  return (await query.orderBy('version', 'desc').limit(1).executeTakeFirst()) ?? null
}

export async function policies(db: Kysely<Database>, limit: number): Promise<PolicyRow[]> {
  return db
    .selectFrom('policies')
    .select(policyCodec.columns)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
}

export async function putKey(db: Kysely<Database>, row: KeyRow): Promise<void> {
  const stored = apiKeys.write(row)
  const { id, ...rest } = stored
  await db
    .insertInto('apiKeys')
    .values({ id, ...rest })
    .onConflict((c) => c.column('id').doUpdateSet(rest))
    .execute()
}

export async function key(db: Kysely<Database>, id: string): Promise<KeyRow | null> {
  const stored = await db
    .selectFrom('apiKeys')
    .select(apiKeys.columns)
    .where('id', '=', id)
    .executeTakeFirst()
  return stored === undefined ? null : apiKeys.read(stored)
}

export async function keys(db: Kysely<Database>): Promise<KeyRow[]> {
  const rows = await db
    .selectFrom('apiKeys')
    .select(apiKeys.columns)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map((stored) => apiKeys.read(stored))
}

/** @returns false when there is no such key or it was revoked before: the first time stands */
export async function revokeKey(db: Kysely<Database>, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('apiKeys')
    .set({ revokedAt: at })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function putListEntry(db: Kysely<Database>, row: ListRow): Promise<void> {
  const { list, entry, ...rest } = row
  await db
    .insertInto('listEntries')
    .values({ list, entry, ...rest })
    .onConflict((c) => c.columns(['list', 'entry']).doUpdateSet(rest))
    .execute()
}

export async function removeListEntry(
  db: Kysely<Database>,
  list: ListRow['list'],
  entry: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('listEntries')
    .where('list', '=', list)
    .where('entry', '=', entry)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

const inForce = (db: Kysely<Database>, now: number) =>
  db
    .selectFrom('listEntries')
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)]))

/** Those in force. */
export async function listEntries(db: Kysely<Database>, now: number): Promise<ListRow[]> {
  return inForce(db, now).select(listCodec.columns).orderBy('list').orderBy('entry').execute()
}

export async function listEntry(
  db: Kysely<Database>,
  list: ListRow['list'],
  entry: string,
  now: number,
): Promise<ListRow | null> {
  const row = await inForce(db, now)
    .select(listCodec.columns)
    .where('list', '=', list)
    .where('entry', '=', entry)
    .executeTakeFirst()
  return row ?? null
}

/** How many are in force, with the times at which they were made and end: one that comes or goes changes a sum. */
export async function listsMark(db: Kysely<Database>, now: number): Promise<string> {
  const rows = await inForce(db, now)
    .select('list')
    .select(({ fn }) => fn.countAll<number>().as('entries'))
    // beyond what a number holds exactly
    .select(sql<string>`cast(sum(created_at) as text)`.as('made'))
    .select(sql<string>`cast(sum(expires_at) as text)`.as('ends'))
    .groupBy('list')
    .orderBy('list')
    .execute()
  return JSON.stringify(rows.map(({ list, entries, made, ends }) => [list, entries, made, ends]))
}

export async function putService(db: Kysely<Database>, row: ServiceRow): Promise<void> {
  const { sid, ...rest } = row
  await db
    .insertInto('services')
    .values({ sid, ...rest })
    .onConflict((c) => c.column('sid').doUpdateSet(rest))
    .execute()
}

export async function service(db: Kysely<Database>, sid: string): Promise<ServiceRow | null> {
  const row = await db
    .selectFrom('services')
    .select(serviceCodec.columns)
    .where('sid', '=', sid)
    .executeTakeFirst()
  return row ?? null
}

export async function services(db: Kysely<Database>): Promise<ServiceRow[]> {
  return db
    .selectFrom('services')
    .select(serviceCodec.columns)
    .orderBy('createdAt')
    .orderBy('sid')
    .execute()
}
