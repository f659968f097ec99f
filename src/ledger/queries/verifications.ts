import { type Kysely, sql } from 'kysely'
import type { Numbers } from '../numbers.js'
import { OPEN_STATUS, showVerification } from '../pseudonymise.js'
import type { VerificationRow, VerificationStatus } from '../rows.js'
import type { Database } from '../schema.js'
import { verifications } from '../tables.js'

/** Written out as in the partial index: with parameters the planner could not use it. */
export const isOpen = sql<boolean>`status in (${sql.join(OPEN_STATUS.map((status) => sql.lit(status)))})`

/** By order of writing: the clock may have stepped back between two. */
export async function latest(
  db: Kysely<Database>,
  wanted: { service: string; number: string; status: readonly VerificationStatus[] },
  numbers: Numbers,
): Promise<VerificationRow | null> {
  let query = db
    .selectFrom('verifications')
    .select(verifications.columns)
    .where('number', '=', numbers.numberKey(wanted.number))
    .where('service', '=', wanted.service)
  if (wanted.status.length > 0) query = query.where('status', 'in', wanted.status)
  const stored = await query.orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return stored === undefined ? null : showVerification(verifications.read(stored), numbers)
}

export async function expired(
  db: Kysely<Database>,
  now: number,
  limit: number,
  numbers: Numbers,
): Promise<VerificationRow[]> {
  const rows = await db
    .selectFrom('verifications')
    .select(verifications.columns)
    .where(isOpen)
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(limit)
    .execute()
  return rows.map((stored) => showVerification(verifications.read(stored), numbers))
}
