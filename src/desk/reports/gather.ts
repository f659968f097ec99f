import type { Incident } from '../../engine/detect/change.js'
import { DAY, HOUR } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { Dimension, TallyName } from '../../ledger/console-port.js'
import type { Ledger } from '../../ledger/port.js'
import {
  type DailyReport,
  type DailySources,
  dailyReport,
  type ReportedAlarm,
  type ReportedIncident,
  rowOf,
} from '../../report/daily.js'
import type { AskedMost, FiguresOf } from '../../report/figures.js'
import { type MoneyOfMonth, moneyOfMonth } from '../../report/money.js'
import { type MonthlyReport, monthlyReport } from '../../report/monthly.js'
import { sumOf } from '../../report/tally.js'
import type { KeptAlarm } from '../alert/alarm-book.js'
import { dateAfter, localDay, monthOf, monthSpan } from './local-day.js'
import { mostAsked } from './most-asked.js'

/** What reports are made from: a ledger, of a running gateway or beside one. */
export type ReportStore = Ledger

const TOP = 10
const MOST_COUNTRIES = 300
const MOST_OPERATORS = 200
const USER_BASE_DAYS = 30
const MOST_INCIDENTS = 200

interface Span {
  from: number
  to: number
}

/** @param most what was asked for most; from the roll-ups when absent, which forget what is seldom seen in an hour */
export async function gatherDaily(
  ledger: ReportStore,
  { date, timeZone, now }: { date: string; timeZone: string; now: number },
  most?: Pick<DailyReport, 'ranges' | 'networks'>,
): Promise<DailyReport> {
  const span = localDay(timeZone, date)
  const hours = (of: Span) => ledger.series({ period: 'hour', dimension: 'all', ...of })
  // a day that is not over is compared with the same hours of the others
  const gone = Math.min(span.to, Math.ceil(now / HOUR) * HOUR) - span.from
  const asMuchOf = ({ from, to }: Span): Span => ({ from, to: Math.min(to, from + gone) })
  const top = (dimension: Dimension, by: TallyName, limit: number) =>
    ledger.top({ period: 'hour', dimension, ...span }, by, limit)
  // by the hour: days of ranges and networks have no hour that is not over
  const finest = async (dimension: Dimension) => (await top(dimension, 'requests', TOP)).map(rowOf)
  const today = Math.floor(span.from / DAY) * DAY
  const [ofDay, before, weekBefore, countries, userBase, ranges, networks, incidents, alarms] =
    await Promise.all([
      hours(span),
      hours(asMuchOf(localDay(timeZone, dateAfter(date, -1)))),
      hours(asMuchOf(localDay(timeZone, dateAfter(date, -7)))),
      top('country', 'requests', MOST_COUNTRIES),
      ledger.top(
        {
          ...{ period: 'day', dimension: 'country' },
          from: today - USER_BASE_DAYS * DAY,
          to: today,
        },
        'verified',
        MOST_COUNTRIES,
      ),
      most?.ranges ?? finest('block'),
      most?.networks ?? finest('network'),
      incidentsIn(ledger, span),
      alarmsIn(ledger, span),
    ])
  return dailyReport({
    ...{ date, timeZone, ...span, now, hours: ofDay, before, weekBefore, countries, userBase },
    ...{ ranges, networks, incidents: incidents.map(reported), alarms },
  })
}

/** A day that is over, from its requests. `sources` name people: nobody keeps them longer than the requests. */
export async function gatherWholeDay(
  ledger: ReportStore,
  of: { date: string; timeZone: string; now: number },
): Promise<{ report: DailyReport; sources: DailySources }> {
  const most = await mostAsked(ledger, localDay(of.timeZone, of.date), TOP)
  const { numbers, ips, approximate } = most
  const [ranges, networks] = await Promise.all([
    withSaving(ledger, of, 'block', most.ranges),
    withSaving(ledger, of, 'network', most.networks),
  ])
  const report = await gatherDaily(ledger, of, { ranges, networks })
  return { report, sources: { numbers, ips, approximate } }
}

/**
 * What refusing saved, which hangs on what came after a request: counted by the roll-ups, and by them alone. They
 * leave out hours in which a range or network was seldom seen.
 */
async function withSaving(
  ledger: ReportStore,
  { date, timeZone }: { date: string; timeZone: string },
  dimension: Dimension,
  rows: readonly AskedMost[],
): Promise<FiguresOf[]> {
  if (rows.length === 0) return []
  const span = localDay(timeZone, date)
  const keys = [...new Set(rows.map(({ key }) => key))]
  const sums = await ledger.series({ period: 'hour', dimension, ...span, keys })
  return rows.map((row) => {
    const { savedMicroUsd, wouldSaveMicroUsd, refusedNumbers } = sumOf(
      sums.filter(({ key }) => key === row.key),
    )
    return { ...row, savedMicroUsd, wouldSaveMicroUsd, refusedNumbers }
  })
}

export async function gatherMoney(
  ledger: ReportStore,
  { month, now }: { month: string; now: number },
): Promise<MoneyOfMonth> {
  const span = monthSpan(month)
  const days = (of: Span) => ledger.series({ period: 'day', dimension: 'all', ...of })
  const top = (dimension: Dimension, limit: number) =>
    ledger.top({ period: 'day', dimension, ...span }, 'spendMicroUsd', limit)
  const [ofMonth, before, countries, operators, providers, incidents] = await Promise.all([
    days(span),
    days(monthSpan(monthOf(span.from, -1))),
    top('country', MOST_COUNTRIES),
    top('operator', MOST_OPERATORS),
    top('provider', 50),
    incidentsIn(ledger, span),
  ])
  return moneyOfMonth({
    ...{ month, ...span, now, days: ofMonth, before, countries, operators, providers },
    peopleRefused: incidents.reduce((sum, { falsePositives }) => sum + falsePositives, 0),
  })
}

export async function gatherMonthly(
  ledger: ReportStore,
  { month, now }: { month: string; now: number },
): Promise<MonthlyReport> {
  const [money, incidents] = await Promise.all([
    gatherMoney(ledger, { month, now }),
    incidentsIn(ledger, monthSpan(month)),
  ])
  return monthlyReport(money, incidents.map(reported), now)
}

const reported = (incident: Incident): ReportedIncident => {
  const { id, kind, state, service, countries, firstSendAt, openedAt, containedAt, closedAt } =
    incident
  const { lostMicroUsd, savedMicroUsd } = incident
  return {
    ...{ id, kind, state, service, countries: countries.slice(0, 20), firstSendAt, openedAt },
    ...{ containedAt, closedAt, lostMicroUsd, savedMicroUsd },
  }
}

/** Incidents that were going on in a span, newest first. */
async function incidentsIn(ledger: ReportStore, { from, to }: Span): Promise<Incident[]> {
  const kept = collection<Incident>(ledger, 'incident')
  // those that opened before it and lasted into it too: none lasts for months
  const rows = await kept.list({ from: from - 31 * DAY, to, limit: MOST_INCIDENTS })
  return rows
    .map(({ value }) => value)
    .filter(({ closedAt }) => closedAt === null || closedAt >= from)
}

/** Alerts that fired in a span, newest first. */
async function alarmsIn(ledger: ReportStore, { from, to }: Span): Promise<ReportedAlarm[]> {
  const kept = collection<KeptAlarm>(ledger, 'alert')
  return (await kept.list({ from, to, limit: MOST_INCIDENTS })).map(({ value: { alarm } }) => {
    const { rule, severity, title, firedAt, resolvedAt } = alarm
    return { rule, severity, title, firedAt, resolvedAt }
  })
}
