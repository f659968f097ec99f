import { LedgerError, type LedgerFault } from '../port.js'

/** A statement that is kept ready in one session is asked for, or made again, in another. */
const POOLED =
  'a pooler stands before it that mixes up prepared statements: write ?pooler=transaction in the URL'

/** too_many_connections: of the server, of this database or of this user */
export const NO_CONNECTION_LEFT = '53300'
export const TOO_FEW_CONNECTIONS =
  'raise max_connections (and the limit of the user or database, where it has one), or put PgBouncer before it; tollgate doctor says how many are needed'

/**
 * What speaks of the store and not of the query: SQLSTATE by its beginning
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html), then errors of the network.
 */
const FAULTS: readonly [prefix: string, fault: LedgerFault, hint: string][] = [
  [
    '53100',
    'full',
    'the disk under it is full: free some space, waiting rows are then written by themselves',
  ],
  ['53200', 'lost', 'the server has no memory left: look at its settings and what else runs there'],
  [NO_CONNECTION_LEFT, 'lost', `it has no connection left: ${TOO_FEW_CONNECTIONS}`],
  ['53', 'full', 'the server lacks a resource: look at its log'],
  ['28P01', 'lost', 'the password is wrong: check the user and the password in the URL'],
  ['28', 'lost', 'it does not let this user in: check the user in the URL and pg_hba.conf'],
  ['3D000', 'lost', 'there is no such database: create it, or mend its name in the URL'],
  ['42501', 'lost', 'this user may not do that: make it the owner of the database'],
  [
    '25006',
    'lost',
    'it takes no writes (a standby, or default_transaction_read_only): give the URL of the primary',
  ],
  ['55P03', 'locked', 'somebody else holds a lock: look for long transactions in pg_stat_activity'],
  ['40P01', 'locked', 'two transactions waited for each other: it is tried again'],
  ['40001', 'locked', "two transactions got in each other's way: it is tried again"],
  ['57014', 'locked', 'a statement took too long: look for locks and load in pg_stat_activity'],
  ['25P03', 'lost', 'a transaction stood still for too long and was ended'],
  ['25P02', 'lost', 'a transaction had failed before'],
  ['57', 'lost', 'it is being stopped or started: it is tried again'],
  ['58030', 'lost', 'the disk under it reports an error: check the disk and the log of the server'],
  ['58', 'lost', 'the system under it reports an error: look at the log of the server'],
  ['XX001', 'corrupt', 'its data are damaged: stop, keep a copy, restore the last backup'],
  ['XX002', 'corrupt', 'an index is damaged: reindex it, check the disk'],
  [
    '08P01',
    'lost',
    'it does not take what a session is opened with: if a pooler stands before it, write ?pooler=transaction in the URL',
  ],
  ['08', 'lost', 'the connection broke'],
  ['26000', 'lost', POOLED],
  ['42P05', 'lost', POOLED],
  [
    'ECONNREFUSED',
    'lost',
    'nothing listens there: check host and port in the URL, and that it runs',
  ],
  ['ENOTFOUND', 'lost', 'its host name is not known: check the URL'],
  ['EAI_AGAIN', 'lost', 'its host name cannot be looked up at the moment: check the name server'],
  ['EHOSTUNREACH', 'lost', 'its host cannot be reached: check the network'],
  ['ENETUNREACH', 'lost', 'its host cannot be reached: check the network'],
  ['ETIMEDOUT', 'lost', 'it does not answer: check the network and its load'],
  ['ECONNRESET', 'lost', 'the connection broke'],
  ['EPIPE', 'lost', 'the connection broke'],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'lost',
    'its certificate is self-signed: give its authority with ?sslrootcert=',
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'lost',
    'its certificate is of an authority that is not known: give it with ?sslrootcert=',
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'lost',
    'its certificate is of an authority that is not known: give it with ?sslrootcert=',
  ],
  ['CERT_HAS_EXPIRED', 'lost', 'its certificate has expired'],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'lost',
    'its certificate is for another host: use the name it was made for',
  ],
]

/** What `pg` says without a code. */
const TOLD: readonly [part: string, fault: LedgerFault, hint: string][] = [
  [
    'timeout exceeded when trying to connect',
    'lost',
    'no connection could be had in time: it does not answer, or all connections of the pool are busy',
  ],
  ['Query read timeout', 'lost', 'it did not answer in time: check the network and its load'],
  ['Connection terminated', 'lost', 'the connection broke'],
  ['connection error and is not queryable', 'lost', 'the connection broke'],
  [
    'does not support SSL',
    'lost',
    'it does not speak TLS: set ssl = on there, or take sslmode from the URL',
  ],
  ['SASL', 'lost', 'the password is missing or wrong: check the user and the password in the URL'],
  ['pool after calling end', 'lost', 'it was closed; open it again'],
  ['driver has already been destroyed', 'lost', 'it was closed; open it again'],
]

/** @param where host and database, never the password @returns a LedgerError for a fault of the store; every other error as it is: a bug in a query */
export function asLedgerError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error instanceof LedgerError) return error
  const code = codeOf(error)
  const found =
    FAULTS.find(([prefix]) => code.startsWith(prefix)) ??
    TOLD.find(([part]) => error.message.includes(part))
  if (found === undefined) return error
  const [, fault, hint] = found
  return new LedgerError(fault, `${where}: ${hint}${code === '' ? '' : ` (${code})`}`, {
    cause: error,
  })
}

/** SQLSTATE, or the name of a system error. Where several addresses were tried the first one's. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** Classes of errors that end the session: whether its last statement was done before is not said. */
const ENDING = /^(08|28|3D|53300|57P|25P03)/

/** The server itself refused the statement, which has had no effect, and the session goes on. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && !ENDING.test(codeOf(error))

export const NO_SUCH_TABLE = '42P01'

/** Two transactions waited for each other: one was undone, and can be done again. */
export const isCollision = (error: unknown): boolean => /^40/.test(codeOf(error))

/** A row that can never be written: constraints, values out of range, keys too long for an index. */
export const isRefusal = (error: unknown): boolean => /^(22|23|54000)/.test(codeOf(error))

/** Host and database of a URL, for messages. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the PostgreSQL ledger'
  const { hostname, port, pathname } = new URL(url)
  return `postgres ${hostname || 'localhost'}:${port || '5432'}${pathname}`
}
