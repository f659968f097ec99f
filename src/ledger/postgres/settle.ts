import { type Kysely, sql } from 'kysely'
import type { Settled, Settlement } from '../dialect.js'
import type { Credit } from '../rows.js'
import type { Database } from '../schema.js'
import { requests } from '../tables.js'

/**
 * Moves credit and records why, if nobody else did before: one statement, one round trip. Whoever comes second waits for
 * the row, sees what it has become, and finds it settled.
 */
export async function settle(
  db: Kysely<Database>,
  {
    id,
    from,
    to,
    kind,
    at,
    detail = null,
  }: Omit<Settlement, 'detail'> & {
    detail?: string | null
  },
): Promise<Settled | null> {
  const columns = sql.join(requests.columns.map((column) => sql`moved.${sql.ref(column)}`))
  const { rows } = await sql<
    Parameters<typeof requests.read>[0] & { before: Credit; settledBefore: number | null }
  >`
    with old as (
      select id, credit, settled_at from requests where id = ${id} and credit = any(${from}::text[])
      for no key update
    ), moved as (
      update requests as row set credit = ${to}, settled_at = ${at} from old
      where row.id = ${id} and row.id = old.id
      returning row.*, old.credit as before, old.settled_at as settled_before
    ), noted as (
      insert into outcomes (at, request_id, kind, "from", "to", detail)
      select ${at}::bigint, moved.id, ${kind}, moved.before, ${to}, ${detail}::text from moved
    )
    select ${columns}, moved.before, moved.settled_before from moved`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { before, settledBefore, ...stored } = row
  return { ...requests.read(stored), before, settledBefore }
}
