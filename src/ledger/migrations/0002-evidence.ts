import type { Kysely } from 'kysely'

/** What the signals saw, beside the reasons. Decisions from before have none. */
export async function evidence(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('requests')
    .addColumn('evidence', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
}
