import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { type Audited, audit } from '../audit/audit.js'
import { findFiles } from '../audit/read/find-files.js'
import { jsonOfResult } from '../audit/report/json.js'
import { createPseudonyms, type Pseudonyms, pseudonymised } from '../audit/report/pseudonyms.js'
import { loadReport } from '../audit/report/render-report.js'
import { writeSample } from '../audit/sample/sample.js'
import { incidentsNamed, writeCsv, writeEvidence, writeReport } from './audit-files.js'
import { judgedLogFlags, type LogFlags, pricingOf, readingOf, shareOf } from './audit-flags.js'
import { createAuditProgress } from './audit-progress.js'
import { auditText } from './audit-text.js'
import { asUsage, CliFault, EXIT, usageFault } from './fault.js'
import { countOf } from './flag-values.js'
import { checkFolders, checkOutputs } from './outputs.js'
import { answer, type Terminal } from './terminal.js'
import { VERSION } from './version.js'

interface AuditFlags extends LogFlags {
  html?: boolean | string
  csv?: string
  evidence?: string[]
  evidenceDir: string
  pseudonymise?: boolean
  pseudonymKeyFile?: string
  failAbove?: number
  maxReplayed?: number
  sample?: boolean | string
  sampleMessages?: number
  seed?: number
}

const REPORT = 'tollgate-audit.html'
const SAMPLE_DIR = 'tollgate-sample'
/** A key that can be guessed makes the pseudonyms ones that can be undone. */
const LEAST_KEY_BYTES = 16

const collected = (id: string, before: string[] | undefined): string[] => [...(before ?? []), id]

export function addAudit(program: Command, terminal: Terminal): void {
  judgedLogFlags(program.command('audit'))
    .argument('[files...]', 'message logs: CSV, NDJSON, JSON or Parquet, also .gz, also globs')
    .description(
      'find what was pumped in the message logs you have, and what would have stopped it',
    )
    .option('--html <file>', `where the report goes (default: ./${REPORT})`)
    .option('--no-html', 'write no report')
    .option('--csv <dir>', 'write every table as CSV')
    .option(
      '--evidence <incident>',
      'messages of an incident for the carrier; repeatable',
      collected,
    )
    .option('--evidence-dir <dir>', 'where evidence goes', '.')
    .option('--pseudonymise', 'no number in any output; pseudonyms instead')
    .option('--pseudonym-key-file <file>', 'key of the pseudonyms (default: a new one each time)')
    .option(
      '--fail-above <share>',
      'exit code 3 when more of the bill is fraud, such as 5%',
      shareOf,
    )
    .option('--max-replayed <n>', 'messages that defences are tried on at most', countOf)
    .option('--sample [dir]', `audit a made-up year of a marketplace (written to ./${SAMPLE_DIR})`)
    .option('--sample-messages <n>', 'messages of the sample, about (default: 1000000)', countOf)
    .option('--seed <n>', 'seed of the sample (default: 1)', countOf)
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 no such incident, 2 a file that cannot be understood, 3 fraud above --fail-above.

Examples:
  $ tollgate audit messages.csv --markets NG,GH
  $ tollgate audit 'logs/2026-*.csv.gz' --outcomes verified.csv --html october.html
  $ tollgate audit export.csv --map to=recipient,at=created,price=cost
  $ tollgate audit messages.csv --evidence 2026-03-01-1 --no-html
  $ tollgate audit messages.csv --json --fail-above 5%
  $ tollgate audit --sample`,
    )
    .action((files: string[], _: unknown, command: Command) => run(files, command, terminal))
}

async function run(files: readonly string[], command: Command, terminal: Terminal): Promise<void> {
  const flags = command.optsWithGlobals<AuditFlags>()
  const at = (path: string): string => resolve(terminal.cwd, path)
  checkFlags(files, flags)
  const pseudonyms = pseudonymsOf(flags, at)
  const report = reportPath(flags)
  const logs = await withLogs(() => findFiles(files.map(at), 'logs'))
  const pricing = await pricingOf(flags, at)
  const { outcomes, prices, pseudonymKeyFile } = flags
  // names that a glob found are of where the process is
  const read = [...logs.map((log) => resolve(log)), outcomes, prices, pseudonymKeyFile]
  checkOutputs(
    { '--html': report },
    read.filter((path) => path !== undefined),
    terminal.cwd,
  )
  const { csv, evidence, evidenceDir } = flags
  checkFolders(
    { '--csv': csv, '--evidence-dir': evidence === undefined ? null : evidenceDir },
    terminal.cwd,
  )
  if (report !== null) await asUsage('the report (--no-html writes none): ', loadReport)
  const progress = createAuditProgress(terminal, () => performance.now())
  const input = flags.sample === undefined ? { files, ...flags } : await sample(flags, terminal)
  const found = await withLogs(() =>
    audit({
      ...readingOf(input),
      paths: input.files.map(at),
      ...(input.outcomes !== undefined && { outcomes: at(input.outcomes) }),
      markets: input.markets ?? [],
      ...pricing,
      ...(flags.maxReplayed !== undefined && { maxReplayed: flags.maxReplayed }),
      now: terminal.now(),
      tollgate: VERSION,
      ...(progress.tell !== undefined && { onProgress: progress.tell }),
    }),
  ).finally(progress.end)
  const audited =
    pseudonyms === null
      ? found
      : { ...found, result: pseudonymised(found.result, found.wholeNumbers, pseudonyms) }
  const written = await write(audited, { flags, report, pseudonyms, at, now: terminal.now() })
  if (flags.sample !== undefined) written.unshift(`sample in ${sampleDir(flags)}`)
  const { result } = audited
  answer(terminal, flags, jsonOfResult(result), () => auditText(result, written))
  failAbove(result.fraud.share, flags)
}

async function write(
  audited: Audited,
  to: {
    flags: AuditFlags
    report: string | null
    pseudonyms: Pseudonyms | null
    at: (path: string) => string
    now: number
  },
): Promise<string[]> {
  const { flags, report, pseudonyms, at, now } = to
  const incidents = incidentsNamed(audited, flags.evidence ?? [])
  const written: string[] = []
  if (report !== null) {
    await writeReport(audited, at(report), now)
    written.push(`report in ${report}`)
  }
  if (flags.csv !== undefined) {
    await writeCsv(audited, at(flags.csv))
    written.push(`tables in ${flags.csv}`)
  }
  for (const incident of incidents) {
    const dir = at(flags.evidenceDir)
    const file = await writeEvidence(audited, incident, { dir, pseudonyms })
    written.push(`evidence in ${join(flags.evidenceDir, file)}, with a letter beside it`)
  }
  return written
}

/** Written unless another kind of output was asked for. */
function reportPath({ html, json, csv, evidence }: AuditFlags): string | null {
  if (typeof html === 'string') return html
  const other = json === true || csv !== undefined || evidence !== undefined
  return html !== false && !other ? REPORT : null
}

function checkFlags(files: readonly string[], { sample, pseudonymKeyFile, ...flags }: AuditFlags) {
  if (files.length === 0 && sample === undefined)
    throw usageFault(
      'no log is named',
      'put files right after "audit", or try it out with "tollgate audit --sample"',
    )
  if (files.length > 0 && sample !== undefined)
    throw usageFault('--sample makes its own log', 'leave out either the files or --sample')
  if (pseudonymKeyFile !== undefined && flags.pseudonymise !== true)
    throw usageFault('--pseudonym-key-file is of use with --pseudonymise only', 'give both')
}

function pseudonymsOf(
  { pseudonymise, pseudonymKeyFile }: AuditFlags,
  at: (path: string) => string,
): Pseudonyms | null {
  if (pseudonymise !== true) return null
  if (pseudonymKeyFile === undefined) return createPseudonyms(randomBytes(32))
  const key = readKey(at(pseudonymKeyFile), pseudonymKeyFile)
  if (key.length >= LEAST_KEY_BYTES) return createPseudonyms(key)
  throw usageFault(
    `--pseudonym-key-file: ${pseudonymKeyFile} has ${key.length} bytes and needs ${LEAST_KEY_BYTES}`,
    `make one: head -c 32 /dev/urandom > ${pseudonymKeyFile}`,
  )
}

function readKey(path: string, name: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw usageFault(`--pseudonym-key-file: ${name} cannot be read`, 'check the path', cause)
  }
}

/** A log that no reader understands is a mistake of usage: its message says what was seen and what to pass. */
export async function withLogs<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && error.name === 'LogError')
      throw usageFault(error.message, undefined, error)
    throw error
  }
}

const sampleDir = ({ sample: dir }: AuditFlags): string =>
  typeof dir === 'string' ? dir : SAMPLE_DIR

async function sample(flags: AuditFlags, { cwd, progress }: Terminal) {
  const dir = resolve(cwd, sampleDir(flags))
  const { log, outcomes, markets } = await writeSample(dir, {
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.sampleMessages !== undefined && { messages: flags.sampleMessages }),
    ...(progress !== null && {
      onProgress: (done: number) =>
        progress(`writing the sample: ${done.toLocaleString('en')} messages`),
    }),
  })
  return { files: [log], outcomes, markets }
}

function failAbove(share: number, { failAbove, json }: AuditFlags): void {
  if (failAbove === undefined || share <= failAbove) return
  const percent = (x: number): string => `${Number((100 * x).toPrecision(3))} %`
  throw new CliFault(
    EXIT.exceeded,
    `${percent(share)} of the bill is fraud, more than ${percent(failAbove)}`,
    {
      told: json === true,
    },
  )
}
