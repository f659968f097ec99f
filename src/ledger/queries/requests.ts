import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { Numbers } from '../numbers.js'
import type { AskedFilter, RequestFilter } from '../port.js'
import type { AskedRequest, RequestRow } from '../rows.js'
import type { Database } from '../schema.js'
import { askedRequests, requests } from '../tables.js'
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

/**
 * Narrows to a time and to what comes after a row in the order of time, newest first: rows are listed by time, which
 * indexes are ordered by, and the clock may have stepped back since the row was written. Of two bounds SQLite may begin at
 * the wider one, and each page of a day would begin at its end: it is given the narrower ones.
 */
export async function olderIn(
  db: Kysely<Database>,
  { from, to, before }: Pick<RequestFilter, 'from' | 'to' | 'before'>,
) {
  const anchor =
    before === undefined
      ? undefined
      : await db.selectFrom('requests').select('at').where('seq', '=', before).executeTakeFirst()
  const until = anchor === undefined ? to : Math.min(anchor.at, to ?? anchor.at)
  /** @param last the last row to look at */
  return <T>(
    query: SelectQueryBuilder<Database, 'requests', T>,
    last?: { at: number; seq: number },
  ) => {
    let older = query.orderBy('at', 'desc').orderBy('seq', 'desc')
    const since = last?.at ?? from
    if (since !== undefined) older = older.where('at', '>=', since)
    if (until !== undefined) older = older.where('at', '<=', until)
    if (last !== undefined)
      older = older.where((eb) => eb(eb.refTuple('at', 'seq'), '>=', eb.tuple(last.at, last.seq)))
    if (before === undefined) return older
    return anchor === undefined
      ? older.where('seq', '<', before)
      : older.where((eb) => eb(eb.refTuple('at', 'seq'), '<', eb.tuple(anchor.at, before)))
  }
}

/** Newest first. */
export async function asked(
  db: Kysely<Database>,
  { limit, ...time }: AskedFilter,
  dialect: Dialect,
): Promise<(AskedRequest & { seq: number })[]> {
  const made = dialect.madeWithin(sql.ref('id'), time.from, time.to)
  let query = db.selectFrom('requests').select(['seq', ...askedRequests.columns])
  if (made !== null) query = query.where(made)
  const older = await olderIn(db, time)
  // none of these columns is read otherwise than it is kept
  return older(query).limit(limit).execute()
}

/** Newest first. */
export async function list(
  db: Kysely<Database>,
  filter: RequestFilter,
  numbers: Numbers,
  dialect: Dialect,
): Promise<NumberedRequest[]> {
  const { service, number, verificationId, country, from, to, credit, limit } = filter
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
  if (credit?.length === 0) return []
  if (credit !== undefined) query = query.where('credit', 'in', credit)
  const older = await olderIn(db, filter)
  const rows = await older(query).limit(limit).execute()
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
