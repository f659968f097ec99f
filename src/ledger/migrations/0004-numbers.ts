import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../schema.js'

/** The vault of encrypted numbers. Empty where numbers are in clear or hashed. */
export async function numbers(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('numbers')
    .addColumn('number_key', 'text', (c) => c.notNull())
    .addColumn('period', integer, (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('numbers_key', ['number_key', 'period'])
    .execute()
  // what a rotation has left to do, and what retention deletes
  await db.schema.createIndex('numbers_key_id').on('numbers').column('key_id').execute()
  await db.schema.createIndex('numbers_period').on('numbers').column('period').execute()
}
