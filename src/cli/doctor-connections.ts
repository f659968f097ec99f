import { LedgerError } from '../ledger/port.js'
import { addressOf } from '../ledger/postgres/address.js'
import { asLedgerError, placeOf } from '../ledger/postgres/faults.js'
import { CONNECTIONS } from '../ledger/postgres/open.js'
import type { Config } from './config.js'
import type { Finding } from './finding.js'

const LIMIT_MS = 5_000
/** Of gateways that are replaced one by one: the new one, and the old one that ends its requests. */
const REPLACED = 2
/** People, exporters and backups want some. */
const OTHERS = 10

interface Room {
  /** max_connections */
  most: number
  /** what only others than a gateway's user may have */
  reserved: number
  /** limit of the user and of the database; -1 without one */
  ofUser: number
  ofDatabase: number
  used: number
  /** of `used`, those of gateways */
  byGateways: number
}

/** What max_connections has to be for so many gateways. */
export const connectionsFor = (
  gateways: number,
  { reserved, others }: { reserved: number; others: number },
): number => CONNECTIONS * (gateways + REPLACED) + reserved + Math.max(OTHERS, others)

/** Whether as many gateways as are configured may have their connections, also while they are replaced; `null` where that is a pooler's to say. */
export async function ledgerConnections({
  stores: { ledgerUrl },
  failure: { gateways },
}: Pick<Config, 'stores' | 'failure'>): Promise<Finding | null> {
  if (ledgerUrl === null) return null
  const { url, pooled } = addressOf(ledgerUrl)
  if (pooled) return null
  const name = 'connections'
  try {
    const { most, reserved, ofUser, ofDatabase, used, byGateways } = await roomOf(url)
    const others = used - byGateways
    const allowed = Math.min(
      most - reserved - others,
      ...[ofUser, ofDatabase].filter((limit) => limit >= 0),
    )
    const fit = Math.max(0, Math.floor(allowed / CONNECTIONS))
    const found = `${allowed} of PostgreSQL's ${most} are for gateways, which use ${byGateways} now; at up to ${CONNECTIONS} each ${fit} fit`
    if (fit >= gateways + REPLACED) return { name, state: 'ok', found, mend: null }
    const limits = [
      ...(ofUser >= 0 ? ['the connection limit of the user'] : []),
      ...(ofDatabase >= 0 ? ['the connection limit of the database'] : []),
    ]
    const need = connectionsFor(gateways, { reserved, others })
    return {
      ...{ name, state: 'warn' },
      found: `${found}: failure.gateways is ${gateways}, and while they are replaced ${REPLACED} more run`,
      mend: `set max_connections to ${need} or more${limits.length === 0 ? '' : ` (and ${limits.join(' and ')} to ${CONNECTIONS * (gateways + REPLACED)})`} and restart PostgreSQL, or put PgBouncer before it (docs/scaling.md)`,
    }
  } catch (error) {
    const known = asLedgerError(error, placeOf(url))
    // whatever else is wrong is told of the ledger
    if (!(known instanceof LedgerError)) throw error
    return {
      ...{ name, state: 'fail', found: known.hint },
      mend: 'mend what is said of the ledger first',
    }
  }
}

async function roomOf(connectionString: string): Promise<Room> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    ...{ connectionString, connectionTimeoutMillis: LIMIT_MS, query_timeout: LIMIT_MS },
  })
  // a connection that breaks later is told by the query
  client.on('error', () => undefined)
  try {
    await client.connect()
    // of sessions of other users nothing is seen but that they are there
    const { rows } = await client.query<Room>(`
      select current_setting('max_connections')::int as most,
        current_setting('superuser_reserved_connections')::int
          + coalesce(current_setting('reserved_connections', true)::int, 0) as reserved,
        (select rolconnlimit from pg_roles where rolname = session_user) as "ofUser",
        (select datconnlimit from pg_database where datname = current_database()) as "ofDatabase",
        count(*)::int as used,
        (count(*) filter (where application_name = 'tollgate'))::int as "byGateways"
      from pg_stat_activity where usename is not null and pid <> pg_backend_pid()`)
    const [room] = rows
    if (room === undefined) throw new Error('PostgreSQL answers nothing')
    return room
  } finally {
    await client.end().catch(() => undefined)
  }
}
