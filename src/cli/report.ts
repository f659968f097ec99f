import type { Command } from 'commander'
import { gatherMonthly, gatherWholeDay, type ReportStore } from '../desk/reports/gather.js'
import { dateAfter, dateOf, localDay, monthOf, monthSpan } from '../desk/reports/local-day.js'
import {
  dailyId,
  type KeptReport,
  monthlyId,
  type ReportSettings,
} from '../desk/reports/reports.js'
import { maskNumber } from '../engine/mask.js'
import { collection } from '../ledger/collection.js'
import { KEPT_MS } from '../ledger/tally-time.js'
import type { DailySources } from '../report/daily.js'
import { dailyText, monthlyText, plainLines, type ReportText } from '../report/report-text.js'
import { configFlags, configOf } from './config-flags.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** `tollgate report`: the daily and monthly reports, from the ledger itself, also beside a running gateway. */
export function addReport(program: Command, terminal: Terminal): void {
  const report = program.command('report').description('the report of a day or a month')

  configFlags(report.command('daily'))
    .description('what was sent, verified, wasted and saved in a day, and who asked most')
    .option('--date <date>', 'YYYY-MM-DD (default: the last whole day)')
    .option('--timezone <zone>', 'IANA name (default: that of the console, else UTC)')
    .option('--full-numbers', 'show phone numbers as the ledger keeps them')
    .addHelpText(
      'after',
      `
Examples:
  $ tollgate report daily
  $ tollgate report daily --date 2026-11-20 --json`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & DailyFlags>()
      const made = await withReports(command, terminal, (ledger) =>
        daily(ledger, flags, terminal.now()),
      )
      const { report: of, sources } = made
      const shown = flags.fullNumbers === true || sources === null ? sources : masked(sources)
      answer(terminal, flags, { report: of, sources: shown }, () => [
        ...written(dailyText(of)),
        ...(shown === null ? [] : sourceLines(shown)),
      ])
    })

  configFlags(report.command('monthly'))
    .description('the money of a month, for finance')
    .option('--month <month>', 'YYYY-MM, UTC (default: the last whole month)')
    .addHelpText(
      'after',
      `
Examples:
  $ tollgate report monthly
  $ tollgate report monthly --month 2026-10 --json`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { month?: string }>()
      const now = terminal.now()
      const month = flags.month ?? monthOf(now, -1)
      if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(month))
        throw usageFault(`--month: ${month} is no month`, 'write it like 2026-10')
      if (monthSpan(month).from > now) throw usageFault(`--month: ${month} has not begun`)
      const made = await withReports(command, terminal, async (ledger) => {
        const kept = await collection<KeptReport>(ledger, 'report').get(monthlyId(month))
        return kept?.value.kind === 'monthly'
          ? kept.value.report
          : gatherMonthly(ledger, { month, now })
      })
      answer(terminal, flags, made, () => written(monthlyText(made)))
    })
}

interface DailyFlags {
  date?: string
  timezone?: string
  fullNumbers?: boolean
}

const withReports = <T>(
  command: Command,
  terminal: Terminal,
  work: (ledger: ReportStore) => Promise<T>,
): Promise<T> => withLedger(configOf(command, terminal), terminal, { mustExist: true }, work)

async function daily(ledger: ReportStore, flags: DailyFlags, now: number) {
  const settings = await collection<ReportSettings>(ledger, 'report-settings').get('only')
  const timeZone = flags.timezone ?? settings?.value.timeZone ?? 'UTC'
  const date = flags.date ?? dateAfter(today(timeZone, now), -1)
  if (!/^20\d\d-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(`${date}T00:00:00Z`)))
    throw usageFault(`--date: ${date} is no date`, 'write it like 2026-11-20')
  const { from } = localDay(timeZone, date)
  if (from > now) throw usageFault(`--date: ${date} has not begun`)
  const kept = (await collection<KeptReport>(ledger, 'report').get(dailyId(date)))?.value
  if (kept?.kind === 'daily' && kept.report.timeZone === timeZone) {
    const sources = await collection<DailySources>(ledger, 'report-sources').get(dailyId(date))
    const alive = sources !== null && (sources.expiresAt === null || sources.expiresAt > now)
    return { report: kept.report, sources: alive ? sources.value : null }
  }
  if (from < now - KEPT_MS.hour)
    throw new CliFault(EXIT.refused, `there is no report of ${date}`, {
      mend: 'days without traffic have none, and hours are kept for 14 days to make one',
    })
  return gatherWholeDay(ledger, { date, timeZone, now })
}

function today(timeZone: string, now: number): string {
  try {
    return dateOf(timeZone, now)
  } catch (cause) {
    throw usageFault(
      `--timezone: there is no time zone ${timeZone}`,
      'give an IANA name such as Africa/Lagos',
      cause,
    )
  }
}

const masked = (sources: DailySources): DailySources => ({
  ...sources,
  numbers: sources.numbers.map((row) => ({ ...row, key: maskNumber(row.key) })),
})

const written = (text: ReportText): string[] => [text.title, '', ...plainLines(text)]

const sourceLines = ({ numbers, ips }: DailySources): string[] => {
  const lines = (rows: DailySources['ips']): string[] =>
    rows.map(({ key, requests, sends, verified }) =>
      [key.padEnd(40), `${requests} requests`, `${sends} sent`, `${verified} verified`].join('  '),
    )
  return [
    'NUMBERS THAT WERE ASKED FOR MOST',
    ...lines(numbers),
    '',
    'ADDRESSES THAT ASKED MOST',
    ...lines(ips),
  ]
}
