import { type ChildProcess, execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const USER = 'tollgate'
const PASSWORD = 'a-password-of-the-tests'
const START_LIMIT_MS = 60_000
const MAX_LOG = 30_000_000

/** Where the programs of PostgreSQL are: TOLLGATE_POSTGRES_BIN, or Debian's folder of the newest version. */
const BIN = process.env.TOLLGATE_POSTGRES_BIN ?? newestInstalled('/usr/lib/postgresql')
const absent = BIN === undefined || !existsSync(join(BIN, 'postgres'))
/** Where there is no PostgreSQL these tests are left out, unless TOLLGATE_REQUIRE_POSTGRES=1 says that there must be one. */
export const skipped = absent && process.env.TOLLGATE_REQUIRE_POSTGRES !== '1'
export const why = skipped ? ' (skipped: no PostgreSQL found; set TOLLGATE_POSTGRES_BIN)' : ''

/**
 * Durable against kill -9 but not against a power cut, which no test plays. The linguistic collation is on purpose: a
 * query that leans on the order of bytes without saying so fails here.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'on',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '100',
  wal_level: 'replica',
  max_wal_senders: '4',
  hot_standby: 'on',
  log_min_messages: 'warning',
  autovacuum_naptime: '10s',
}

export interface PostgresServer {
  readonly port: number
  /** Every row of a ledger goes, its tables stay: to make a new one takes longer than most tests. @param url of its database */
  empty(url: string): Promise<void>
  /** The folder of its data, which `close` removes. */
  readonly folder: string
  /** URL of a database on this server, `postgres` when none is named. */
  url(database?: string): string
  /** Makes an empty database with a name of its own, or a copy of another. @returns its URL */
  database(copyOf?: string): Promise<string>
  /** One statement on a connection of its own. */
  query<T = Record<string, unknown>>(sql: string, database?: string): Promise<T[]>
  /** What it wrote to its log. */
  log(): string
  start(): Promise<void>
  /** Ends it in order: sessions are cut, what was committed is written. */
  stop(): Promise<void>
  /** kill -9 of every process of the server. */
  kill(): Promise<void>
  /** SIGSTOP of every process: it answers nothing and closes nothing. */
  pause(): void
  resume(): void
  /** A hot standby that streams from this server; closed with it. */
  replica(): Promise<PostgresServer>
  /** Ends the server, paused or not, and removes its data. */
  close(): Promise<void>
}

/**
 * Starts a PostgreSQL of its own on a free port with its data in a temporary folder.
 * @param settings over the usual ones
 * @param tls paths of a certificate and its key, where it is to speak TLS too
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  tls?: { cert: string; key: string },
): Promise<PostgresServer> {
  const folder = temporaryFolder()
  try {
    const secured = tls === undefined ? {} : withTls(folder, tls)
    const passwordFile = join(folder, 'password')
    await writeFile(passwordFile, PASSWORD)
    own(passwordFile)
    await asOwner('initdb', [
      ...[
        '-D',
        join(folder, 'data'),
        '-U',
        USER,
        `--pwfile=${passwordFile}`,
        '-A',
        'scram-sha-256',
      ],
      ...[
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
        '--locale-provider=icu',
        '--icu-locale=en',
        '--no-sync',
      ],
    ])
    return await serve(folder, { ...SETTINGS, ...secured, ...settings })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** The server takes a key only from its owner's own file. */
function withTls(folder: string, tls: { cert: string; key: string }): Record<string, string> {
  const [cert, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  copyFileSync(tls.cert, cert)
  copyFileSync(tls.key, key)
  chmodSync(key, 0o600)
  own(cert)
  own(key)
  return { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key }
}

async function serve(
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<PostgresServer> {
  const port = await freePort()
  const replicas: PostgresServer[] = []
  let process_: ChildProcess | null = null
  let ended: Promise<void> = Promise.resolve()
  let log = ''
  let databases = 0

  const url = (database = 'postgres') =>
    `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`

  async function query<T>(sql: string, database?: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 5000 })
    client.on('error', (error) => {
      log += `client: ${error.message}\n`
    })
    await client.connect()
    try {
      return (await client.query(sql)).rows as T[]
    } finally {
      await client.end()
    }
  }

  async function start(): Promise<void> {
    if (process_ !== null) throw new Error('this PostgreSQL runs already')
    const flags = Object.entries({ ...settings, port: String(port) })
    const server = spawnAsOwner('postgres', [
      ...['-D', join(folder, 'data')],
      ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    process_ = server
    const note = (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-MAX_LOG)
    }
    server.stdout?.on('data', note)
    server.stderr?.on('data', note)
    ended = new Promise((resolve) => {
      server.once('exit', () => {
        if (process_ === server) process_ = null
        resolve()
      })
    })
    const limit = Date.now() + START_LIMIT_MS
    for (;;) {
      try {
        await query('select 1')
        return
      } catch (error) {
        if (process_ !== server || Date.now() > limit)
          throw new Error(`PostgreSQL did not start:\n${log}`, { cause: error })
        await pause(50)
      }
    }
  }

  async function kill(): Promise<void> {
    const pids = processes()
    for (const pid of pids) signal(pid, 'SIGKILL')
    await ended
    await gone(pids)
  }

  /** The postmaster first, so that it starts nothing anew; its children have sessions of their own. */
  function processes(): number[] {
    const pid = process_?.pid
    return pid === undefined ? [] : [pid, ...childrenOf(pid)]
  }

  const server: PostgresServer = {
    port,
    folder,
    url,
    query,
    start,
    kill,
    log: () => log,
    async database(copyOf) {
      const name = `t${process.pid}_${++databases}`
      await query(`create database ${name}${copyOf === undefined ? '' : ` template ${copyOf}`}`)
      return url(name)
    },
    async empty(url) {
      await query(
        `do $$ begin execute (
          select 'truncate ' || string_agg(quote_ident(relname), ', ') || ' restart identity' from pg_class
          where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
            and relname <> 'migrations' and not relispartition
        ); end $$`,
        new URL(url).pathname.slice(1),
      )
    },
    async stop() {
      const pids = processes()
      const pid = process_?.pid
      if (pid !== undefined) signal(pid, 'SIGINT')
      await ended
      await gone(pids)
    },
    pause() {
      for (const pid of processes()) signal(pid, 'SIGSTOP')
    },
    resume() {
      for (const pid of processes().reverse()) signal(pid, 'SIGCONT')
    },
    async replica() {
      const standby = temporaryFolder()
      await asOwner('pg_basebackup', [
        ...[
          '-D',
          join(standby, 'data'),
          '-d',
          url(),
          '-R',
          '-X',
          'stream',
          '-c',
          'fast',
          '--no-sync',
        ],
      ])
      const replica = await serve(standby, settings)
      replicas.push(replica)
      return replica
    },
    async close() {
      for (const replica of replicas.splice(0)) await replica.close()
      process.removeListener('exit', atExit)
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  function atExit() {
    for (const pid of processes()) signal(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', atExit)
  try {
    await start()
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, whom the package makes. */
function owner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error('PostgreSQL does not run as root, and there is no user postgres')
  return { uid: Number(uid), gid: Number(gid) }
}

export function own(path: string): void {
  const user = owner()
  if (user !== undefined) chownSync(path, user.uid, user.gid)
}

/** That the user of the servers may use. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-postgres-'))
  own(folder)
  return folder
}

function programme(name: string): string {
  if (BIN === undefined || absent)
    throw new Error('TOLLGATE_REQUIRE_POSTGRES=1, but no PostgreSQL is installed here')
  return join(BIN, name)
}

async function asOwner(name: string, args: string[]): Promise<void> {
  await run(programme(name), args, { ...owner(), cwd: tmpdir() })
}

/**
 * Where the system can, the server is told to end when its parent does, so that a killed test leaves nothing behind.
 * @param name of a programme of PostgreSQL, or the path of another one
 */
export function spawnAsOwner(name: string, args: string[]): ChildProcess {
  const options = { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
  const user = owner()
  const command = name.startsWith('/') ? name : programme(name)
  if (!existsSync('/usr/bin/setpriv')) return spawn(command, args, { ...options, ...user })
  const become =
    user === undefined ? [] : [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups']
  return spawn('/usr/bin/setpriv', [...become, '--pdeathsig', 'INT', command, ...args], options)
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
}

/** `null` for a process that has ended meanwhile, or is only waited for. */
function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : Number(parent)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

async function gone(pids: readonly number[]): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  while (pids.some((pid) => parentOf(pid) !== null)) {
    if (Date.now() > limit) throw new Error('processes of PostgreSQL do not end')
    await pause(10)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ESRCH' || code === 'ENOENT'
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no free port'))
        else resolve(address.port)
      })
    })
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function newestInstalled(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined
  const versions = readdirSync(folder).filter((name) => /^\d+$/.test(name))
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(folder, newest, 'bin')
}
