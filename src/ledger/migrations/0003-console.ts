import { type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../schema.js'

const AMOUNTS = [
  'requests',
  'allowed',
  'challenged',
  'held',
  'denied',
  'sends',
  'spend_micro_usd',
  'verified',
  'verified_micro_usd',
  'lost',
  'lost_micro_usd',
  'failed',
  'failed_micro_usd',
  'refused_numbers',
  'saved_micro_usd',
  'would_save_micro_usd',
]
const SECTION_ROWS = 8_192

/** Roll-ups, documents, and indexes for the search of decisions by source. */
export async function consoleTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { integer } = types
  // rows live in their primary key: what is read together lies together
  const end = types.clustered ? sql`without rowid` : sql``

  for (const table of ['tally_minutes', 'tally_hours', 'tally_days']) {
    let create = db.schema
      .createTable(table)
      .addColumn('dimension', 'text', (c) => c.notNull())
      .addColumn('at', integer, (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('parent', 'text', (c) => c.notNull())
      .addColumn('service', 'text', (c) => c.notNull())
    for (const name of AMOUNTS) create = create.addColumn(name, integer, (c) => c.notNull())
    await create
      .addPrimaryKeyConstraint(`${table}_key`, ['dimension', 'at', 'key', 'parent', 'service'])
      .modifyEnd(end)
      .execute()
    // children of a range; what has no parent is found by the primary key
    await sql`create index ${sql.raw(`${table}_parent`)} on ${sql.raw(table)} (dimension, parent, at)
      where parent <> ''`.execute(db)
  }

  await db.schema
    .createTable('awaited_refusals')
    .addColumn('due', integer, (c) => c.notNull())
    .addColumn('seq', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('awaited_refusals_key', ['due', 'seq'])
    .modifyEnd(end)
    .execute()
  await db.schema
    .createTable('counted_refusals')
    .addColumn('hour', integer, (c) => c.notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('counted_refusals_key', ['hour', 'service', 'kind', 'number'])
    .modifyEnd(end)
    .execute()

  await db.schema
    .createTable('documents')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('parent', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer)
    .addColumn('version', integer, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('documents_key', ['kind', 'id'])
    .execute()
  await db.schema
    .createIndex('documents_at')
    .on('documents')
    .columns(['kind', 'at', 'id'])
    .execute()
  await db.schema
    .createIndex('documents_parent')
    .on('documents')
    .columns(['kind', 'parent', 'at', 'id'])
    .execute()
  await sql`create index documents_expiry on documents (expires_at) where expires_at is not null`.execute(
    db,
  )

  // in sections, as by number: see `queries/sections.ts`
  for (const column of ['ip', 'device_id', 'account_id']) {
    await sql`create index ${sql.raw(`requests_${column}`)} on requests
      ((seq / ${sql.lit(SECTION_ROWS)}), ${sql.raw(column)}) where ${sql.raw(column)} is not null`.execute(
      db,
    )
  }
}
