import { type CompiledQuery, type Kysely, sql } from 'kysely'
import { type RollupPeriod, TALLIES } from '../console-port.js'
import type { Database } from '../schema.js'
import type { Change } from '../tally-book.js'
import { isSealed, type Sealed } from '../tally-time.js'

export const TALLY_TABLES = {
  minute: 'tallyMinutes',
  hour: 'tallyHours',
  day: 'tallyDays',
} as const satisfies Record<RollupPeriod, keyof Database>

/** Rows of one statement: a thousand and some parameters; what is left over goes one by one. */
const ROWS = 50

const KEY = ['dimension', 'at', 'key', 'parent', 'service'] as const

export interface TallyWriter {
  /** Rows of sealed buckets are added to where they were kept, and not made anew. */
  write(db: Kysely<Database>, changes: readonly Change[], sealed: Sealed): Promise<void>
}

/** Statements are compiled once: building one of a thousand parameters takes longer than running it. */
export function tallyWriter(): TallyWriter {
  const compiled = new Map<string, CompiledQuery>()

  async function run(
    db: Kysely<Database>,
    name: string,
    build: () => CompiledQuery,
    parameters: readonly unknown[],
  ): Promise<void> {
    const query = compiled.get(name) ?? build()
    compiled.set(name, query)
    await db.executeQuery({ ...query, parameters })
  }

  return {
    async write(db, changes, sealed) {
      for (const period of ['minute', 'hour', 'day'] as const) {
        const of = changes.filter((change) => change.period === period)
        const old = of.filter((change) => isSealed(change, sealed))
        const open = of.filter((change) => !isSealed(change, sealed))
        for (let i = 0; i < open.length; ) {
          const rows = open.slice(i, i + (open.length - i >= ROWS ? ROWS : 1))
          i += rows.length
          await run(
            db,
            `${period} ${rows.length}`,
            () => upsert(db, period, rows.length),
            rows.flatMap((row) => [...keyOf(row), ...row.amounts]),
          )
        }
        for (const row of old)
          await run(db, `${period} add`, () => addTo(db, period), [...row.amounts, ...keyOf(row)])
      }
    },
  }
}

const keyOf = ({ dimension, at, key, parent, service }: Change) => [
  dimension,
  at,
  key,
  parent,
  service,
]

function upsert(db: Kysely<Database>, period: RollupPeriod, rows: number): CompiledQuery {
  const table = TALLY_TABLES[period]
  const row = Object.fromEntries([...KEY, ...TALLIES].map((name) => [name, 0])) as never
  return db
    .insertInto(table)
    .values(Array.from({ length: rows }, () => row))
    .onConflict((c) =>
      c
        .columns([...KEY])
        .doUpdateSet(
          Object.fromEntries(
            TALLIES.map((name) => [
              name,
              sql`${sql.ref(`${table}.${name}`)} + ${sql.ref(`excluded.${name}`)}`,
            ]),
          ),
        ),
    )
    .compile()
}

function addTo(db: Kysely<Database>, period: RollupPeriod): CompiledQuery {
  let query = db
    .updateTable(TALLY_TABLES[period])
    .set(Object.fromEntries(TALLIES.map((name) => [name, sql`${sql.ref(name)} + ${0}`])))
  for (const name of KEY) query = query.where(name, '=', 0 as never)
  return query.compile()
}
