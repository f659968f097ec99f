import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import {
  type RollupFilter,
  type RollupPoint,
  type ServiceSum,
  TALLIES,
  type TallyName,
} from '../console-port.js'
import type { Dialect } from '../dialect.js'
import type { Database } from '../schema.js'
import { PERIOD_MS } from '../tally-time.js'
import { TALLY_TABLES } from './tally-write.js'

/** After every key that begins with a prefix: the last code point there is. */
const LAST = '\u{10FFFF}'

const sums = sql.join(TALLIES.map((name) => sql`sum(tally.${sql.ref(name)}) as ${sql.ref(name)}`))

/**
 * Rows of the filter's time: buckets one by one where keys, a prefix or a parent are given, which is one look into the
 * primary key, or the index of parents, for each; all of a dimension else, which is one range of the primary key.
 */
async function source(
  db: Kysely<Database>,
  filter: RollupFilter,
  dialect: Dialect,
): Promise<RawBuilder<unknown> | null> {
  const { period, dimension, from, to, service, parent, keys, prefix } = filter
  const table = sql.table(TALLY_TABLES[period])
  const conditions: RawBuilder<SqlBool>[] = [sql`tally.dimension = ${dimension}`]
  if (service !== undefined) conditions.push(sql`tally.service = ${service}`)
  if (keys !== undefined)
    conditions.push(sql`tally.key in (${sql.join(keys.length > 0 ? keys : [null])})`)
  if (prefix !== undefined)
    conditions.push(sql`tally.key >= ${prefix} and tally.key < ${prefix + LAST}`)
  if (parent !== undefined)
    conditions.push(
      parent === '' ? sql`tally.parent = ''` : sql`tally.parent = ${parent} and tally.parent <> ''`,
    )
  const where = (more: RawBuilder<SqlBool>) =>
    sql`where ${sql.join([...conditions, more], sql` and `)}`

  if (keys === undefined && prefix === undefined && (parent ?? '') === '')
    return sql`from ${table} as tally ${where(sql`tally.at >= ${from} and tally.at < ${to}`)}`
  const first = await edge(db, filter, 'asc')
  const last = await edge(db, filter, 'desc')
  if (first === null || last === null) return null
  const buckets = dialect.buckets(table, first, last, PERIOD_MS[period])
  return sql`${buckets.from} ${where(buckets.where)}`
}

/** First or last bucket of the filter's time that anything was counted in: a time of all time has an end. */
async function edge(
  db: Kysely<Database>,
  { period, dimension, from, to }: RollupFilter,
  direction: 'asc' | 'desc',
): Promise<number | null> {
  const row = await db
    .selectFrom(TALLY_TABLES[period])
    .select('at')
    .where('dimension', '=', dimension)
    .where('at', '>=', from)
    .where('at', '<', to)
    .orderBy('at', direction)
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** The service that a row tells, and what tells rows of one bucket apart. */
const named = ({ service, byService = false }: RollupFilter) => ({
  service: byService ? sql.ref('tally.service') : sql.lit(service ?? ''),
  name: sql.join(
    ['key', 'parent', ...(byService ? ['service'] : [])].map((of) => sql.ref(`tally.${of}`)),
  ),
})

/** In order of time, then of keys. */
export async function series(
  db: Kysely<Database>,
  filter: RollupFilter,
  dialect: Dialect,
): Promise<RollupPoint[]> {
  const rows = await source(db, filter, dialect)
  if (rows === null) return []
  const { service, name } = named(filter)
  const { rows: points } = await sql<RollupPoint>`
    select tally.at as at, ${service} as service, tally.parent as parent, tally.key as key, ${sums}
    ${rows} group by tally.at, ${name} order by tally.at, ${name}`.execute(db)
  return points
}

export async function top(
  db: Kysely<Database>,
  filter: RollupFilter,
  by: TallyName,
  limit: number,
  dialect: Dialect,
): Promise<ServiceSum[]> {
  const rows = await source(db, filter, dialect)
  if (rows === null) return []
  const { service, name } = named(filter)
  const { rows: sumsOfKeys } = await sql<ServiceSum>`
    select ${service} as service, tally.parent as parent, tally.key as key, ${sums}
    ${rows} group by ${name}
    order by sum(tally.${sql.ref(by)}) desc, ${name} limit ${limit}`.execute(db)
  return sumsOfKeys
}
