import { type Kysely, sql } from 'kysely'
import { HOUR } from '../../engine/units.js'
import { type Dimension, TALLIES } from '../console-port.js'
import type { Dialect } from '../dialect.js'
import type { Counted } from '../roll-up.js'
import type { Database } from '../schema.js'
import { bucketOf, FEW_REQUESTS, FINE, type Sealing, sealedBefore } from '../tally-time.js'

/** Facts about roll-ups among those about the ledger. */
type Name = 'counted' | 'sealing'

/** Rows that one step drops for each request that it may count: more than it makes. */
const DROPPED_EACH = 40

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
export const sealing = async (db: Kysely<Database>): Promise<Sealing> =>
  (await get<Sealing>(db, 'sealing')) ?? { before: 0, at: 0, fine: 0, copied: false }

/** Seals the hours that are over at `time`, and forgets claims of hours that nothing can be counted in. */
export async function dropOver(
  db: Kysely<Database>,
  time: number,
  { counting }: Pick<Dialect, 'counting'>,
): Promise<void> {
  const limit = DROPPED_EACH * counting.atOnce
  const end = sealedBefore(time)
  const stands = await sealing(db)
  // also when the clock steps back: an hour goes into its day once
  const before = Math.max(end, stands.at)
  await set(db, 'sealing', await seal(db, { ...stands, before }, limit))
  const over = end - HOUR
  await sql`delete from counted_refusals where (hour, service, kind, number) in (
    select hour, service, kind, number from counted_refusals where hour < ${over} limit ${limit})`.execute(
    db,
  )
}

/** One hour of one dimension after the other: into its day, then rid of what was seldom seen, so many rows at a time. */
async function seal(db: Kysely<Database>, from: Sealing, limit: number): Promise<Sealing> {
  let { at, fine, copied } = from
  let left = limit
  while (left > 0 && at < from.before) {
    const dimension = FINE[fine]
    if (dimension === undefined || fine === 0) {
      // nothing between: a gateway that stood still for a week is not waited for
      const next = await nextHour(db, dimension === undefined ? at + HOUR : at)
      const moved = Math.min(next ?? from.before, from.before)
      if (dimension === undefined || moved !== at) [at, fine, copied] = [moved, 0, false]
      if (dimension === undefined || at >= from.before) continue
    }
    const of = FINE[fine]
    if (of === undefined) continue
    if (!copied) await intoDay(db, of, at)
    copied = true
    left -= 1 + (await dropFew(db, of, at, left))
    if (left > 0) [fine, copied] = [fine + 1, false]
  }
  return { before: from.before, at, fine, copied }
}

async function intoDay(db: Kysely<Database>, dimension: Dimension, at: number): Promise<void> {
  const amounts = sql.join(TALLIES.map((name) => sql.ref(name)))
  const sums = sql.join(
    TALLIES.map(
      (name) => sql`${sql.ref(name)} = tally_days.${sql.ref(name)} + excluded.${sql.ref(name)}`,
    ),
  )
  await sql`insert into tally_days (dimension, at, key, parent, service, ${amounts})
    select dimension, cast(${bucketOf('day', at)} as bigint), key, parent, service, ${amounts} from tally_hours
    where dimension = ${dimension} and at = ${at} and requests >= ${FEW_REQUESTS}
    on conflict (dimension, at, key, parent, service) do update set ${sums}`.execute(db)
}

async function dropFew(
  db: Kysely<Database>,
  dimension: Dimension,
  at: number,
  limit: number,
): Promise<number> {
  const key = ['dimension', 'at', 'key', 'parent', 'service'] as const
  const { numDeletedRows } = await db
    .deleteFrom('tallyHours')
    .where('dimension', '=', dimension)
    .where('at', '=', at)
    .where((eb) =>
      eb(
        eb.refTuple(...key),
        'in',
        eb
          .selectFrom('tallyHours')
          .select(key)
          .where('dimension', '=', dimension)
          .where('at', '=', at)
          .where('requests', '<', FEW_REQUESTS)
          .limit(limit)
          .$asTuple(...key),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** The next hour in which anything at all was counted. */
async function nextHour(db: Kysely<Database>, from: number): Promise<number | null> {
  const row = await db
    .selectFrom('tallyHours')
    .select('at')
    .where('dimension', '=', 'all')
    .where('at', '>=', from)
    .orderBy('at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}
