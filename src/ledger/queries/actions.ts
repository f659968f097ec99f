import type { Kysely } from 'kysely'
import type { ActionFilter } from '../port.js'
import type { ActionRow } from '../rows.js'
import type { Database } from '../schema.js'
import { actions as actionCodec } from '../tables.js'

/** Newest first. */
export async function actions(
  db: Kysely<Database>,
  limit: number,
  { before, actor, action }: ActionFilter = {},
): Promise<(ActionRow & { seq: number })[]> {
  let query = db.selectFrom('actions').select(['seq', ...actionCodec.columns])
  if (before !== undefined) query = query.where('seq', '<', before)
  if (actor !== undefined) query = query.where('actor', '=', actor)
  if (action?.endsWith('.') === true)
    // `/` comes after `.`: everything that begins so
    query = query.where('action', '>=', action).where('action', '<', `${action.slice(0, -1)}/`)
  else if (action !== undefined) query = query.where('action', '=', action)
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute()
  return rows.map(({ seq, ...stored }) => ({ seq, ...actionCodec.read(stored) }))
}
