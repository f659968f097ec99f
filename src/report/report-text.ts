import { usd } from '../engine/money.js'
import type { CountryOfDay, DailyReport, ReportedAlarm, ReportedIncident } from './daily.js'
import type { Figures, FiguresOf } from './figures.js'
import type { MonthlyReport } from './monthly.js'

/** A report for people who read text or letters: headings, sentences and tables. */
export interface ReportSection {
  title: string
  lines?: string[]
  table?: { head: string[]; rows: string[][] }
}
export interface ReportText {
  title: string
  sections: ReportSection[]
}

const count = (n: number): string => Math.round(n).toLocaleString('en-US')
const percent = (share: number | null): string =>
  share === null ? '–' : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`
const time = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** From so many times on, percents are harder to read than times. */
const TIMES_FROM = 10

/** +12 %, or what it was where there is nothing to compare with. */
export function changeOf(now: number, before: number): string {
  if (before === 0) return now === 0 ? 'unchanged' : 'none before'
  if (now >= TIMES_FROM * before) return `${count(Math.round(now / before))} times`
  const change = Math.round(100 * (now / before - 1))
  return change === 0 ? 'unchanged' : `${change > 0 ? '+' : '−'}${Math.abs(change)} %`
}

const NAMES: readonly (readonly [
  string,
  (figures: Figures) => number,
  (value: number) => string,
])[] = [
  ['Requests', ({ requests }) => requests, count],
  ['Messages sent', ({ sends }) => sends, count],
  ['Verified', ({ verified }) => verified, count],
  ['Spend', ({ spendMicroUsd }) => spendMicroUsd, usd],
  ['Wasted', ({ wastedMicroUsd }) => wastedMicroUsd, usd],
  ['Saved', ({ savedMicroUsd }) => savedMicroUsd, usd],
]

function totals(
  now: Figures,
  others: readonly (readonly [string, Figures | null])[],
): NonNullable<ReportSection['table']> {
  const compared = others.flatMap(([name, figures]) =>
    figures === null ? [] : [[name, figures] as const],
  )
  return {
    head: ['', 'Now', ...compared.map(([name]) => name)],
    rows: [
      ...NAMES.map(([name, of, text]) => [
        name,
        text(of(now)),
        ...compared.map(
          ([, figures]) => `${text(of(figures))} (${changeOf(of(now), of(figures))})`,
        ),
      ]),
      ['Conversion', percent(now.conversion), ...compared.map(([, f]) => percent(f.conversion))],
    ],
  }
}

const COLUMNS = {
  Requests: ({ requests }: Figures) => count(requests),
  Sent: ({ sends }: Figures) => count(sends),
  'Not delivered': ({ failed }: Figures) => count(failed),
  Verified: ({ conversion }: Figures) => percent(conversion),
  Spend: ({ spendMicroUsd }: Figures) => usd(spendMicroUsd),
  Wasted: ({ wastedMicroUsd }: Figures) => usd(wastedMicroUsd),
  Saved: ({ savedMicroUsd }: Figures) => usd(savedMicroUsd),
}
type Column = keyof typeof COLUMNS
const MONEY: readonly Column[] = ['Requests', 'Sent', 'Verified', 'Spend', 'Wasted', 'Saved']
/** Providers are known by what was sent: of what was refused they know nothing. */
const SENT: readonly Column[] = ['Sent', 'Not delivered', 'Verified', 'Spend', 'Wasted']

const moneyTable = (
  name: string,
  rows: readonly FiguresOf[],
  columns: readonly Column[] = MONEY,
): ReportSection['table'] => ({
  head: [name, ...columns],
  rows: rows.map((row) => [
    row.key === '' ? '(none)' : row.key,
    ...columns.map((column) => COLUMNS[column](row)),
  ]),
})

const countryTable = (rows: readonly CountryOfDay[]): ReportSection['table'] => ({
  head: ['Country', 'Requests', 'Share', 'User base', 'Verified', 'Spend', 'Wasted'],
  rows: rows.map((row) => [
    ...[row.country === '' ? '(none)' : row.country, count(row.requests), percent(row.share)],
    ...[percent(row.userBase), percent(row.conversion)],
    ...[usd(row.spendMicroUsd), usd(row.wastedMicroUsd)],
  ]),
})

const incidentLines = (incidents: readonly ReportedIncident[]): string[] =>
  incidents.length === 0
    ? ['None.']
    : incidents.map(
        ({ kind, service, countries, firstSendAt, state, lostMicroUsd, savedMicroUsd }) =>
          `${kind === 'attack' ? 'Attack' : 'Outage'} on ${service} (${countries.join(', ')}) since ${time(firstSendAt)}, ${state}: lost ${usd(lostMicroUsd)}, saved ${usd(savedMicroUsd)}.`,
      )

const alarmLines = (alarms: readonly ReportedAlarm[]): string[] =>
  alarms.length === 0
    ? ['None.']
    : alarms.map(({ severity, title, firedAt }) => `${time(firedAt)} [${severity}] ${title}`)

/** The daily report in words. Names no person: numbers and addresses stay in the console. */
export function dailyText(report: DailyReport): ReportText {
  const { date, timeZone, from, to } = report
  const quiet = report.totals.requests === 0
  return {
    title: `Tollgate: ${date}`,
    sections: [
      {
        title: 'The day',
        lines: [
          `${time(from)} to ${time(to)} (${date} in ${timeZone}).`,
          ...(quiet ? ['Nobody asked for a code.'] : []),
        ],
        table: totals(report.totals, [
          ['Day before', report.dayBefore],
          ['Same weekday, week before', report.weekBefore],
        ]),
      },
      { title: 'Incidents', lines: incidentLines(report.incidents) },
      { title: 'Alerts', lines: alarmLines(report.alarms) },
      ...listed('Countries', countryTable(report.countries.slice(0, 15))),
      ...listed('Ranges that asked most', moneyTable('Range', report.ranges)),
      ...listed('Networks that asked most', moneyTable('Network', report.networks)),
    ],
  }
}

/** The monthly report in words, for finance. */
export function monthlyText(report: MonthlyReport): ReportText {
  const { month, money } = report
  return {
    title: `Tollgate: ${month}`,
    sections: [
      {
        title: 'The month',
        lines: ['UTC, in US dollars.'],
        // of a month under way what is before it has fewer days than its totals
        table: totals(money.totals, money.soFar ? [] : [['Month before', money.before]]),
      },
      { title: 'Incidents', lines: incidentLines(report.incidents) },
      ...listed('Countries', moneyTable('Country', money.countries.slice(0, 30))),
      ...listed('Operators', moneyTable('Operator', money.operators.slice(0, 15))),
      ...listed('Providers', moneyTable('Provider', money.providers, SENT)),
    ],
  }
}

const listed = (title: string, table: ReportSection['table']): ReportSection[] =>
  table === undefined || table.rows.length === 0 ? [] : [{ title, table }]

/** As lines of plain text, columns aligned. */
export function plainLines({ sections }: ReportText): string[] {
  return sections.flatMap(({ title, lines = [], table }) => [
    title.toUpperCase(),
    ...lines,
    ...(table === undefined ? [] : aligned([table.head, ...table.rows])),
    '',
  ])
}

function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}
