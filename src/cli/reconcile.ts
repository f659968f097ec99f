import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { LogError } from '../audit/read/log-error.js'
import { readLogs } from '../audit/read/read-logs.js'
import { leftOutNotes } from '../audit/reconcile/left-out-notes.js'
import { readInvoice } from '../audit/reconcile/read-invoice.js'
import { reconcile } from '../audit/reconcile/reconcile.js'
import { reconcileCsv } from '../audit/reconcile/reconcile-csv.js'
import { findings, reconcileTables } from '../audit/reconcile/reconcile-text.js'
import type { Reconciliation } from '../audit/reconcile/reconciliation.js'
import { withLogs } from './audit.js'
import { writeTables } from './audit-files.js'
import { type LogFlags, logFlags, readingOf, shareOf } from './audit-flags.js'
import { createAuditProgress } from './audit-progress.js'
import { columns } from './columns.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { checkFolders } from './outputs.js'
import { answer, type Terminal } from './terminal.js'

interface ReconcileFlags extends LogFlags {
  invoiceMap?: string
  csv?: string
  failAbove?: number
}

export function addReconcile(program: Command, terminal: Terminal): void {
  logFlags(program.command('reconcile'))
    .argument('<invoice>', 'what was billed: messages one by one, or sums by period and country')
    .argument('<sendlog...>', 'what you sent: message logs, in any format that "audit" reads')
    .description('compare what the provider billed with what you sent')
    .option('--invoice-map <columns>', '--map of an invoice that lists messages')
    .option('--csv <dir>', 'write the tables as CSV')
    .option(
      '--fail-above <share>',
      'exit code 3 when more of the invoice was never sent or billed twice, such as 1%',
      shareOf,
    )
    .addHelpText(
      'after',
      `
An invoice of sums is CSV with columns period (2026-11 or 2026-11-03), country, messages and amount, and operator and
segments where it has them. Anything else is read as a list of messages.

Exit codes: 0 done, 2 a file that cannot be understood, 3 more in question than --fail-above allows.

Examples:
  $ tollgate reconcile invoice-2026-10.csv sent-2026-10.csv.gz
  $ tollgate reconcile usage.csv 'logs/2026-10-*.csv' --csv differences --fail-above 1%`,
    )
    .action((invoice: string, sendlog: string[], _: unknown, command: Command) =>
      run(invoice, sendlog, command, terminal),
    )
}

async function run(
  invoice: string,
  sendlog: readonly string[],
  command: Command,
  terminal: Terminal,
): Promise<void> {
  const flags = command.optsWithGlobals<ReconcileFlags>()
  checkFolders({ '--csv': flags.csv }, terminal.cwd)
  const result = await compare(invoice, sendlog, flags, terminal)
  if (flags.csv !== undefined)
    await writeTables(resolve(terminal.cwd, flags.csv), Object.entries(reconcileCsv(result)))
  answer(terminal, flags, result, () => [
    ...findings(result),
    ...reconcileTables(result).flatMap(({ title, columns: titles, rows }) => [
      '',
      title,
      ...columns(titles, rows),
    ]),
    ...(flags.csv === undefined ? [] : ['', `tables in ${flags.csv}`]),
  ])
  failAbove(result, flags)
}

async function compare(
  invoice: string,
  sendlog: readonly string[],
  flags: ReconcileFlags,
  terminal: Terminal,
): Promise<Reconciliation> {
  const at = (path: string): string => resolve(terminal.cwd, path)
  const { tell, end } = createAuditProgress(terminal, () => performance.now())
  const { map, ...reading } = readingOf(flags)
  const read = (paths: readonly string[], columns: string | undefined, keepDuplicates: boolean) =>
    readLogs({
      ...reading,
      keepDuplicates,
      ...(columns !== undefined && { map: columns }),
      paths: paths.map(at),
      now: terminal.now(),
      onProgress: ({ bytes, total, rows }) =>
        tell?.({ step: 'read', done: total === 0 ? 1 : bytes / total, rows, bytes }),
    })
  return withLogs(async () => {
    const path = at(invoice)
    if (flags.invoiceMap === undefined && !existsSync(path) && !/[*?{[]/.test(invoice))
      throw usageFault(`invoice: there is no file ${invoice}`, 'check the path')
    const sums =
      flags.invoiceMap === undefined && existsSync(path) ? readInvoice(path, invoice) : null
    const billed =
      sums === null
        ? await read([invoice], flags.invoiceMap, true).catch(ofInvoice)
        : { log: sums, skipped: [] }
    const { log } = await read(sendlog, map, false)
    const result = reconcile(billed.log, log)
    result.notes.push(...leftOutNotes(billed.skipped))
    return result
  }).finally(end)
}

/** The readers of logs speak of the flag that logs have. */
function ofInvoice(error: unknown): never {
  if (!(error instanceof LogError)) throw error
  throw new LogError(error.message.replaceAll('--map', '--invoice-map'), { cause: error })
}

function failAbove(
  { billed, neverSent, billedTwice }: Reconciliation,
  { failAbove, json }: ReconcileFlags,
): void {
  const share = billed.money > 0 ? (neverSent.money + billedTwice.money) / billed.money : 0
  if (failAbove === undefined || share <= failAbove) return
  const percent = (x: number): string => `${Number((100 * x).toPrecision(3))} %`
  throw new CliFault(
    EXIT.exceeded,
    `${percent(share)} of the invoice was never sent or billed twice, more than ${percent(failAbove)}`,
    { told: json === true },
  )
}
