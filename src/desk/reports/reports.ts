import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { collection, type Kept } from '../../ledger/collection.js'
import type { DailyReport, DailySources } from '../../report/daily.js'
import type { MonthlyReport } from '../../report/monthly.js'
import { reportHtml } from '../../report/report-html.js'
import { dailyText, monthlyText, plainLines } from '../../report/report-text.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { ReportNotice } from '../alert/finding.js'
import type { DeskParts } from '../parts.js'
import { gatherDaily, gatherMoney, gatherMonthly, gatherWholeDay } from './gather.js'
import { dateAfter, dateOf, localDay, monthOf, monthSpan } from './local-day.js'

export type KeptReport =
  | { kind: 'daily'; report: DailyReport; told: boolean }
  | { kind: 'monthly'; report: MonthlyReport; told: boolean }

export interface ReportSettings {
  /** IANA name: days of daily reports begin at its midnight */
  timeZone: string
}

/** Codes that went out before midnight may still come back: reports are made so long after it, ms. */
const SETTLE_MS = HOUR
/** Days and months that are made up for after the gateway was down. */
const CATCH_UP_DAYS = 7
const CATCH_UP_MONTHS = 2
const CHECK_MS = MINUTE
const KEPT_MS = 400 * DAY
/** Letters hold this many lines; the whole is a link away. */
const MOST_LINES = 200

export const dailyId = (date: string): string => `daily-${date}`
export const monthlyId = (month: string): string => `monthly-${month}`

/** Daily and monthly reports: made once, kept, told to the sinks that want them. */
export function createReports(parts: DeskParts) {
  const { ledger, clock, live, deployment } = parts
  const kept = collection<KeptReport>(ledger, 'report')
  const sources = collection<DailySources>(ledger, 'report-sources')
  const settings = collection<ReportSettings>(ledger, 'report-settings')
  let tell: (notice: ReportNotice) => Promise<void> = async () => undefined

  const timeZone = async (): Promise<string> =>
    (await settings.get('only'))?.value.timeZone ?? 'UTC'

  async function makeDaily(date: string, zone: string): Promise<void> {
    const now = clock()
    const { report, sources: people } = await gatherWholeDay(ledger, { date, timeZone: zone, now })
    const expiresAt = report.to + deployment.retention.requestsMs
    if (expiresAt > now)
      await sources.put({ id: dailyId(date), at: report.from, expiresAt, value: people })
    await keep(dailyId(date), report.from, { kind: 'daily', report, told: false })
  }

  async function keep(id: string, at: number, value: KeptReport): Promise<void> {
    await kept.put({ id, at, parent: value.kind, expiresAt: at + KEPT_MS, value }, 0)
    live.emit('report', { id })
  }

  /** Reports that are due and not there. Days without traffic have none. */
  async function makeDue(): Promise<void> {
    const now = clock()
    const zone = await timeZone()
    const today = dateOf(zone, now)
    const first = localDay(zone, dateAfter(today, -CATCH_UP_DAYS)).from
    const hours = await ledger.series({ period: 'hour', dimension: 'all', from: first, to: now })
    for (let back = CATCH_UP_DAYS; back >= 1; back--) {
      const date = dateAfter(today, -back)
      const { from, to } = localDay(zone, date)
      const traffic = hours.some(({ at, requests }) => requests > 0 && at >= from && at < to)
      if (!traffic || now < to + SETTLE_MS || (await kept.get(dailyId(date))) !== null) continue
      await makeDaily(date, zone)
    }
    for (let back = CATCH_UP_MONTHS; back >= 1; back--) {
      const month = monthOf(now, -back)
      const { from, to } = monthSpan(month)
      if (now < to + SETTLE_MS || (await kept.get(monthlyId(month))) !== null) continue
      const days = await ledger.series({ period: 'day', dimension: 'all', from, to })
      if (!days.some(({ requests }) => requests > 0)) continue
      const report = await gatherMonthly(ledger, { month, now })
      await keep(monthlyId(month), from, { kind: 'monthly', report, told: false })
    }
  }

  /** What was made and not told yet: a crash in between tells it on the next start. */
  async function tellMade(): Promise<void> {
    for (const parent of ['daily', 'monthly'] as const) {
      const made = await kept.list({ parent, limit: CATCH_UP_DAYS + 1 })
      for (const row of made.reverse()) {
        if (row.value.told) continue
        await tell(noticeOf(row))
        await kept.update(row.id, (value) => ({ ...value, told: true }))
      }
    }
  }

  const jobs: UpkeepJob[] = [
    {
      everyMs: CHECK_MS,
      async run() {
        await makeDue()
        await tellMade()
      },
    },
  ]

  return {
    jobs,
    /** Where made reports are told. */
    told(by: (notice: ReportNotice) => Promise<void>): void {
      tell = by
    },
    run: () => makeDue().then(tellMade),
    list: (filter: {
      kind?: 'daily' | 'monthly'
      limit: number
      before?: { at: number; id: string }
    }) => {
      const { kind, ...rest } = filter
      return kept.list({ ...rest, ...(kind !== undefined && { parent: kind }) })
    },
    get: async (id: string): Promise<Kept<KeptReport> | null> => kept.get(id),
    /** Numbers and addresses of a day; `null` once they are as old as requests are kept. */
    sourcesOf: async (date: string): Promise<DailySources | null> => {
      const row = await sources.get(dailyId(date))
      if (row === null || (row.expiresAt !== null && row.expiresAt <= clock())) return null
      return row.value
    },
    money: (month: string) => gatherMoney(ledger, { month, now: clock() }),
    /** The day as it stands, or one that is over and was not kept. */
    async preview(date: string): Promise<DailyReport> {
      return gatherDaily(ledger, { date, timeZone: await timeZone(), now: clock() })
    },
    async htmlOf({ kind, of, page }: ReportNotice): Promise<string | null> {
      const row = await kept.get(kind === 'daily' ? dailyId(of) : monthlyId(of))
      if (row === null) return null
      const { publicUrl } = deployment
      return reportHtml(textOf(row.value), publicUrl === null ? null : `${publicUrl}${page}`)
    },
    timeZone,
    async setTimeZone(zone: string): Promise<void> {
      await settings.put({ id: 'only', at: clock(), value: { timeZone: zone } })
    },
  }
}

const textOf = (value: KeptReport) =>
  value.kind === 'daily' ? dailyText(value.report) : monthlyText(value.report)

function noticeOf({ id, value }: Kept<KeptReport>): ReportNotice {
  const text = textOf(value)
  return {
    type: 'report',
    kind: value.kind,
    at: value.report.madeAt,
    of: value.kind === 'daily' ? value.report.date : value.report.month,
    title: text.title,
    lines: plainLines(text).slice(0, MOST_LINES),
    page: `/reports/${id}`,
  }
}

export type Reports = ReturnType<typeof createReports>
