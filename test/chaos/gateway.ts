import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Outage } from './record.js'

/** The built command. */
export const MAIN =
  process.env.TOLLGATE_MAIN ?? resolve(import.meta.dirname, '../../dist/cli/main.js')
const CLOCK = pathToFileURL(join(import.meta.dirname, 'moved-clock.mjs')).href
/** Where the system can, a gateway ends with whoever started it: a run that is killed leaves nothing behind. */
const SETPRIV = '/usr/bin/setpriv'
const WITH_PARENT = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : []
const START_LIMIT_MS = 120_000
const STOP_LIMIT_MS = 30_000
const LOG_KEPT = 2_000_000

export interface GatewayProcess {
  readonly index: number
  readonly url: string
  readonly pid: number
  /** times when nobody could expect an answer */
  readonly outages: readonly Outage[]
  /** Starts it and waits until it answers. */
  start(): Promise<void>
  kill(): Promise<void>
  /** SIGTERM: answers what it was asked and ends. @returns its exit code */
  end(): Promise<number | null>
  pause(): void
  resume(): void
  /** Moves what it takes for the time of day; its monotonic clock goes on. */
  moveClock(ms: number): void
  log(): string
}

/**
 * A gateway of the built command, in a process of its own.
 * @param folder for the offset of its clock
 */
export function gatewayProcess(options: {
  index: number
  port: number
  folder: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
}): GatewayProcess {
  const { index, port, folder, args, env } = options
  const url = `http://127.0.0.1:${port}`
  const outages: { gateway: number; from: number; until: number }[] = []
  const clockFile = join(folder, `clock-${index}`)
  writeFileSync(clockFile, '0')
  let child: ChildProcess | null = null
  let ended: Promise<unknown> = Promise.resolve()
  let log = ''

  const goesOut = () => {
    if (outages.at(-1)?.until !== Number.POSITIVE_INFINITY)
      outages.push({ gateway: index, from: performance.now(), until: Number.POSITIVE_INFINITY })
  }
  const isBack = () => {
    const last = outages.at(-1)
    if (last !== undefined) last.until = performance.now()
  }

  const gateway: GatewayProcess = {
    index,
    url,
    outages,
    get pid() {
      return child?.pid ?? 0
    },
    async start() {
      const inherited = Object.entries(process.env).filter(
        ([name]) => !name.startsWith('TOLLGATE_'),
      )
      const [command = '', ...rest] = [
        ...WITH_PARENT,
        ...[process.execPath, '--import', CLOCK, MAIN, 'serve', ...args],
        ...['--port', String(port), '--json'],
      ]
      const made = spawn(command, rest, {
        cwd: folder,
        env: { ...Object.fromEntries(inherited), CHAOS_CLOCK: clockFile, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = made
      const note = (bytes: Buffer) => {
        log = (log + bytes.toString()).slice(-LOG_KEPT)
      }
      made.stdout?.on('data', note)
      made.stderr?.on('data', note)
      ended = once(made, 'exit')
      made.once('exit', (code, signal) => {
        note(Buffer.from(`\n-- gateway ${index} ended: ${code ?? signal}\n`))
        if (child === made) child = null
      })
      const limit = performance.now() + START_LIMIT_MS
      while (!(await answers(url))) {
        if (child !== made || performance.now() > limit)
          throw new Error(`gateway ${index} did not start:\n${log.slice(-4_000)}`)
        await new Promise((again) => setTimeout(again, 50))
      }
      isBack()
    },
    async kill() {
      goesOut()
      child?.kill('SIGKILL')
      await ended
    },
    async end() {
      goesOut()
      const ending = child
      if (ending === null) return null
      ending.kill('SIGTERM')
      const late = setTimeout(() => ending.kill('SIGKILL'), STOP_LIMIT_MS)
      await ended
      clearTimeout(late)
      return ending.exitCode
    },
    pause() {
      goesOut()
      child?.kill('SIGSTOP')
    },
    resume() {
      child?.kill('SIGCONT')
      isBack()
    },
    moveClock(ms) {
      writeFileSync(clockFile, String(ms))
    },
    log: () => log,
  }
  return gateway
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok, body } = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })
    await body?.cancel()
    return ok
  } catch {
    // not yet, or no more
    return false
  }
}
