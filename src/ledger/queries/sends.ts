import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { SendRow, SendStatus } from '../rows.js'
import type { Database } from '../schema.js'
import { sends } from '../tables.js'
import { timeOf } from '../timed-id.js'

/** Where a message of that id lies: its request was made just before it. `null`: anywhere. */
function madeWith(id: string, dialect: Dialect): RawBuilder<SqlBool> | null {
  const at = timeOf(id)
  return at === null ? null : dialect.madeWithin(sql.ref('requestId'), at, at)
}

export async function find(
  db: Kysely<Database>,
  id: string,
  dialect: Dialect,
): Promise<SendRow | null> {
  const query = db.selectFrom('sends').select(sends.columns).where('id', '=', id)
  const near = madeWith(id, dialect)
  const stored =
    (near === null ? undefined : await query.where(near).executeTakeFirst()) ??
    (await query.executeTakeFirst())
  return stored === undefined ? null : sends.read(stored)
}

/** The newest one, should a provider use an id again. @param recent Unix ms: receipts come soon, mostly */
export async function findByProvider(
  db: Kysely<Database>,
  provider: string,
  providerId: string,
  recent: number,
  dialect: Dialect,
): Promise<SendRow | null> {
  const query = db
    .selectFrom('sends')
    .select(sends.columns)
    .where('providerId', '=', providerId)
    .where('provider', '=', provider)
    .orderBy('seq', 'desc')
    .limit(1)
  const near = dialect.madeWithin(sql.ref('requestId'), recent, undefined)
  const stored =
    (near === null ? undefined : await query.where(near).executeTakeFirst()) ??
    (await query.executeTakeFirst())
  return stored === undefined ? null : sends.read(stored)
}

/** In order of writing. */
export async function ofVerification(
  db: Kysely<Database>,
  verificationId: string,
  dialect: Dialect,
): Promise<SendRow[]> {
  const made = dialect.madeWithin(
    sql.ref('requestId'),
    timeOf(verificationId) ?? undefined,
    undefined,
  )
  const rows = await db
    .selectFrom('sends')
    .select(sends.columns)
    .where('verificationId', '=', verificationId)
    .$if(made !== null, (query) => query.where(made ?? sql<SqlBool>`true`))
    .orderBy('seq')
    .execute()
  return rows.map((stored) => sends.read(stored))
}

/** Those of many requests, in order of writing. */
export async function ofRequests(
  db: Kysely<Database>,
  requestIds: readonly string[],
  dialect: Dialect,
): Promise<SendRow[]> {
  // of one that tells no time nobody knows where it lies
  const times = requestIds.map((id) => timeOf(id) ?? Number.NaN)
  const made = dialect.madeWithin(
    sql.ref('requestId'),
    times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  )
  const rows = await db
    .selectFrom('sends')
    .select(sends.columns)
    .where(dialect.anyOf('requestId', requestIds))
    .$if(made !== null, (query) => query.where(made ?? sql<SqlBool>`true`))
    .orderBy(dialect.ofFew('seq'))
    .execute()
  return rows.map((stored) => sends.read(stored))
}

export async function update(
  db: Kysely<Database>,
  id: string,
  patch: Partial<Omit<SendRow, 'id'>>,
  dialect: Dialect,
  from?: readonly SendStatus[],
): Promise<boolean> {
  const query = db
    .updateTable('sends')
    .set(sends.patch(patch))
    .where('id', '=', id)
    .$if(from !== undefined, (query) => query.where('status', 'in', from ?? []))
  const near = madeWith(id, dialect)
  if (near !== null && (await query.where(near).executeTakeFirst()).numUpdatedRows > 0n) return true
  return (await query.executeTakeFirst()).numUpdatedRows > 0n
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
