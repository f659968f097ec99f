import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaksIn, secretsOf } from './leaks.js'

/** Lines that a run of all tests makes at least: fewer mean that nothing was collected. */
const LEAST_LINES = 1_000
/** Leaks that are shown. */
const SHOWN = 20

const linesOf = (file: string): string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')

let folder = ''
const before = process.env.NODE_OPTIONS
/** Words of the command line that name files or tests: then it is not a run of all of them. */
const everything = process.argv.slice(2).every((word) => word.startsWith('--') || word === 'run')

/** Collects the log of every process of a run: workers and whatever they start inherit it. */
export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-suite-log-'))
  const collect = new URL('./collect.mjs', import.meta.url).href
  process.env.TOLLGATE_TEST_LOGS = folder
  process.env.NODE_OPTIONS = `${before ?? ''} --import=${collect}`.trim()
}

/** Reads it when all tests are over. */
export function teardown(): void {
  if (before === undefined) delete process.env.NODE_OPTIONS
  else process.env.NODE_OPTIONS = before
  const names = readdirSync(folder)
  const logs = names.filter((name) => name.endsWith('.log'))
  let lines = 0
  const leaks = logs.flatMap((name) => {
    // the last line of a process that was killed may be half a line
    const log = linesOf(join(folder, name)).filter(
      (line) => line.startsWith('{') && line.endsWith('}'),
    )
    lines += log.length
    const secrets = name.replace('.log', '.secret')
    const told = names.includes(secrets) ? linesOf(join(folder, secrets)) : []
    return leaksIn(log, secretsOf(told.map((line) => JSON.parse(line) as string)))
  })
  rmSync(folder, { recursive: true, force: true })
  if (leaks.length > 0) {
    // vitest prints the error, and would end with success
    process.exitCode = 1
    const shown = leaks.slice(0, SHOWN).map(({ what, line }) => `${what}: ${line}`)
    throw new Error(
      `${leaks.length} of ${lines} lines that gateways logged in this run have in them what no log may have:\n${shown.join('\n')}`,
    )
  }
  if (everything && lines < LEAST_LINES) {
    process.exitCode = 1
    throw new Error(
      `only ${lines} lines of log were collected in a run of all tests, at least ${LEAST_LINES} are expected: the collector does not work`,
    )
  }
  console.log(
    `log of the suite: ${lines} lines of ${logs.length} processes, nothing in them that no log may have`,
  )
}
