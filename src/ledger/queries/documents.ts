import type { ExpressionBuilder, Kysely } from 'kysely'
import type { DocumentFilter, DocumentRow } from '../console-port.js'
import type { Database } from '../schema.js'
import { documents as codec } from '../tables.js'

const inForce = (now: number) => (eb: ExpressionBuilder<Database, 'documents'>) =>
  eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', now)])

export async function find(
  db: Kysely<Database>,
  kind: string,
  id: string,
  now: number,
): Promise<DocumentRow | null> {
  const stored = await db
    .selectFrom('documents')
    .select(codec.columns)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .where(inForce(now))
    .executeTakeFirst()
  return stored === undefined ? null : codec.read(stored)
}

/** Newest first. */
export async function list(
  db: Kysely<Database>,
  { kind, parent, from, to, limit, before }: DocumentFilter,
  now: number,
): Promise<DocumentRow[]> {
  let query = db
    .selectFrom('documents')
    .select(codec.columns)
    .where('kind', '=', kind)
    .where(inForce(now))
  if (parent !== undefined) query = query.where('parent', '=', parent)
  if (from !== undefined) query = query.where('at', '>=', from)
  // the narrower of two bounds alone: SQLite begins at the wider one
  if (to !== undefined && (before === undefined || to <= before.at))
    query = query.where('at', '<', to)
  if (before !== undefined)
    query = query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(before.at, before.id)))
  const rows = await query.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return rows.map((stored) => codec.read(stored))
}

/** One statement decides who was first. An expired document counts as none. */
export async function put(
  db: Kysely<Database>,
  row: Omit<DocumentRow, 'version'>,
  expected: number | undefined,
  now: number,
): Promise<boolean> {
  const { kind, id, ...rest } = codec.write({ ...row, body: row.body as object, version: 1 })
  if (expected !== undefined && expected > 0) {
    const { numUpdatedRows } = await db
      .updateTable('documents')
      .set({ ...rest, version: expected + 1 })
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('version', '=', expected)
      .where(inForce(now))
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }
  const insert = db.insertInto('documents').values({ kind, id, ...rest })
  const { numInsertedOrUpdatedRows } = await insert
    .onConflict((c) => {
      const update = c.columns(['kind', 'id'])
      if (expected === 0) return update.doUpdateSet(rest).where('documents.expiresAt', '<=', now)
      return update.doUpdateSet((eb) => ({ ...rest, version: eb('documents.version', '+', 1) }))
    })
    .executeTakeFirst()
  return numInsertedOrUpdatedRows !== 0n
}

export async function remove(
  db: Kysely<Database>,
  kind: string,
  id: string,
  now: number,
): Promise<boolean> {
  const gone = await db
    .deleteFrom('documents')
    .where('kind', '=', kind)
    .where('id', '=', id)
    .returning('expiresAt')
    .executeTakeFirst()
  return gone !== undefined && (gone.expiresAt === null || gone.expiresAt > now)
}
