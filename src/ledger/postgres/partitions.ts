import { type Kysely, sql } from 'kysely'
import { DAY } from '../../engine/units.js'
import type { Database } from '../schema.js'
import { firstId, type IdPrefix, timeOf } from '../timed-id.js'
import { codeOf } from './faults.js'

/** Tables in days, by the id that a row is laid out under and what that begins with. */
export const PARTITIONED = {
  requests: { key: 'id', prefix: 'dec' },
  sends: { key: 'requestId', prefix: 'dec' },
  outcomes: { key: 'requestId', prefix: 'dec' },
  verifications: { key: 'id', prefix: 'ver' },
  receipts: { key: 'sendId', prefix: 'msg' },
} as const satisfies Partial<Record<keyof Database, { key: string; prefix: IdPrefix }>>
export type PartitionedTable = keyof typeof PARTITIONED

/** Days that are made before they come: a gateway may be without anybody who looks after it over a long weekend. */
const AHEAD = 4
/** Rows of other times go into the rest of the table: a clock that is wrong makes no thousand partitions. */
const MAX_BACK = 400
/** How long a new partition may hold writers up, ms, before it is left for the next time. */
const LOCK_MS = 500
const LATER_MS = 10_000

export const dayOf = (at: number): number => Math.floor(at / DAY)
/** @returns `null` for an id that was not made here */
export function dayOfId(id: string): number | null {
  const at = timeOf(id)
  return at === null ? null : dayOf(at)
}

export const partitionName = (table: PartitionedTable, day: number): string =>
  `${table}_${new Date(day * DAY).toISOString().slice(0, 10).replaceAll('-', '')}`

/** Makes the days that rows are written into, ahead of time and when a row of another one comes. */
export class Partitions {
  readonly #db: Kysely<Database>
  readonly #clock: () => number
  /** days that have partitions, or never will */
  readonly #settled = new Set<number>()
  /** days whose rows lie in partitions of their own, all of them */
  readonly #apart = new Set<number>()
  /** days that could not be made because somebody held the table, and when that was */
  readonly #later = new Map<number, number>()

  constructor(db: Kysely<Database>, clock: () => number) {
    this.#db = db
    this.#clock = clock
  }

  /** Today's, yesterday's and those to come. */
  async ahead(): Promise<void> {
    const today = dayOf(this.#clock())
    for (let day = today - 1; day <= today + AHEAD; day++) await this.#make(day)
  }

  /** A row of a day without partitions is written into the rest of its table. */
  async ensure(day: number): Promise<void> {
    if (this.#settled.has(day)) return
    const now = this.#clock()
    const today = dayOf(now)
    if (day > today + AHEAD || day < today - MAX_BACK) return
    if (Math.abs(now - (this.#later.get(day) ?? 0)) < LATER_MS) return
    await this.#make(day)
  }

  has(day: number): boolean {
    return this.#settled.has(day)
  }

  /**
   * The one partition that a row lies in if it is anywhere; the whole table where that is not known. Statements about one
   * partition are planned once and lock one table, however many days there are.
   */
  of(table: PartitionedTable, id: string, prefix: IdPrefix = PARTITIONED[table].prefix): string {
    const day = id.startsWith(`${prefix}_`) ? dayOfId(id) : null
    return day !== null && this.#apart.has(day) ? partitionName(table, day) : table
  }

  /** A partition was dropped: what is left of its day lies in the rest of the table. */
  gone(id: string): void {
    const day = dayOfId(id)
    if (day !== null) this.#apart.delete(day)
  }

  async #make(day: number): Promise<void> {
    if (this.#settled.has(day)) return
    try {
      await this.#db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended('tollgate partitions', 0))`.execute(
          trx,
        )
        await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(trx)
        for (const table of Object.keys(PARTITIONED) as PartitionedTable[])
          await attach(trx, table, day)
      })
      this.#settled.add(day)
      this.#apart.add(day)
    } catch (error) {
      // rows of that day came before it: they stay together in the rest of the table
      if (codeOf(error) === '23514') this.#settled.add(day)
      // somebody holds the table: the rest of it takes the rows until the next time
      else if (codeOf(error) === '55P03') this.#later.set(day, this.#clock())
      else throw error
    }
  }
}

/** Filled beside the table and then attached, which holds nobody up; `create ... partition of` would lock all of it. */
async function attach(db: Kysely<Database>, table: PartitionedTable, day: number): Promise<void> {
  const name = partitionName(table, day)
  const { rows } = await sql<{ there: boolean }>`select exists (
    select from pg_inherits where inhparent = ${table}::regclass and inhrelid = to_regclass(${name})
  ) as there`.execute(db)
  if (rows[0]?.there === true) return
  const { prefix } = PARTITIONED[table]
  await sql`create table if not exists ${sql.table(name)}
    (like ${sql.table(table)} including defaults including constraints)`.execute(db)
  await sql`alter table ${sql.table(table)} attach partition ${sql.table(name)}
    for values from (${sql.lit(firstId(prefix, day * DAY))}) to (${sql.lit(firstId(prefix, (day + 1) * DAY))})`.execute(
    db,
  )
}
