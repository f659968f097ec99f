import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

export const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js')

/** The built command in a process of its own. */
export class Tollgate {
  readonly exited: Promise<number | null>
  out = ''
  err = ''
  readonly #child: ChildProcess
  #news: () => void = () => undefined

  constructor(args: string[], cwd: string, env: Record<string, string> = {}) {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('TOLLGATE_'))
    this.#child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...Object.fromEntries(clean), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.out += chunk.toString()
      this.#news()
    })
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.err += chunk.toString()
      this.#news()
    })
    this.exited = new Promise((done) => {
      this.#child.on('close', (code) => {
        done(code)
        this.#news()
      })
    })
  }

  /** Waits until something was printed, on either stream. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    let ended = false
    void this.exited.then(() => {
      ended = true
    })
    for (;;) {
      const found = pattern.exec(this.out) ?? pattern.exec(this.err)
      if (found !== null) return found
      if (ended) throw new Error(`ended without ${pattern}:\n${this.out}\n${this.err}`)
      await new Promise<void>((news) => {
        this.#news = news
      })
    }
  }

  kill(signal: NodeJS.Signals): Promise<number | null> {
    this.signal(signal)
    return this.exited
  }
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}
