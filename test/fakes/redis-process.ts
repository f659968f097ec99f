import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'

const SERVER = process.env.TOLLGATE_REDIS_SERVER ?? '/usr/bin/redis-server'
const CLI = process.env.TOLLGATE_REDIS_CLI ?? '/usr/bin/redis-cli'
const absent = !existsSync(SERVER) || !existsSync(CLI)
const required = process.env.TOLLGATE_REQUIRE_REDIS === '1' || process.env.CI === 'true'
/** Where there is no Redis these tests are left out, unless CI or TOLLGATE_REQUIRE_REDIS=1 says that there must be one. */
export const skipped = absent && !required
export const why = skipped ? ` (skipped: no ${SERVER}; apt-get install redis-server)` : ''

/** One redis-server of ours, with a folder of its own; nothing of it is left when this process ends, however it ends. */
export interface RedisProcess {
  readonly port: number
  readonly url: string
  readonly pid: number
  /** Asks redis-cli. @returns what it printed */
  ask(...command: string[]): string
  /** Ends it as a crash does (SIGKILL) and waits until it is gone; what it had on disk stays */
  kill(): Promise<void>
  /** Stands still with open connections, as a machine that hangs */
  pause(): void
  resume(): void
  /** Starts again on the same port and folder. @param how.empty without the files it had */
  restart(how?: { empty: boolean }): Promise<void>
  /** Ends it for good and removes its folder */
  stop(): Promise<void>
}

export interface RedisOptions {
  /** options of redis-server's command line, as `'--maxmemory', '8mb'` */
  args?: readonly string[]
  password?: string
  /** keeps what it is told over a restart */
  durable?: boolean
  sentinel?: string
  /** speaks TLS and nothing else, to clients, replicas and the other servers; paths */
  tls?: { ca: string; cert: string; key: string; clients?: 'yes' | 'no' }
}

/** How redis-cli asks a server that speaks TLS. */
export const cliTls = (tls: RedisOptions['tls']): string[] =>
  tls === undefined ? [] : ['--tls', '--cacert', tls.ca, '--cert', tls.cert, '--key', tls.key]

const serverTls = (tls: NonNullable<RedisOptions['tls']>, port: number): string[] => [
  ...['--port', '0', '--tls-port', String(port), '--tls-ca-cert-file', tls.ca],
  ...['--tls-cert-file', tls.cert, '--tls-key-file', tls.key],
  ...['--tls-auth-clients', tls.clients ?? 'yes', '--tls-replication', 'yes'],
]

/** Polls until it holds. @throws Error that names what was waited for */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** Below the ports that the system hands to outgoing connections. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = randomInt(10_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new Error('no free port between 10,000 and 32,000')
}

const answers = (port: number, tls: RedisOptions['tls']): Promise<boolean> =>
  new Promise((resolve) => {
    const at = { port, host: '127.0.0.1' }
    const ping = () => socket.write('PING\r\n')
    const socket: Socket =
      tls === undefined
        ? connect(at, ping)
        : connectTls(
            {
              ...at,
              cert: readFileSync(tls.cert),
              key: readFileSync(tls.key),
              // whether it is up, not whether it is trusted
              rejectUnauthorized: false,
            },
            ping,
          )
    const done = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    // -NOAUTH and -LOADING are answers too; a server that loads is not ready
    socket.once('data', (text) => done(!text.toString().startsWith('-LOADING')))
  })

interface Running {
  child: ChildProcess
  /** holds a pipe of ours: ends the server when this process is gone, were it by SIGKILL */
  guard: ChildProcess
  output: () => string
}

function launch(args: readonly string[], dir: string): Running {
  const child = spawn(SERVER, [...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (text: Buffer) => {
    output = (output + text.toString()).slice(-4_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const guard = spawn(
    '/bin/sh',
    ['-c', 'cat >/dev/null; kill -9 "$0" 2>/dev/null; rm -rf "$1"', String(child.pid), dir],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  child.once('exit', () => guard.kill('SIGKILL'))
  guard.unref()
  child.unref()
  return { child, guard, output: () => output }
}

/** Starts one server on a free port; where somebody was faster to that port, on another. */
export async function startProcess(options: RedisOptions = {}): Promise<RedisProcess> {
  if (absent) throw new Error(`there must be a Redis, but there is no ${SERVER}`)
  const { args = [], password, durable = false, sentinel, tls } = options
  const dir = mkdtempSync(join(tmpdir(), 'tollgate-redis-'))
  const commandLine = (port: number): string[] => [
    ...(sentinel === undefined ? [] : [sentinel, '--sentinel']),
    ...(tls === undefined ? ['--port', String(port)] : serverTls(tls, port)),
    ...['--bind', '127.0.0.1', '--dir', dir, '--daemonize', 'no'],
    ...(sentinel === undefined
      ? ['--save', '', '--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'always']
      : []),
    ...(password === undefined ? [] : ['--requirepass', password, '--masterauth', password]),
    ...args,
  ]
  let port = 0
  let running: Running | null = null

  async function run(at: number): Promise<boolean> {
    const made = launch(commandLine(at), dir)
    let ended = false
    made.child.once('exit', () => {
      ended = true
    })
    await until(
      `redis-server on port ${at}; it said: ${made.output()}`,
      async () => ended || (await answers(at, tls)),
    )
    if (ended) {
      if (/already in use|Failed listening/.test(made.output())) return false
      throw new Error(`redis-server ended: ${made.output()}`)
    }
    running = made
    return true
  }
  do port = await freePort()
  while (!(await run(port)))

  async function kill(): Promise<void> {
    const was = running
    if (was === null) return
    running = null
    const gone = once(was.child, 'exit')
    was.child.kill('SIGKILL')
    await gone
  }
  const auth = [
    ...(password === undefined ? [] : ['--no-auth-warning', '-a', password]),
    ...cliTls(tls),
  ]
  const scheme = tls === undefined ? 'redis' : 'rediss'
  return {
    get port() {
      return port
    },
    url:
      password === undefined
        ? `${scheme}://127.0.0.1:${port}`
        : `${scheme}://:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    get pid() {
      return running?.child.pid ?? 0
    },
    ask: (...command) =>
      execFileSync(CLI, ['-h', '127.0.0.1', '-p', String(port), ...auth, ...command], {
        encoding: 'utf8',
        timeout: 20_000,
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim(),
    kill,
    pause: () => running?.child.kill('SIGSTOP'),
    resume: () => running?.child.kill('SIGCONT'),
    async restart({ empty } = { empty: false }) {
      await kill()
      if (empty) for (const file of readdirSync(dir)) rmSync(join(dir, file), { recursive: true })
      await until(`port ${port} free again`, () => run(port))
    },
    async stop() {
      await kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
