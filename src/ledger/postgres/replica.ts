import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.js'
import { type ConnectionOptions, connect } from './connection.js'

/** How often its lag is measured at most, and how long a replica that failed is left alone, ms. */
const MEASURE_MS = 1_000
/** Positions of the primary that are remembered to measure against. */
const MARKS = 64

export interface ReplicaOptions {
  primary: Kysely<Database>
  connection: ConnectionOptions
  maxLagMs: number
  /** Unix ms */
  clock: () => number
  onError: (error: Error) => void
}

export interface Replica {
  /** Asks the replica; the primary where that is lost or too far behind. */
  look<T>(query: (db: Kysely<Database>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * A standby that takes what the console reads off the primary. Its lag is measured by what it has replayed: the age of
 * the newest position of the primary that it has reached, which is right also when nothing is written.
 */
export async function openReplica(options: ReplicaOptions): Promise<Replica> {
  const { primary, maxLagMs, clock, onError } = options
  const { db, close } = await connect(options.connection)
  let marks: { at: number; position: string }[] = []
  let measuredAt = Number.NEGATIVE_INFINITY
  let usable = false
  let measuring: Promise<void> | null = null

  async function measure(): Promise<void> {
    const at = clock()
    try {
      const { rows: now } = await sql<{ position: string }>`
        select pg_current_wal_lsn()::text as position`.execute(primary)
      if (now[0] !== undefined) marks = [...marks, { at, position: now[0].position }].slice(-MARKS)
      const { rows: reached } = await sql<{ at: number }>`
        select mark.at from unnest(${marks.map((mark) => mark.at)}::bigint[], ${marks.map((mark) => mark.position)}::pg_lsn[])
          as mark (at, position)
        where not pg_is_in_recovery() or mark.position <= pg_last_wal_replay_lsn()
        order by mark.at desc limit 1`.execute(db)
      change(reached[0] !== undefined && at - reached[0].at <= maxLagMs, 'lags behind')
    } catch (error) {
      change(false, error instanceof Error ? error.message : String(error))
    }
    measuredAt = clock()
  }

  function change(to: boolean, why: string): void {
    if (usable && !to) onError(new Error(`the replica is not used for now: ${why}`))
    usable = to
  }

  async function ready(): Promise<boolean> {
    if (Math.abs(clock() - measuredAt) >= MEASURE_MS)
      measuring ??= measure().finally(() => {
        measuring = null
      })
    // only the first look waits: later ones go by the last measurement
    if (measuredAt === Number.NEGATIVE_INFINITY) await measuring
    return usable
  }

  return {
    async look(query) {
      if (!(await ready())) return query(primary)
      try {
        return await query(db)
      } catch (error) {
        change(false, error instanceof Error ? error.message : String(error))
        return query(primary)
      }
    },
    async close() {
      await measuring
      await close()
    },
  }
}
