import { type Kysely, sql } from 'kysely'
import type { SendRow } from '../rows.js'
import type { Database } from '../schema.js'
import { sends } from '../tables.js'

export async function find(db: Kysely<Database>, id: string): Promise<SendRow | null> {
  const stored = await db
    .selectFrom('sends')
    .select(sends.columns)
    .where('id', '=', id)
    .executeTakeFirst()
  return stored === undefined ? null : sends.read(stored)
}

/** The newest one, should a provider use an id again. */
export async function findByProvider(
  db: Kysely<Database>,
  provider: string,
  providerId: string,
): Promise<SendRow | null> {
  const stored = await db
    .selectFrom('sends')
    .select(sends.columns)
    .where('providerId', '=', providerId)
    .where('provider', '=', provider)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return stored === undefined ? null : sends.read(stored)
}

/** In order of writing. */
export async function ofVerification(
  db: Kysely<Database>,
  verificationId: string,
): Promise<SendRow[]> {
  const rows = await db
    .selectFrom('sends')
    .select(sends.columns)
    .where('verificationId', '=', verificationId)
    .orderBy('seq')
    .execute()
  return rows.map((stored) => sends.read(stored))
}

export async function update(
  db: Kysely<Database>,
  id: string,
  patch: Partial<Omit<SendRow, 'id'>>,
): Promise<void> {
  const stored = sends.patch(patch)
  if (Object.keys(stored).length === 0) return
  await db.updateTable('sends').set(stored).where('id', '=', id).execute()
}

/** Nobody knows whether a provider took them: they are neither sent again nor given back. */
export async function markInterrupted(
  db: Kysely<Database>,
  now: number,
  olderThanMs: number,
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('sends')
    .set({ status: 'unknown', updatedAt: now })
    .where('status', '=', sql.lit('pending'))
    .$if(olderThanMs > 0, (query) => query.where('at', '<=', now - olderThanMs))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
