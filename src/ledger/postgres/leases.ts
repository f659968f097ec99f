import { type Kysely, sql } from 'kysely'
import type { LeaseStore } from '../leases.js'
import type { Database } from '../schema.js'

/** Leases among gateways: one statement decides, by the server's clock. */
export function sharedLeases(
  db: Kysely<Database>,
  attempt: <T>(work: () => Promise<T>) => Promise<T>,
): LeaseStore {
  return {
    async lease(name, holder, ttlMs) {
      const { rows } = await attempt(() =>
        sql`insert into leases as held (name, holder, until)
          values (${name}, ${holder}, clock_timestamp() + ${ttlMs}::float8 * interval '1 millisecond')
          on conflict (name) do update set holder = excluded.holder, until = excluded.until
            where held.holder = excluded.holder or held.until <= clock_timestamp()
          returning name`.execute(db),
      )
      return rows.length > 0
    },
    async releaseLease(name, holder) {
      await attempt(() =>
        sql`delete from leases where name = ${name} and holder = ${holder}`.execute(db),
      )
    },
  }
}
