import type { Client } from 'pg'
import { GONE_MS, type Member, ROSTER_KIND, rosterOf } from '../cluster/roster.js'
import { LedgerError } from '../ledger/port.js'
import { addressOf } from '../ledger/postgres/address.js'
import { asLedgerError, placeOf } from '../ledger/postgres/faults.js'
import { PRINT, printOf } from '../verify/secret-print.js'
import type { Config } from './config.js'
import { duration } from './duration.js'
import { faultOf } from './fault.js'
import type { Finding } from './finding.js'
import { secretFromEnvironment } from './secret.js'
import { maskUrl } from './stores-config.js'
import type { Terminal } from './terminal.js'

/** What a gateway of several needs of the machines it shares; it is only asked, nothing is written. */

const LIMIT_MS = 5_000
/** Numbers as the servers have them: 140000 is PostgreSQL 14. */
const OLDEST_POSTGRES = 140_000
const OLDEST_REDIS = [6, 2] as const
/** Windows and decay go by the gateways' clocks. */
const CLOCK_APART_MS = 2_000

const finding =
  (name: string) =>
  (state: Finding['state'], found: string, mend: string | null = null): Finding => ({
    ...{ name, state, found, mend },
  })

export async function sharedLedger(
  { stores, failure }: Pick<Config, 'stores' | 'failure'>,
  { now, env }: Terminal,
  url: string,
  name = 'ledger',
): Promise<Finding> {
  const say = finding(name)
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    ...{ connectionString: addressOf(url).url, connectionTimeoutMillis: LIMIT_MS },
    query_timeout: LIMIT_MS,
  })
  // a connection that breaks later is told by the query
  client.on('error', () => undefined)
  const place = placeOf(url)
  try {
    await client.connect()
    const asked = now()
    const { rows } = await client.query<{
      version: string
      at: number
      standby: boolean
      migrated: boolean
      may: boolean
      owner: string | null
      owns: boolean | null
      commits: string
    }>(`select current_setting('server_version_num') as version,
      (extract(epoch from clock_timestamp()) * 1000)::float8 as at, pg_is_in_recovery() as standby,
      to_regclass('requests') is not null as migrated,
      has_schema_privilege(current_schema(), 'CREATE') as may,
      (select pg_get_userbyid(relowner) from pg_class where oid = to_regclass('requests')) as owner,
      (select pg_has_role(relowner, 'usage') from pg_class where oid = to_regclass('requests')) as owns,
      current_setting('synchronous_commit') as commits`)
    const [row] = rows
    if (row === undefined) return say('fail', `${place} answers nothing`)
    const version = Number(row.version)
    const known = `PostgreSQL ${Math.floor(version / 10_000)}, ${place.replace(/^postgres /, '')}`
    if (version < OLDEST_POSTGRES)
      return say('fail', known, `use PostgreSQL ${OLDEST_POSTGRES / 10_000} or newer`)
    if (name === 'replica')
      return row.standby
        ? say('ok', `${known}, a standby`)
        : say(
            'warn',
            `${known} is no standby`,
            'name a streaming replica of the ledger, or leave replica out',
          )
    if (row.standby) return say('fail', `${known} is a standby`, 'name the primary under ledger')
    if (!row.migrated && !row.may)
      return say(
        'fail',
        `${known}: this user may not make tables`,
        'grant create on schema public to this user',
      )
    if (row.owns === false)
      return say(
        'fail',
        `${known}: its tables belong to ${row.owner}, and this user could not make those of the days to come`,
        'name their owner in the URL, or a user that takes its place (docs/cluster.md)',
      )
    if (row.commits === 'off')
      return say(
        'fail',
        `${known} has synchronous_commit = off: commits would be lost with the server`,
        'set it to on for this user or database',
      )
    if (row.migrated && (await hasOtherSecret(client, env)))
      return say(
        'fail',
        `${known}: the gateways that use it have another secret than this one`,
        'give all of them the same TOLLGATE_SECRET or TOLLGATE_SECRET_FILE',
      )
    const apart = Math.abs(asked - row.at)
    if (apart > CLOCK_APART_MS)
      return say(
        'warn',
        `${known}; its clock and the one here are ${duration(apart)} apart`,
        'run NTP on both',
      )
    const running =
      row.migrated && name === 'ledger' && stores.linesUrl !== null
        ? await rosterFound(client, row.at, failure.gateways)
        : null
    if (running?.tooMuch)
      return say('warn', `${known}; ${running.says}`, 'set failure.gateways to the most you run')
    const state = row.migrated ? 'has its tables' : 'is empty; the first gateway makes its tables'
    return say(
      'ok',
      `${known} ${state}${stores.linesUrl === null ? '; lines are in memory: for one gateway alone' : ''}${running === null ? '' : `; ${running.says ?? running.text}`}`,
    )
  } catch (error) {
    return say(
      'fail',
      whyLost(error, place),
      `check ${name} and that the database can be reached from here`,
    )
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** What a gateway would say of it, where it knows. */
function whyLost(error: unknown, place: string): string {
  const known = asLedgerError(error, place)
  if (known instanceof LedgerError) return known.hint
  return `${place}: ${faultOf(error).message.replace(/^unexpected: /, '')}`
}

/** A gateway would not start with it. */
async function hasOtherSecret(client: Client, env: Terminal['env']): Promise<boolean> {
  const secret = secretFromEnvironment(env)
  const { rows } = await client.query<{ body: string }>(
    'select body from documents where kind = $1 and id = $2',
    [PRINT.kind, PRINT.id],
  )
  const [row] = rows
  if (secret === null || row === undefined) return false
  return (JSON.parse(row.body) as { print: string }).print !== printOf(secret)
}

/** Gateways that said lately that they run. */
async function rosterFound(client: Client, now: number, gateways: number) {
  const { rows } = await client.query<{ body: string }>(
    'select body from documents where kind = $1 and at >= $2 limit 1000',
    [ROSTER_KIND, Math.floor(now - GONE_MS)],
  )
  return rosterOf(
    rows.map(({ body }) => JSON.parse(body) as Member),
    gateways,
  )
}

export async function sharedLines(url: string): Promise<Finding> {
  const say = finding('lines')
  const place = maskUrl(url)
  try {
    const [{ openClient }, { lackedRights }, { parseUrl }] = await Promise.all([
      import('../lines/redis/client.js'),
      import('../lines/redis/lacked-rights.js'),
      import('../lines/redis/url.js'),
    ])
    const target = parseUrl(url)
    const client = await openClient(target, {
      ...{ connectMs: LIMIT_MS, commandMs: LIMIT_MS, onError: () => undefined },
    })
    try {
      const infos = (await client.everywhere('INFO')) as string[]
      const of = (info: string, key: string): string =>
        new RegExp(`^${key}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
      const versions = [...new Set(infos.map((info) => of(info, 'redis_version')))]
      const known = `Redis ${versions.join(', ')} at ${place}${infos.length > 1 ? `, ${infos.length} primaries` : ''}`
      const old = versions.find((version) => {
        const [major = 0, minor = 0] = version.split('.').map(Number)
        return major < OLDEST_REDIS[0] || (major === OLDEST_REDIS[0] && minor < OLDEST_REDIS[1])
      })
      if (old !== undefined)
        return say('fail', known, `use Redis ${OLDEST_REDIS.join('.')} or Valkey`)
      const lacked = await lackedRights(client)
      if (lacked.length > 0)
        return say(
          'fail',
          `${known} lets its user do too little for a gateway`,
          `ACL SETUSER ${target.username ?? 'default'} ${lacked.join(' ')}, on every server`,
        )
      if (infos.some((info) => /^allkeys-/.test(of(info, 'maxmemory_policy'))))
        return say(
          'fail',
          `${known} may evict any key when memory is short: whoever is evicted has fresh credit`,
          'set maxmemory-policy to noeviction or volatile-ttl',
        )
      if (infos.some((info) => of(info, 'aof_enabled') === '0'))
        return say(
          'warn',
          `${known} keeps no append-only file: after a restart the lines are rebuilt from the ledger`,
          'set appendonly yes, and run a replica',
        )
      return say('ok', known)
    } finally {
      await client.close()
    }
  } catch (error) {
    return say(
      'fail',
      `${place}: ${faultOf(error).message.replace(/^unexpected: /, '')}`,
      'check lines and that Redis can be reached from here',
    )
  }
}
