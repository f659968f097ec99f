import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { Numbers } from '../numbers.js'
import type { RequestFilter } from '../port.js'
import type { RequestRow } from '../rows.js'
import type { Database } from '../schema.js'
import { requests } from '../tables.js'
import { timeOf } from '../timed-id.js'

export type NumberedRequest = RequestRow & { seq: number }

export async function find(db: Kysely<Database>, id: string): Promise<RequestRow | null> {
  const stored = await db
    .selectFrom('requests')
    .select(requests.columns)
    .where('id', '=', id)
    .executeTakeFirst()
  return stored === undefined ? null : requests.read(stored)
}

/** Newest first. */
export async function list(
  db: Kysely<Database>,
  filter: RequestFilter,
  numbers: Numbers,
  dialect: Dialect,
): Promise<NumberedRequest[]> {
  const { service, number, verificationId, country, from, to, credit, before, limit } = filter
  let query = db.selectFrom('requests').select(['seq', ...requests.columns])
  if (service !== undefined) query = query.where('service', '=', service)
  if (number !== undefined) {
    query = query.where(dialect.ofSource('number', numbers.numberKey(number), { from }))
  }
  const since = Math.max(
    from ?? Number.NEGATIVE_INFINITY,
    (verificationId === undefined ? null : timeOf(verificationId)) ?? Number.NEGATIVE_INFINITY,
  )
  const made = dialect.madeWithin(
    sql.ref('id'),
    since === Number.NEGATIVE_INFINITY ? undefined : since,
    to,
  )
  if (made !== null) query = query.where(made)
  if (verificationId !== undefined) query = query.where('verificationId', '=', verificationId)
  if (country !== undefined) query = query.where('country', '=', country)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<=', to)
  if (credit?.length === 0) return []
  if (credit !== undefined) query = query.where('credit', 'in', credit)
  if (before !== undefined) {
    // Rows are listed by time, which indexes are ordered by; the clock may have stepped back since the row was written.
    const anchor = await db
      .selectFrom('requests')
      .select('at')
      .where('seq', '=', before)
      .executeTakeFirst()
    query =
      anchor === undefined
        ? query.where('seq', '<', before)
        : query.where((eb) => eb(eb.refTuple('at', 'seq'), '<', eb.tuple(anchor.at, before)))
  }
  const rows = await query.orderBy('at', 'desc').orderBy('seq', 'desc').limit(limit).execute()
  return rows.map(readNumbered)
}

export async function due(db: Kysely<Database>, now: number, limit: number): Promise<RequestRow[]> {
  const rows = await db
    .selectFrom('requests')
    .select(requests.columns)
    // A literal: with a parameter the planner cannot know that the partial index applies.
    .where('credit', '=', sql.lit('reserved'))
    .where('maturesAt', '<=', now)
    .orderBy('maturesAt')
    .limit(limit)
    .execute()
  return rows.map((stored) => requests.read(stored))
}

type StoredRequest = Parameters<typeof requests.read>[0]

export function readNumbered({ seq, ...stored }: StoredRequest & { seq: number }): NumberedRequest {
  return { seq, ...requests.read(stored) }
}
