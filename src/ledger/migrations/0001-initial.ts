import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import type { ColumnTypes } from '../schema.js'

/** The schema of the first release. Frozen: later changes are migrations of their own. */
export async function initial(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { integer, real } = types
  const log = (name: string) => sequenced(db.schema.createTable(name), 'seq', types)

  await log('requests')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('country', 'text', (c) => c.notNull())
    .addColumn('operator', 'text', (c) => c.notNull())
    .addColumn('block', 'text', (c) => c.notNull())
    .addColumn('ip', 'text')
    .addColumn('subnet', 'text')
    .addColumn('asn', integer)
    .addColumn('device_id', 'text')
    .addColumn('account_id', 'text')
    .addColumn('session_id', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('api_key_id', 'text')
    .addColumn('price_micro_usd', real, (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('would', 'text', (c) => c.notNull())
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('score', real, (c) => c.notNull())
    .addColumn('reasons', 'text', (c) => c.notNull())
    .addColumn('known_good', integer, (c) => c.notNull())
    .addColumn('degraded', integer, (c) => c.notNull())
    .addColumn('policy_version', integer, (c) => c.notNull())
    .addColumn('verification_id', 'text')
    .addColumn('charge', 'text')
    .addColumn('credit', 'text', (c) => c.notNull())
    .addColumn('matures_at', integer)
    .addColumn('settled_at', integer)
    .execute()
  // Every index of this table is paid on every decision: these are the ones without which a query reads it whole, and
  // all of them are written at one place only (times and ids ascend; for numbers see `queries/sections.ts`).
  await db.schema.createIndex('requests_id').unique().on('requests').column('id').execute()
  await db.schema.createIndex('requests_at').on('requests').column('at').execute()
  await sql`create index requests_number on requests ((seq / 8192), number)`.execute(db)
  await sql`create index requests_due on requests (matures_at) where credit = 'reserved'`.execute(
    db,
  )
  await sql`create index requests_verification on requests (verification_id) where verification_id is not null`.execute(
    db,
  )

  await log('verifications')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('service', 'text', (c) => c.notNull())
    .addColumn('number', 'text', (c) => c.notNull())
    .addColumn('to', 'text', (c) => c.notNull())
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('code_hash', 'text')
    .addColumn('checks', integer, (c) => c.notNull())
    .addColumn('sends', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addColumn('last_send_at', integer)
    .addColumn('context', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('api_key_id', 'text')
    .addColumn('locale', 'text')
    .addColumn('tags', 'text')
    .addColumn('version', integer, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('verifications_id')
    .unique()
    .on('verifications')
    .column('id')
    .execute()
  await db.schema
    .createIndex('verifications_number')
    .on('verifications')
    .columns(['number', 'service', 'seq'])
    .execute()
  await db.schema
    .createIndex('verifications_created')
    .on('verifications')
    .column('created_at')
    .execute()
  await sql`create index verifications_open on verifications (expires_at)
    where status in ('challenge_required', 'held', 'sent')`.execute(db)

  await log('sends')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('verification_id', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .addColumn('provider', 'text')
    .addColumn('provider_id', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('price_micro_usd', real, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sends_id').unique().on('sends').column('id').execute()
  await db.schema.createIndex('sends_request').on('sends').column('request_id').execute()
  await db.schema.createIndex('sends_verification').on('sends').column('verification_id').execute()
  await sql`create index sends_provider on sends (provider_id, provider) where provider_id is not null`.execute(
    db,
  )
  await sql`create index sends_pending on sends (at) where status = 'pending'`.execute(db)

  await log('receipts')
    .addColumn('send_id', 'text', (c) => c.notNull())
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('provider_code', 'text')
    .execute()
  await db.schema.createIndex('receipts_send').on('receipts').column('send_id').execute()

  await log('outcomes')
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('from', 'text', (c) => c.notNull())
    .addColumn('to', 'text', (c) => c.notNull())
    .addColumn('detail', 'text')
    .execute()
  await db.schema.createIndex('outcomes_request').on('outcomes').column('request_id').execute()

  await log('actions')
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('detail', 'text')
    .execute()

  await sequenced(db.schema.createTable('policies'), 'version', types)
    .addColumn('at', integer, (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('yaml', 'text', (c) => c.notNull())
    .addColumn('note', 'text')
    .execute()

  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('secret_hash', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('revoked_at', integer)
    .execute()

  await db.schema
    .createTable('list_entries')
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('entry', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('expires_at', integer)
    .addPrimaryKeyConstraint('list_entries_key', ['list', 'entry'])
    .execute()

  await db.schema
    .createTable('services')
    .addColumn('sid', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('friendly_name', 'text', (c) => c.notNull())
    .addColumn('code_length', integer, (c) => c.notNull())
    .addColumn('created_at', integer, (c) => c.notNull())
    .addColumn('updated_at', integer, (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('claims')
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('expires_at', integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('claims_key', ['scope', 'key'])
    .execute()
  await db.schema.createIndex('claims_expiry').on('claims').column('expires_at').execute()

  await db.schema
    .createTable('meta')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
}

function sequenced(
  table: CreateTableBuilder<string, never>,
  column: string,
  { sequence }: ColumnTypes,
) {
  return table.addColumn(column, sequence.type, (c) =>
    sequence.identity ? c.generatedAlwaysAsIdentity().primaryKey() : c.primaryKey(),
  ) as CreateTableBuilder<string, string>
}
