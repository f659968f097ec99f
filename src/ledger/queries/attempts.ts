import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { ConversionFilter } from '../port.js'
import { CONVERTED, WENT_OUT } from '../rows.js'
import type { Database } from '../schema.js'

/** Sends of verifications, and those of them that were verified, counted in one pass over the time asked for. */
export async function conversion(
  db: Kysely<Database>,
  filter: ConversionFilter,
  dialect: Dialect,
): Promise<{ total: number; converted: number }> {
  const { service, country, from, to, prefix } = filter
  let query = db
    .selectFrom('requests')
    .select(({ fn }) => ['credit', fn.countAll<number>().as('count')])
    .where('verificationId', 'is not', null)
    .where('credit', 'in', WENT_OUT)
  if (service !== undefined) query = query.where('service', '=', service)
  if (country !== undefined) query = query.where('country', '=', country)
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<=', to)
  const made = dialect.madeWithin(sql.ref('id'), from, to)
  if (made !== null) query = query.where(made)
  if (prefix !== undefined) {
    // The block is in clear where the number is not.
    query = query.where((eb) =>
      eb.or(
        (['block', 'number'] as const).map((column) =>
          eb(eb.fn<string>('substr', [column, eb.lit(1), eb.lit(prefix.length)]), '=', prefix),
        ),
      ),
    )
  }
  const rows = await query.groupBy('credit').execute()
  const count = (of: (credit: string) => boolean) =>
    rows.reduce((sum, row) => (of(row.credit) ? sum + Number(row.count) : sum), 0)
  return {
    total: count(() => true),
    converted: count((credit) => (CONVERTED as readonly string[]).includes(credit)),
  }
}
