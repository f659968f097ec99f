import { EXIT } from './fault.js'

/** Where a command reads its surroundings and writes its answer: the process, or a test. */
export interface Terminal {
  /** the answer; text without its line end */
  out: (text: string) => void
  /** progress, warnings and errors */
  err: (text: string) => void
  /** rewrites the progress line; `null` where standard error is no terminal */
  progress: ((text: string) => void) | null
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** Unix ms */
  now: () => number
}

/** Flags that every verb understands. */
export interface GlobalFlags {
  json?: boolean
  debug?: boolean
}

export function processTerminal(): Terminal {
  let told = false
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // a reader that has seen enough (`| head`) or a terminal that was closed
      if (error.code === 'EPIPE' || error.code === 'EIO') return
      // nothing of it ends a server, but a script has to learn that its answer is not whole
      process.exitCode = EXIT.refused
      if (told || stream === process.stderr) return
      told = true
      process.stderr.write(`tollgate: the answer cannot be written whole (${error.message})\n`)
    })
  }
  return {
    out: (text) => {
      process.stdout.write(`${text}\n`)
    },
    err: (text) => {
      process.stderr.write(`${text}\n`)
    },
    progress: process.stderr.isTTY
      ? (text) => {
          process.stderr.write(`\r\u001b[2K${text}`)
        }
      : null,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
  }
}

/** Answers as JSON on one line, or as text for people. */
export function answer(
  terminal: Terminal,
  flags: GlobalFlags,
  json: unknown,
  text: () => readonly string[],
): void {
  if (flags.json) terminal.out(JSON.stringify(json))
  else for (const line of text()) terminal.out(line)
}
