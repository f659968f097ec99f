import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import { giveWay } from '../give-way.js'
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

interface Place {
  at: number
  seq: number
}
type Bounds = Pick<RequestFilter, 'from' | 'to' | 'before'>
type Narrow = <T>(
  query: SelectQueryBuilder<Database, 'requests', T>,
) => SelectQueryBuilder<Database, 'requests', T>

export const newestFirst: Narrow = (query) => query.orderBy('at', 'desc').orderBy('seq', 'desc')

/**
 * Narrows to a time and to what comes after a row in the order of time, newest first: rows are listed by time, which
 * indexes are ordered by, and the clock may have stepped back since the row was written. Of two bounds SQLite may begin at
 * the wider one, and each page of a day would begin at its end: it is given the narrower ones.
 */
export async function olderIn(db: Kysely<Database>, { from, to, before }: Bounds) {
  const row =
    before === undefined
      ? undefined
      : await db.selectFrom('requests').select('at').where('seq', '=', before).executeTakeFirst()
  const anchor = row && before !== undefined ? { at: row.at, seq: before } : undefined
  /** @param last the last row to look at @param behind the row that others come after. @default that of `before` */
  return <T>(
    query: SelectQueryBuilder<Database, 'requests', T>,
    last?: Place,
    behind: Place | undefined = anchor,
  ) => {
    let older = query
    const since = last?.at ?? from
    const until = behind === undefined ? to : Math.min(behind.at, to ?? behind.at)
    if (since !== undefined) older = older.where('at', '>=', since)
    if (until !== undefined) older = older.where('at', '<=', until)
    if (last !== undefined)
      older = older.where((eb) => eb(eb.refTuple('at', 'seq'), '>=', eb.tuple(last.at, last.seq)))
    if (before !== undefined && anchor === undefined) older = older.where('seq', '<', before)
    return behind === undefined
      ? older
      : older.where((eb) => eb(eb.refTuple('at', 'seq'), '<', eb.tuple(behind.at, behind.seq)))
  }
}

/** The last of so many rows, newest first; none where there are fewer. */
export function edgeOf(
  rows: SelectQueryBuilder<Database, 'requests', object>,
  count: number,
): Promise<Place | undefined> {
  return newestFirst(rows)
    .select(['at', 'seq'])
    .limit(1)
    .offset(count - 1)
    .executeTakeFirst()
}

/**
 * A time, newest first, in pieces that one statement looks through: it may match next to nothing, and a database in
 * the process serves nobody else until it has looked at everything.
 */
export async function* inPieces(
  db: Kysely<Database>,
  time: Bounds,
  { readAtOnce }: Dialect,
): AsyncGenerator<Narrow> {
  const older = await olderIn(db, time)
  for (let behind: Place | undefined; ; ) {
    const since = performance.now()
    const edge =
      readAtOnce === null
        ? undefined
        : await edgeOf(older(db.selectFrom('requests'), undefined, behind), readAtOnce)
    yield (query) => older(query, edge, behind)
    if (edge === undefined) return
    behind = edge
    await giveWay(performance.now() - since)
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
  return newestFirst(older(query)).limit(limit).execute()
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
  // a number or a verification has a handful, which an index names
  const named = number !== undefined || verificationId !== undefined
  if (named || (service ?? country ?? credit) === undefined) {
    const older = await olderIn(db, filter)
    return (await newestFirst(older(query)).limit(limit).execute()).map(readNumbered)
  }
  const rows: NumberedRequest[] = []
  for await (const within of inPieces(db, filter, dialect)) {
    const found = await newestFirst(within(query))
      .limit(limit - rows.length)
      .execute()
    rows.push(...found.map(readNumbered))
    if (rows.length >= limit) break
  }
  return rows
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
