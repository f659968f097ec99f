import type { Kysely } from 'kysely'
import type { Settled, Settlement } from '../dialect.js'
import type { Database } from '../schema.js'
import { outcomes } from '../tables.js'
import { find } from './requests.js'

/**
 * Moves credit and records why, if nobody else did before. Inside a transaction.
 * The update repeats what was read as its guard, so that it is safe also where readers do not hold a lock.
 */
export async function settle(
  db: Kysely<Database>,
  {
    id: requestId,
    from,
    to,
    kind,
    at,
    detail = null,
  }: Omit<Settlement, 'detail'> & {
    detail?: string | null
  },
): Promise<Settled | null> {
  const request = await find(db, requestId)
  if (request === null || !from.includes(request.credit)) return null
  const { credit: before, settledAt: settledBefore } = request

  const { numUpdatedRows } = await db
    .updateTable('requests')
    .set({ credit: to, settledAt: at })
    .where('id', '=', requestId)
    .where('credit', '=', before)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return null

  await db
    .insertInto('outcomes')
    .values(outcomes.write({ at, requestId, kind, from: before, to, detail }))
    .execute()
  return { ...request, credit: to, settledAt: at, before, settledBefore }
}
