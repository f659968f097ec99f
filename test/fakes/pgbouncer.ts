import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import {
  freePort,
  own,
  type PostgresServer,
  spawnAsOwner,
  temporaryFolder,
} from './postgres-server.js'

const PGBOUNCER = process.env.TOLLGATE_PGBOUNCER ?? '/usr/sbin/pgbouncer'
const absent = !existsSync(PGBOUNCER)
/** Where there is no PgBouncer these tests are left out, unless TOLLGATE_REQUIRE_POSTGRES=1 says that there must be one. */
export const skipped = absent && process.env.TOLLGATE_REQUIRE_POSTGRES !== '1'
export const why = skipped ? ` (skipped: no ${PGBOUNCER}; apt-get install pgbouncer)` : ''

const START_LIMIT_MS = 20_000

export interface Pooler {
  readonly port: number
  /** The same database through the pooler. */
  through(url: string): string
  log(): string
  close(): Promise<void>
}

/**
 * A PgBouncer before a server, which hands out connections for a transaction each, few of them so that they are mixed.
 * @param settings lines of its configuration besides
 */
export async function startPooler(
  server: PostgresServer,
  users: readonly { name: string; password: string }[],
  settings: readonly string[] = [],
): Promise<Pooler> {
  if (absent) throw new Error(`there must be a PgBouncer, but there is no ${PGBOUNCER}`)
  const folder = temporaryFolder()
  const port = await freePort()
  const list = join(folder, 'users.txt')
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(list, users.map(({ name, password }) => `"${name}" "${password}"\n`).join(''))
  writeFileSync(
    file,
    [
      '[databases]',
      `* = host=127.0.0.1 port=${server.port}`,
      '[pgbouncer]',
      ...['listen_addr = 127.0.0.1', `listen_port = ${port}`, 'unix_socket_dir ='],
      ...['auth_type = plain', `auth_file = ${list}`],
      ...['pool_mode = transaction', 'default_pool_size = 3', 'max_client_conn = 100'],
      ...settings,
      '',
    ].join('\n'),
  )
  own(list)
  own(file)
  const child: ChildProcess = spawnAsOwner(PGBOUNCER, [file])
  let log = ''
  const note = (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-100_000)
  }
  child.stdout?.on('data', note)
  child.stderr?.on('data', note)
  const through = (url: string): string => {
    const address = new URL(url)
    address.port = String(port)
    return address.href
  }
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  }
  for (const limit = performance.now() + START_LIMIT_MS; ; ) {
    const client = new pg.Client({ connectionString: through(server.url()) })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return { port, through, log: () => log, close }
    } catch (error) {
      if (child.exitCode !== null || performance.now() > limit) {
        await close()
        throw new Error(`PgBouncer did not start:\n${log}`, { cause: error })
      }
      await new Promise((again) => setTimeout(again, 50))
    }
  }
}
