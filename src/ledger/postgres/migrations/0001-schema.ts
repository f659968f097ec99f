import { type Kysely, sql } from 'kysely'

const AMOUNTS = [
  ...['requests', 'allowed', 'challenged', 'held', 'denied', 'sends', 'spend_micro_usd'],
  ...['verified', 'verified_micro_usd', 'lost', 'lost_micro_usd', 'failed', 'failed_micro_usd'],
  ...['refused_numbers', 'saved_micro_usd', 'would_save_micro_usd'],
]

/**
 * The schema of the first release on PostgreSQL: what the embedded ledger has after its first three migrations, laid
 * out for many days. Logs are partitioned by ids, which begin with the time of what they belong to: a look-up by id
 * touches one day, and a day goes in one piece. Text is compared by bytes, whatever the database was made with.
 */
export async function schema(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}

const text = 'text collate "C"'

const table = (name: string, key: string, columns: string): string[] => [
  `create sequence ${name}_seq as bigint`,
  `create table ${name} (seq bigint not null default nextval('${name}_seq'), ${columns}) partition by range (${key})`,
  `alter sequence ${name}_seq owned by ${name}.seq`,
  // rows of other times than any partition's
  `create table ${name}_other partition of ${name} default`,
]

/** Who writes a row says first which number it had seen, so that readers know what may still come: `horizon.ts`. */
const announced = (name: string): string =>
  `create trigger announce before insert on ${name} for each statement execute function tollgate_announce('${name}_seq')`

const tallies = (name: string): string[] => [
  `create table ${name} (dimension ${text} not null, at bigint not null, key ${text} not null, parent ${text} not null,
    service ${text} not null, ${AMOUNTS.map((amount) => `${amount} double precision not null`).join(', ')},
    primary key (dimension, at, key, parent, service)) with (fillfactor = 70)`,
  `create index ${name}_parent on ${name} (dimension, parent, at) where parent <> ''`,
]

const STATEMENTS: readonly string[] = [
  `create function tollgate_announce() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared((tg_relid::bigint & 2147483647)::int,
      (coalesce(pg_sequence_last_value(tg_argv[0]::regclass), 0) & 2147483647)::int);
    return null;
  end $$`,

  ...table(
    'requests',
    'id',
    `id ${text} not null primary key, at bigint not null, service ${text} not null, kind ${text} not null,
    number ${text} not null, country ${text} not null, operator ${text} not null, block ${text} not null,
    ip ${text}, subnet ${text}, asn bigint, device_id ${text}, account_id ${text}, session_id ${text},
    user_agent ${text}, api_key_id ${text}, price_micro_usd double precision not null, verdict ${text} not null,
    would ${text} not null, mode ${text} not null, score double precision not null, reasons ${text} not null,
    evidence ${text} not null default '[]', known_good smallint not null, degraded smallint not null,
    policy_version bigint not null, verification_id ${text}, charge ${text}, credit ${text} not null,
    matures_at bigint, settled_at bigint`,
  ),
  'create index requests_seq_key on requests (seq)',
  'create index requests_at on requests (at, seq)',
  'create index requests_number on requests (number, seq)',
  `create index requests_due on requests (matures_at) where credit = 'reserved'`,
  'create index requests_verification on requests (verification_id) where verification_id is not null',
  'create index requests_ip on requests (ip, seq) where ip is not null',
  'create index requests_device_id on requests (device_id, seq) where device_id is not null',
  'create index requests_account_id on requests (account_id, seq) where account_id is not null',
  announced('requests'),

  ...table(
    'verifications',
    'id',
    `id ${text} not null primary key, service ${text} not null, number ${text} not null, "to" ${text} not null,
    channel ${text} not null, status ${text} not null, code_hash ${text}, checks bigint not null,
    sends bigint not null, created_at bigint not null, updated_at bigint not null, expires_at bigint not null,
    last_send_at bigint, context ${text} not null, request_id ${text} not null, api_key_id ${text}, locale ${text},
    tags ${text}, version bigint not null`,
  ),
  'create index verifications_number on verifications (number, service, seq)',
  'create index verifications_created on verifications (created_at)',
  `create index verifications_open on verifications (expires_at) where status in ('challenge_required', 'held', 'sent')`,

  ...table(
    'sends',
    'request_id',
    `id ${text} not null, request_id ${text} not null, verification_id ${text} not null, at bigint not null,
    updated_at bigint not null, provider ${text}, provider_id ${text}, status ${text} not null, error ${text},
    price_micro_usd double precision not null, primary key (request_id, id)`,
  ),
  'create index sends_seq_key on sends (seq)',
  'create index sends_id on sends (id)',
  'create index sends_verification on sends (verification_id)',
  'create index sends_provider on sends (provider_id, provider) where provider_id is not null',
  `create index sends_pending on sends (at) where status = 'pending'`,
  announced('sends'),

  ...table(
    'receipts',
    'send_id',
    `send_id ${text} not null, at bigint not null, status ${text} not null, error ${text}, provider_code ${text}`,
  ),
  'create index receipts_send on receipts (send_id)',

  ...table(
    'outcomes',
    'request_id',
    `at bigint not null, request_id ${text} not null, kind ${text} not null, "from" ${text} not null,
    "to" ${text} not null, detail ${text}`,
  ),
  'create index outcomes_seq_key on outcomes (seq)',
  'create index outcomes_request on outcomes (request_id)',
  announced('outcomes'),

  `create table actions (seq bigint generated by default as identity primary key, at bigint not null,
    actor ${text} not null, action ${text} not null, target ${text} not null, detail ${text})`,
  `create table policies (version bigint generated by default as identity primary key, at bigint not null,
    by ${text} not null, yaml ${text} not null, note ${text})`,
  `create table api_keys (id ${text} primary key, secret_hash ${text} not null, name ${text} not null,
    scopes ${text} not null, created_at bigint not null, revoked_at bigint)`,
  `create table list_entries (list ${text} not null, entry ${text} not null, source ${text} not null,
    created_at bigint not null, expires_at bigint, primary key (list, entry))`,
  `create table services (sid ${text} primary key, name ${text} not null, friendly_name ${text} not null,
    code_length bigint not null, created_at bigint not null, updated_at bigint not null)`,
  `create table claims (scope ${text} not null, key ${text} not null, value ${text} not null,
    expires_at bigint not null, primary key (scope, key))`,
  'create index claims_expiry on claims (expires_at)',
  `create table meta (name ${text} primary key, value ${text} not null) with (fillfactor = 50)`,

  ...['tally_minutes', 'tally_hours', 'tally_days'].flatMap(tallies),
  'create table awaited_refusals (due bigint not null, seq bigint not null, primary key (due, seq))',
  `create table counted_refusals (hour bigint not null, service ${text} not null, kind ${text} not null,
    number ${text} not null, primary key (hour, service, kind, number))`,
  `create table documents (kind ${text} not null, id ${text} not null, parent ${text} not null, at bigint not null,
    expires_at bigint, version bigint not null, body ${text} not null, primary key (kind, id))`,
  'create index documents_at on documents (kind, at, id)',
  'create index documents_parent on documents (kind, parent, at, id)',
  'create index documents_expiry on documents (expires_at) where expires_at is not null',

  `create table leases (name ${text} primary key, holder ${text} not null, until timestamptz not null)`,
  // one row for each open ledger: the number of the last batch it wrote, and when
  `create table writers (id ${text} primary key, batch bigint not null, seen_at timestamptz not null)
    with (fillfactor = 50)`,
]
