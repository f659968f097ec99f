import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { type RollupPeriod, TALLIES } from '../console-port.js'
import type { TallyRow } from '../dialect.js'
import { added, KEY, TALLY_TABLES } from '../queries/tally-write.js'
import type { Database } from '../schema.js'

const typeOf = (column: string): string =>
  column === 'at' ? 'bigint' : KEY.some((name) => name === column) ? 'text' : 'double precision'
const COLUMNS = [...KEY, ...TALLIES]

const compiled = new Map<RollupPeriod, CompiledQuery>()

/** One form of statement, however many rows there are: an array for each column. */
export async function addTallies(
  db: Kysely<Database>,
  period: RollupPeriod,
  rows: readonly TallyRow[],
): Promise<void> {
  const query = compiled.get(period) ?? statement(db, period)
  compiled.set(period, query)
  const parameters = COLUMNS.map((_, i) => rows.map((row) => row[i]))
  await db.executeQuery({ ...query, parameters })
}

function statement(db: Kysely<Database>, period: RollupPeriod): CompiledQuery {
  const table = TALLY_TABLES[period]
  const columns = sql.join(COLUMNS.map((name) => sql.ref(name)))
  const arrays = sql.join(COLUMNS.map((name) => sql`${[]}::${sql.raw(typeOf(name))}[]`))
  return sql`insert into ${sql.table(table)} (${columns}) select * from unnest(${arrays})
    on conflict (${sql.join(KEY.map((name) => sql.ref(name)))}) do update set ${added(table)}`.compile(
    db,
  )
}
