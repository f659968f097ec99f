import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Greeting } from '../../src/cli/greeting.js'

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 25_000
const LOG_KEPT = 500_000
/** Where the system can, a gateway ends with whoever started it: a test that is killed leaves nothing behind. */
const SETPRIV = '/usr/bin/setpriv'
const WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : []

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Headers
}

/** A gateway of the cluster, in a process of its own. */
export interface GatewayProcess {
  readonly name: string
  readonly url: string
  readonly greeting: Greeting
  /** Starts it, again too, and waits until it answers. @throws with its log when it ends instead */
  start(): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
  /** SIGTERM: answers what it was asked and ends. @returns its exit code */
  stop(): Promise<number | null>
  /** SIGSTOP: open connections, and no answer */
  pause(): void
  resume(): void
  /** what it wrote to its log */
  log(): string
  /** A call with the bootstrap key. */
  call(
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

export function gatewayProcess({
  name,
  main,
  cwd,
  env,
  key,
}: {
  name: string
  /** the built command */
  main: string
  cwd: string
  env: Readonly<Record<string, string | undefined>>
  /** `id:secret` */
  key: string
}): GatewayProcess {
  let child: ChildProcess | null = null
  let log = ''
  let greeting: Greeting | null = null
  const met = (): Greeting => {
    if (greeting === null) throw new Error(`${name} does not run`)
    return greeting
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null)
      return ending?.exitCode ?? null
    const ended = once(ending, 'exit')
    const late = setTimeout(() => ending.kill('SIGKILL'), STOP_LIMIT_MS)
    ending.kill(signal)
    // a process that is stopped gets no other signal
    if (signal !== 'SIGKILL') ending.kill('SIGCONT')
    await ended
    clearTimeout(late)
    return ending.exitCode
  }

  return {
    name,
    get url() {
      return met().url
    },
    get greeting() {
      return met()
    },
    async start() {
      const inherited = Object.entries(process.env).filter(([n]) => !n.startsWith('TOLLGATE_'))
      const [command = '', ...args] = [...WITH_PARENT, process.execPath, main, 'serve', '--json']
      const started = spawn(command, args, {
        cwd,
        env: {
          ...Object.fromEntries(inherited),
          // the same one after a restart: who has a page open goes on
          TOLLGATE_PORT: greeting === null ? '0' : new URL(greeting.url).port,
          TOLLGATE_GATEWAY: name,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = started
      started.stderr?.on('data', (text: Buffer) => {
        log = `${log}${text.toString()}`.slice(-LOG_KEPT)
      })
      let printed = ''
      greeting = await new Promise<Greeting>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`${name} did not start in ${START_LIMIT_MS} ms:\n${log}`)),
          START_LIMIT_MS,
        )
        started.once('exit', (code) => {
          clearTimeout(late)
          reject(new Error(`${name} ended with ${code}:\n${printed}${log}`))
        })
        started.stdout?.on('data', (text: Buffer) => {
          printed += text.toString()
          if (!printed.trimEnd().endsWith('}')) return
          const said = JSON.parse(printed) as Greeting | { error: string }
          // a start that fails says so in JSON too, and ends
          if (!('url' in said)) return
          clearTimeout(late)
          resolve(said)
        })
      })
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    log: () => log,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${met().url}${path}`, {
        method,
        headers: {
          authorization: `Basic ${btoa(key)}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return {
        status: response.status,
        body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
        headers: response.headers,
      }
    },
  }
}
