import { run } from '../../src/cli/program.js'
import type { Terminal } from '../../src/cli/terminal.js'

export interface Ran {
  exit: number
  out: string
  err: string
}

/** 2026-11-21 12:00 UTC. */
export const NOON = Date.UTC(2026, 10, 21, 12)

/** Runs one command line in this process, on a terminal that remembers. */
export async function tollgate(
  args: readonly string[],
  surroundings: Partial<Pick<Terminal, 'env' | 'cwd' | 'now' | 'progress'>> = {},
): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const exit = await run(args, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    progress: null,
    env: {},
    cwd: '/',
    now: () => NOON,
    ...surroundings,
  })
  return { exit, out: out.join('\n'), err: err.join('\n') }
}

export const jsonOf = <T>({ out }: Ran): T => JSON.parse(out) as T
