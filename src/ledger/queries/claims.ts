import type { Kysely } from 'kysely'
import type { ClaimScope } from '../port.js'
import type { Database } from '../schema.js'

type Claim = Database['claims']

/** One statement decides who is first; the loop is for a key that is given up between it and the look at its value. */
export async function putIfAbsent(
  db: Kysely<Database>,
  claim: Claim,
  now: number,
): Promise<string | null> {
  for (;;) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('claims')
      .values(claim)
      .onConflict((c) =>
        c
          .columns(['scope', 'key'])
          .doUpdateSet({ value: claim.value, expiresAt: claim.expiresAt })
          .where('claims.expiresAt', '<=', now),
      )
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 0n) return null
    const first = await db
      .selectFrom('claims')
      .select('value')
      .where('scope', '=', claim.scope)
      .where('key', '=', claim.key)
      .executeTakeFirst()
    if (first !== undefined) return first.value
  }
}

export async function put(db: Kysely<Database>, claim: Claim): Promise<void> {
  const { value, expiresAt } = claim
  await db
    .insertInto('claims')
    .values(claim)
    .onConflict((c) => c.columns(['scope', 'key']).doUpdateSet({ value, expiresAt }))
    .execute()
}

export async function remove(db: Kysely<Database>, scope: ClaimScope, key: string): Promise<void> {
  await db.deleteFrom('claims').where('scope', '=', scope).where('key', '=', key).execute()
}
