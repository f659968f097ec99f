import { type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import { type RollupPeriod, TALLIES } from '../console-port.js'
import type { Dialect, TallyRow } from '../dialect.js'
import type { Database } from '../schema.js'
import type { Change } from '../tally-book.js'
import { bucketOf, isFine, isInDay, type Sealing } from '../tally-time.js'

export const TALLY_TABLES = {
  minute: 'tallyMinutes',
  hour: 'tallyHours',
  day: 'tallyDays',
} as const satisfies Record<RollupPeriod, keyof Database>

/** Rows of one statement, each with some twenty parameters: as many as fit, the rest in smaller ones. */
const ROWS = [200, 50, 10, 1] as const

export const KEY = ['dimension', 'at', 'key', 'parent', 'service'] as const

export interface TallyWriter {
  /** Rows of sealed hours are added to where they were kept, and not made anew. */
  write(db: Kysely<Database>, changes: readonly Change[], sealing: Sealing): Promise<void>
}

/** Statements are compiled once: building one of a thousand parameters takes longer than running it. */
export function tallyWriter({ addTallies }: Pick<Dialect, 'addTallies'>): TallyWriter {
  const compiled = new Map<string, CompiledQuery>()

  async function run(
    db: Kysely<Database>,
    name: string,
    build: () => CompiledQuery,
    parameters: readonly unknown[],
  ): Promise<bigint> {
    const query = compiled.get(name) ?? build()
    compiled.set(name, query)
    const { numAffectedRows } = await db.executeQuery({ ...query, parameters })
    return numAffectedRows ?? 0n
  }

  return {
    async write(db, changes, sealing) {
      for (const period of ['minute', 'hour', 'day'] as const) {
        const of = changes.filter((change) => change.period === period)
        const open = of.filter((change) => !isSealed(change, sealing))
        if (addTallies !== null) {
          if (open.length > 0) await addTallies(db, period, open.map(valuesOf))
          continue
        }
        for (let i = 0; i < open.length; ) {
          const left = open.length - i
          const rows = open.slice(i, i + (ROWS.find((count) => count <= left) ?? 1))
          i += rows.length
          await run(
            db,
            `${period} ${rows.length}`,
            () => upsert(db, period, rows.length),
            rows.flatMap(valuesOf),
          )
        }
      }
      for (const row of changes.filter((change) => isSealed(change, sealing))) {
        const add = (period: RollupPeriod, at: number) =>
          run(db, `${period} add`, () => addTo(db, period), [
            ...row.amounts,
            ...keyOf({ ...row, at }),
          ])
        const kept = await add('hour', row.at)
        if (kept > 0n && isInDay(row.dimension, row.at, sealing))
          await add('day', bucketOf('day', row.at))
      }
    },
  }
}

const isSealed = ({ period, dimension, at }: Change, { before }: Sealing): boolean =>
  period === 'hour' && at < before && isFine(dimension)

const keyOf = ({ dimension, at, key, parent, service }: Change) => [
  dimension,
  at,
  key,
  parent,
  service,
]

const valuesOf = (row: Change): TallyRow => [...keyOf(row), ...row.amounts]

/** What becomes of a row that is there: `set` of an upsert. */
export const added = (table: string): RawBuilder<unknown> =>
  sql.join(
    TALLIES.map((name) => {
      const column = sql.ref(name)
      return sql`${column} = ${sql.ref(`${table}.${name}`)} + excluded.${column}`
    }),
  )

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
