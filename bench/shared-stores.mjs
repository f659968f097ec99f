// A Redis and a PostgreSQL of their own for benches, in temporary folders, with what a production has: commits are durable.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export async function freePort() {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}

async function until(holds) {
  for (const end = performance.now() + 30_000; !holds(); ) {
    if (performance.now() > end) throw new Error('a store did not start within 30 s')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const succeeds = (command, args) => {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    // not yet
    return false
  }
}

export async function startRedis() {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  await until(() => succeeds('redis-cli', ['-p', String(port), 'ping']))
  const ask = (...words) =>
    execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' })
  return {
    url: `redis://127.0.0.1:${port}`,
    pids: () => [child.pid],
    /** scripts and functions that were called since the start */
    calls: () =>
      [
        ...ask('info', 'commandstats').matchAll(/cmdstat_(?:evalsha|eval|fcall):calls=(\d+)/g),
      ].reduce((sum, [, calls]) => sum + Number(calls), 0),
    async stop() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

const newest = (folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(folder, version, 'bin'))[0]
    : undefined

export const postgresBin = process.env.TOLLGATE_POSTGRES_BIN ?? newest('/usr/lib/postgresql')

/** PostgreSQL does not run as root: then it is the user that its package makes. */
function owner() {
  if (process.getuid() !== 0) return {}
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'))
    .split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export async function startPostgres() {
  const port = await freePort()
  const as = owner()
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-bench-postgres-'))
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const secret = join(folder, 'secret')
  writeFileSync(secret, 'bench')
  if (as.uid !== undefined) chownSync(secret, as.uid, as.gid)
  const init = [
    '-D',
    data,
    '-U',
    'bench',
    `--pwfile=${secret}`,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
  ]
  execFileSync(join(postgresBin, 'initdb'), init, { ...as, cwd: folder, stdio: 'ignore' })
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '512MB',
    max_wal_size: '4GB',
  }
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])
  const child = spawn(join(postgresBin, 'postgres'), ['-D', data, ...flags], {
    ...as,
    cwd: folder,
    stdio: 'ignore',
  })
  const url = `postgres://bench:bench@127.0.0.1:${port}/postgres`
  const ask = (sql) =>
    execFileSync('psql', [url, '-Atc', sql], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  await until(() => succeeds('psql', [url, '-Atc', 'select 1']))
  return {
    url,
    pids: () => [
      child.pid,
      ...ask('select pid from pg_stat_activity where pid <> pg_backend_pid()')
        .split('\n')
        .filter(Boolean)
        .map(Number),
    ],
    commits: () =>
      Number(ask("select xact_commit from pg_stat_database where datname = 'postgres'")),
    async stop() {
      child.kill('SIGINT')
      await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
