import { type Kysely, sql } from 'kysely'
import { HOUR } from '../../engine/units.js'
import type { RollupPeriod } from '../console-port.js'
import type { Counted } from '../roll-up.js'
import type { Database } from '../schema.js'
import { FEW_REQUESTS, FINE, PERIOD_MS, type Sealed, sealedAt } from '../tally-time.js'
import { TALLY_TABLES } from './tally-write.js'

/** Facts about roll-ups among those about the ledger. */
type Name = 'counted' | 'sealed' | 'pruned hours' | 'pruned days'

/** Rows deleted by one step. */
const STEP = 1_000

async function get<T>(db: Kysely<Database>, name: Name): Promise<T | null> {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? null : (JSON.parse(row.value) as T)
}

async function set(db: Kysely<Database>, name: Name, value: unknown): Promise<void> {
  const stored = { value: JSON.stringify(value) }
  await db
    .insertInto('meta')
    .values({ name, ...stored })
    .onConflict((c) => c.column('name').doUpdateSet(stored))
    .execute()
}

export const positions = async (db: Kysely<Database>): Promise<Counted> =>
  (await get<Counted>(db, 'counted')) ?? { requests: 0, outcomes: 0, sends: 0 }

export const setPositions = (db: Kysely<Database>, counted: Counted): Promise<void> =>
  set(db, 'counted', counted)

/** Nothing is sealed in a new ledger. */
export const sealedUntil = async (db: Kysely<Database>): Promise<Sealed> =>
  (await get<Sealed>(db, 'sealed')) ?? { hour: 0, day: 0 }

/** Drops what is over at `time`: seldom seen keys of sealed buckets, and claims of hours that nothing can be counted in. */
export async function dropOver(db: Kysely<Database>, time: number): Promise<void> {
  const sealed = sealedAt(time)
  await set(db, 'sealed', sealed)
  await prune(db, 'hour', 'pruned hours', sealed.hour)
  await prune(db, 'day', 'pruned days', sealed.day)
  const before = sealed.hour - HOUR
  await sql`delete from counted_refusals where (hour, service, kind, number) in (
    select hour, service, kind, number from counted_refusals where hour < ${before} limit ${STEP})`.execute(
    db,
  )
}

/** One bucket of one dimension after the other, a bounded number of rows at a time. */
async function prune(
  db: Kysely<Database>,
  period: RollupPeriod,
  name: Name,
  end: number,
): Promise<void> {
  const table = TALLY_TABLES[period]
  let place = (await get<{ at: number; fine: number }>(db, name)) ?? {
    at: (await nextBucket(db, period, 0)) ?? end,
    fine: 0,
  }
  if (place.at >= end) return
  let left = STEP
  while (left > 0 && place.at < end) {
    const dimension = FINE[place.fine]
    if (dimension === undefined) {
      place = { at: place.at + PERIOD_MS[period], fine: 0 }
      // nothing between: a gateway that stood still for a week is not waited for
      const next = await nextBucket(db, period, place.at)
      place.at = Math.min(next ?? end, end)
      continue
    }
    const { numDeletedRows } = await db
      .deleteFrom(table)
      .where((eb) =>
        eb(
          eb.refTuple('dimension', 'at', 'key', 'parent', 'service'),
          'in',
          eb
            .selectFrom(table)
            .select(['dimension', 'at', 'key', 'parent', 'service'])
            .where('dimension', '=', dimension)
            .where('at', '=', place.at)
            .where('requests', '<', FEW_REQUESTS)
            .limit(left)
            .$asTuple('dimension', 'at', 'key', 'parent', 'service'),
        ),
      )
      .executeTakeFirst()
    left -= Number(numDeletedRows)
    if (left > 0) place = { at: place.at, fine: place.fine + 1 }
  }
  await set(db, name, place)
}

/** The next bucket in which anything at all was counted. */
async function nextBucket(
  db: Kysely<Database>,
  period: RollupPeriod,
  from: number,
): Promise<number | null> {
  const row = await db
    .selectFrom(TALLY_TABLES[period])
    .select('at')
    .where('dimension', '=', 'all')
    .where('at', '>=', from)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
