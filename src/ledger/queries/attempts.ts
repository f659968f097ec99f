import { type Kysely, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { ConversionFilter } from '../port.js'
import { CONVERTED, WENT_OUT } from '../rows.js'
import type { Database } from '../schema.js'
import { inPieces } from './requests.js'

/** Sends of verifications, and those of them that were verified. */
export async function conversion(
  db: Kysely<Database>,
  filter: ConversionFilter,
  dialect: Dialect,
): Promise<{ total: number; converted: number }> {
  const { service, country, prefix, ...time } = filter
  let query = db
    .selectFrom('requests')
    .select(({ fn }) => ['credit', fn.countAll<number>().as('count')])
    .where('verificationId', 'is not', null)
    .where('credit', 'in', WENT_OUT)
  if (service !== undefined) query = query.where('service', '=', service)
  if (country !== undefined) query = query.where('country', '=', country)
  const made = dialect.madeWithin(sql.ref('id'), time.from, time.to)
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
  let total = 0
  let converted = 0
  for await (const within of inPieces(db, time, dialect)) {
    for (const { credit, count } of await within(query).groupBy('credit').execute()) {
      total += Number(count)
      if (CONVERTED.includes(credit)) converted += Number(count)
    }
  }
  return { total, converted }
}
