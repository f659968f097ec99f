import type { Kysely } from 'kysely'
import { DIMENSIONS } from '../console-port.js'
import { giveWay } from '../give-way.js'
import type { Database } from '../schema.js'
import { isFine, KEPT_MS } from '../tally-time.js'
import { TALLY_TABLES } from './tally-write.js'
import { isOpen } from './verifications.js'

/** Runs work in a transaction of its own. */
export type InTransaction = <T>(work: (db: Kysely<Database>) => Promise<T>) => Promise<T>

/** Where rows are deleted one by one: all of a table, or what lies in none of its parts. */
export interface Tables {
  requests: 'requests' | 'requests_other as requests'
  verifications: 'verifications' | 'verifications_other as verifications'
}
const WHOLE: Tables = { requests: 'requests', verifications: 'verifications' }

/** Requests or verifications of one transaction: some 10 ms, in which nobody else is served. */
const STEP = 500

/**
 * Deletes in small steps, oldest first, with room for other work between them.
 * The newest request, and the request of the newest outcome, stay whatever their age: a sequence number that was
 * handed out twice would hide a charge from whoever reads on from a position.
 */
export async function retain(
  inTransaction: InTransaction,
  olderThan: { requests: number; verifications: number },
  now: number,
  { from = WHOLE, stopped }: { from?: Tables; stopped?: AbortSignal | undefined } = {},
): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {}
  async function inSteps(
    step: (db: Kysely<Database>) => Promise<Record<string, number>>,
    main: string,
  ) {
    while (stopped?.aborted !== true) {
      const since = performance.now()
      const counts = await inTransaction(step)
      for (const [table, count] of Object.entries(counts))
        deleted[table] = (deleted[table] ?? 0) + count
      if ((counts[main] ?? 0) < STEP) return
      await giveWay(performance.now() - since)
    }
  }
  await inSteps((db) => deleteRequests(db, now - olderThan.requests, from), 'requests')
  await inSteps(
    (db) => deleteVerifications(db, now - olderThan.verifications, from),
    'verifications',
  )
  await inSteps((db) => deleteClaims(db, now), 'claims')
  await inSteps((db) => deleteListEntries(db, now), 'listEntries')
  await inSteps((db) => deleteDocuments(db, now), 'documents')
  await inSteps((db) => deleteTallies(db, olderThan.requests, now), 'tallies')
  return deleted
}

async function deleteDocuments(db: Kysely<Database>, now: number): Promise<Record<string, number>> {
  const expired = await db
    .selectFrom('documents')
    .select(['kind', 'id'])
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(STEP)
    .execute()
  let documents = 0
  for (const { kind, id } of expired) {
    const { numDeletedRows } = await db
      .deleteFrom('documents')
      .where('kind', '=', kind)
      .where('id', '=', id)
      .where('expiresAt', '<=', now)
      .executeTakeFirst()
    documents += Number(numDeletedRows)
  }
  return { documents }
}

/** Buckets that are over. Days of fine keys go with the requests they were counted from. */
async function deleteTallies(
  db: Kysely<Database>,
  requestsMs: number,
  now: number,
): Promise<Record<string, number>> {
  let left = STEP
  for (const period of ['minute', 'hour', 'day'] as const) {
    const table = TALLY_TABLES[period]
    for (const dimension of DIMENSIONS) {
      if (left <= 0) break
      const kept =
        period === 'day' && isFine(dimension) ? Math.min(KEPT_MS.day, requestsMs) : KEPT_MS[period]
      const { numDeletedRows } = await db
        .deleteFrom(table)
        // said twice: what is deleted is looked for among what is over, not in the whole table
        .where('dimension', '=', dimension)
        .where('at', '<', now - kept)
        .where((eb) =>
          eb(
            eb.refTuple('dimension', 'at', 'key', 'parent', 'service'),
            'in',
            eb
              .selectFrom(table)
              .select(['dimension', 'at', 'key', 'parent', 'service'])
              .where('dimension', '=', dimension)
              .where('at', '<', now - kept)
              .orderBy('at')
              .limit(left)
              .$asTuple('dimension', 'at', 'key', 'parent', 'service'),
          ),
        )
        .executeTakeFirst()
      left -= Number(numDeletedRows)
    }
  }
  return { tallies: STEP - left }
}

async function deleteRequests(
  db: Kysely<Database>,
  before: number,
  { requests: table }: Tables,
): Promise<Record<string, number>> {
  const newest = await db
    .selectFrom('requests')
    .select('id')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const settled = await db
    .selectFrom('outcomes')
    .select('requestId')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const kept = [newest?.id ?? '', settled?.requestId ?? '']
  const rows = await db
    .selectFrom(table as 'requests')
    .select('id')
    .where('at', '<', before)
    .where('credit', '<>', 'reserved')
    .where('id', 'not in', kept)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('verifications')
            .select('verifications.id')
            .whereRef('verifications.id', '=', 'requests.verificationId')
            .where(isOpen),
        ),
      ),
    )
    .orderBy('at')
    .limit(STEP)
    .execute()
  if (rows.length === 0) return {}
  const ids = rows.map((row) => row.id)
  const sendsOf = db.selectFrom('sends').select('id').where('requestId', 'in', ids)
  const receipts = await db.deleteFrom('receipts').where('sendId', 'in', sendsOf).executeTakeFirst()
  const sends = await db.deleteFrom('sends').where('requestId', 'in', ids).executeTakeFirst()
  const outcomes = await db.deleteFrom('outcomes').where('requestId', 'in', ids).executeTakeFirst()
  const requests = await db.deleteFrom('requests').where('id', 'in', ids).executeTakeFirst()
  return {
    receipts: Number(receipts.numDeletedRows),
    sends: Number(sends.numDeletedRows),
    outcomes: Number(outcomes.numDeletedRows),
    requests: Number(requests.numDeletedRows),
  }
}

async function deleteVerifications(
  db: Kysely<Database>,
  before: number,
  { verifications: table }: Tables,
): Promise<Record<string, number>> {
  const old = db
    .selectFrom(table as 'verifications')
    .select('id')
    .where('createdAt', '<', before)
    .where('updatedAt', '<', before)
    .where((eb) => eb.not(isOpen))
    .orderBy('createdAt')
    .limit(STEP)
  const { numDeletedRows } = await db
    .deleteFrom('verifications')
    .where('id', 'in', old)
    .executeTakeFirst()
  return { verifications: Number(numDeletedRows) }
}

async function deleteClaims(db: Kysely<Database>, now: number): Promise<Record<string, number>> {
  const keys = await db
    .selectFrom('claims')
    .select(['scope', 'key'])
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(STEP)
    .execute()
  let claims = 0
  for (const { scope, key } of keys) {
    const { numDeletedRows } = await db
      .deleteFrom('claims')
      .where('scope', '=', scope)
      .where('key', '=', key)
      .where('expiresAt', '<=', now)
      .executeTakeFirst()
    claims += Number(numDeletedRows)
  }
  return { claims }
}

async function deleteListEntries(
  db: Kysely<Database>,
  now: number,
): Promise<Record<string, number>> {
  const { numDeletedRows } = await db
    .deleteFrom('listEntries')
    .where('expiresAt', '<=', now)
    .executeTakeFirst()
  return { listEntries: Number(numDeletedRows) }
}
