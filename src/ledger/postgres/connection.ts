import { createHash } from 'node:crypto'
import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import type { PoolClient } from 'pg'
import type { Database } from '../schema.js'
import { addressed } from './address.js'
import { isAnswer, placeOf } from './faults.js'
import { scarce } from './scarce.js'

/** Names of statements at hand: there are some tens of different ones, and some more for each day that is asked about. */
const MAX_NAMES = 400
/** Statements with lists of values come in as many forms as lists have lengths: those are not kept. */
const MAX_KEPT_PARAMETERS = 60
const IDLE_MS = 60_000
/** The server keeps statements ready until their connection ends, also those about days that are over, seconds. */
const LIFETIME_SECONDS = 6 * 60 * 60

/** Whatever the database or the user has set. */
const SESSION = [
  // whatever grows has an index for what is asked of it. A day that begins looks empty: a plan made then would read its
  // tables whole, and be kept until PostgreSQL has looked at them, a minute or more and many thousand rows later
  'enable_seqscan=off',
  // plans over a hundred partitions look dear enough to be compiled, which takes longer than running them
  'jit=off',
  // each statement sees what has ended before it: horizons of logs and steps that wait for each other need it
  'default_transaction_isolation=read committed',
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
]

/**
 * For statements that come by the thousand, of a few forms, each about rows that are given: planned once and not again for
 * every call, which takes longer than running it. A day's partition is empty at that time and soon has millions of rows,
 * so each given row is looked up by its index, whatever the statistics say.
 */
export const LOOK_UPS = [
  'plan_cache_mode=force_generic_plan',
  ...['seqscan', 'hashjoin', 'mergejoin', 'material'].map((plan) => `enable_${plan}=off`),
]

export interface ConnectionOptions {
  url: string
  poolSize: number
  /** settings of each session besides those of all */
  settings?: readonly string[]
  /** how long one may take to be opened, or to come free, ms */
  connectMs: number
  /** how long a statement may take, ms: the server ends it; a server that does not answer is given up a little later */
  statementMs: number
  /** told of connections that broke while nobody used them */
  onError: (error: Error) => void
}

export interface Connection {
  /** One of the pool's, to be released. */
  connect(): Promise<PoolClient>
  db: Kysely<Database>
  close(): Promise<void>
}

/** Opens nothing yet. `pg` is an optional dependency: users with another ledger do not install it. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new Error('a ledger in PostgreSQL needs the package pg: npm install pg', { cause })
  })
  const { url, poolSize, connectMs, statementMs, onError, settings = [] } = options
  const pool = new pg.Pool({
    ...addressed(pg, url),
    max: poolSize,
    // whoever has one keeps it: where others take what the server has, work goes on
    min: 1,
    application_name: 'tollgate',
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    allowExitOnIdle: true,
    keepAlive: true,
    statement_timeout: statementMs,
    query_timeout: statementMs + connectMs,
    // a gateway that vanished within a transaction must not hold others up
    idle_in_transaction_session_timeout: statementMs,
    options: [...SESSION, ...settings]
      .map((setting) => `-c ${setting.replaceAll(' ', '\\ ')}`)
      .join(' '),
    types: { getTypeParser: parserOf(pg.types.getTypeParser) },
  })
  // an idle connection that breaks would end the process otherwise
  pool.on('error', onError)
  // one that breaks while it is used says so to whoever waits for its answer
  pool.on('connect', (client) => client.on('error', () => undefined))
  const connected = scarce(pool, { waitMs: connectMs, where: placeOf(url), tell: onError })
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => overClient(await connected()),
        end: () => pool.end(),
      },
    }),
    plugins: [new CamelCasePlugin()],
  })
  return {
    connect: connected,
    db,
    async close() {
      // ends the pool too, where it was used at all
      await db.destroy()
      if (!pool.ending) await pool.end()
    },
  }
}

const names = new Map<string, string>()

/** The same text has the same name in every process: poolers tell prepared statements apart by it. */
function nameOf(sql: string): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const [oldest] = names.keys()
  if (names.size >= MAX_NAMES && oldest !== undefined) names.delete(oldest)
  const name = `t${createHash('sha256').update(sql).digest('base64url').slice(0, 20)}`
  names.set(sql, name)
  return name
}

/** The one character that PostgreSQL's text cannot hold; strangers may well send it. */
const NUL = '\u0000'
const storable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes(NUL) ? value.replaceAll(NUL, '\uFFFD') : value
const stored = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(storable) : storable(value)

/** One statement, kept ready on the server where it comes again. @param most parameters of one that does */
export function prepared(
  sql: string,
  parameters: readonly unknown[],
  most: number = MAX_KEPT_PARAMETERS,
) {
  const name = parameters.length > most ? undefined : nameOf(sql)
  return { text: sql, values: parameters.map(stored), ...(name !== undefined && { name }) }
}

/** One statement by itself, of a form that comes again and again. @throws what `pg` does; connections whose state nobody knows are given up */
export type Run = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>

export const runner =
  (connect: Connection['connect']): Run =>
  async (text, values) => {
    const client = await connect()
    let broken: Error | undefined
    try {
      const { rows } = await client.query(prepared(text, values, Number.POSITIVE_INFINITY))
      return rows
    } catch (error) {
      // without an answer of the server nobody knows what state the connection is in
      if (error instanceof Error && !isAnswer(error)) broken = error
      throw error
    } finally {
      client.release(broken)
    }
  }

const wrapped = new WeakMap<PoolClient, PostgresPoolClient>()

function overClient(client: PoolClient): PostgresPoolClient {
  const known = wrapped.get(client)
  if (known !== undefined) return known
  let broken: Error | undefined
  const noted = (error: Error) => {
    broken = error
  }
  // between its queries: the next one fails with it
  client.on('error', noted)
  const over = {
    async query(sql: string, parameters: readonly unknown[]) {
      try {
        return await client.query(prepared(sql, [...parameters]))
      } catch (error) {
        // without an answer of the server nobody knows what state the connection is in
        if (error instanceof Error && !isAnswer(error)) broken = error
        throw error
      }
    },
    release: () => client.release(broken),
  }
  const adapted = over as unknown as PostgresPoolClient
  wrapped.set(client, adapted)
  return adapted
}

const INT8 = 20
const NUMERIC = 1700

type GetParser = (oid: number, format?: 'text' | 'binary') => (text: string) => unknown

/** 64-bit integers as numbers: ms, micro-USD and counts stay far below 2^53. */
function parserOf(usual: unknown): GetParser {
  return (oid, format) => {
    if (oid === INT8 || oid === NUMERIC) return exactNumber
    return (usual as GetParser)(oid, format)
  }
}

/** @throws RangeError where a number would not be what is stored */
export function exactNumber(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`${text} does not fit a number exactly`)
  return value
}
