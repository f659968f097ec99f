import type { Kysely } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { Ledger, LedgerPosition } from '../port.js'
import {
  LEARNED,
  type LearnedRequest,
  type OutcomeRow,
  type RequestRow,
  SETTLED,
  type SettledRequest,
} from '../rows.js'
import type { Database } from '../schema.js'
import { learnedRequests, outcomes, requests, settledRequests } from '../tables.js'
import { type NumberedRequest, readNumbered } from './requests.js'

export async function outcomesOf(db: Kysely<Database>, requestId: string): Promise<OutcomeRow[]> {
  const rows = await db
    .selectFrom('outcomes')
    .select(outcomes.columns)
    .where('requestId', '=', requestId)
    .orderBy('seq')
    .execute()
  return rows.map((stored) => outcomes.read(stored))
}

export async function position(db: Kysely<Database>, dialect: Dialect): Promise<LedgerPosition> {
  const last = async (table: 'requests' | 'outcomes') => {
    const horizon = await dialect.horizon(db, table)
    if (horizon !== null) return horizon
    const row = await db
      .selectFrom(table)
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row?.seq ?? 0
  }
  return { requests: await last('requests'), outcomes: await last('outcomes') }
}

async function logOf<Name extends keyof RequestRow>(
  db: Kysely<Database>,
  columns: readonly Name[],
  { after, limit, dialect }: { after: number; limit: number; dialect: Dialect },
) {
  const query = db
    .selectFrom('requests')
    .select(['seq', ...columns])
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
  const horizon = await dialect.horizon(db, 'requests')
  // in an object: a query builder can be awaited, and would run
  return { query: horizon === null ? query : query.where('seq', '<=', horizon) }
}

export async function charges(
  db: Kysely<Database>,
  after: number,
  limit: number,
  dialect: Dialect,
): Promise<NumberedRequest[]> {
  const { query } = await logOf(db, requests.columns, { after, limit, dialect })
  return (await query.where('charge', 'is not', null).execute()).map(readNumbered)
}

export async function requestsAfter(
  db: Kysely<Database>,
  after: number,
  limit: number,
  dialect: Dialect,
): Promise<(LearnedRequest & { seq: number })[]> {
  const { query } = await logOf(db, LEARNED, { after, limit, dialect })
  const rows = await query.execute()
  return rows.map(({ seq, ...stored }) => ({ seq, ...learnedRequests.read(stored) }))
}

export async function settlements(
  db: Kysely<Database>,
  after: number,
  limit: number,
  dialect: Dialect,
): ReturnType<Ledger['settlements']> {
  const horizon = await dialect.horizon(db, 'outcomes')
  const rows = await db
    .selectFrom('outcomes')
    .select(['seq', ...outcomes.columns])
    .select((eb) =>
      eb
        .selectFrom('outcomes as earlier')
        .select('earlier.at')
        .whereRef('earlier.requestId', '=', 'outcomes.requestId')
        .whereRef('earlier.seq', '<', 'outcomes.seq')
        .whereRef('earlier.from', '<>', 'earlier.to')
        .orderBy(dialect.ofFew('earlier.seq'), 'desc')
        .limit(1)
        .as('settledBefore'),
    )
    .where('seq', '>', after)
    .$if(horizon !== null, (query) => query.where('seq', '<=', horizon ?? 0))
    .whereRef('from', '<>', 'to')
    .orderBy('seq')
    .limit(limit)
    .execute()

  const byId = await requestsById(db, [...new Set(rows.map((row) => row.requestId))], dialect)
  return rows.flatMap(({ seq, settledBefore, ...stored }) => {
    const request = byId.get(stored.requestId)
    return request === undefined ? [] : [{ seq, settledBefore, request, ...outcomes.read(stored) }]
  })
}

async function requestsById(
  db: Kysely<Database>,
  ids: readonly string[],
  dialect: Dialect,
): Promise<Map<string, SettledRequest & { seq: number }>> {
  const rows = await db
    .selectFrom('requests')
    .select(['seq', ...SETTLED])
    .where(dialect.anyOf('id', ids))
    .execute()
  return new Map(
    rows.map(({ seq, ...stored }) => [stored.id, { seq, ...settledRequests.read(stored) }]),
  )
}
