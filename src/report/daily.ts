import type { RollupPoint, RollupSum, Tally } from '../ledger/console-port.js'
import { type AskedMost, type Figures, type FiguresOf, figuresOf } from './figures.js'
import { sumOf } from './tally.js'

/** An incident as reports list it. */
export interface ReportedIncident {
  id: string
  kind: 'attack' | 'outage'
  state: 'open' | 'contained' | 'closed'
  service: string
  countries: string[]
  /** Unix ms */
  firstSendAt: number
  openedAt: number
  containedAt: number | null
  closedAt: number | null
  lostMicroUsd: number
  savedMicroUsd: number
}

/** An alert as reports list it. */
export interface ReportedAlarm {
  rule: string
  severity: string
  title: string
  firedAt: number
  resolvedAt: number | null
}

export interface CountryOfDay extends Figures {
  country: string
  /** share of the day's requests, 0 to 1 */
  share: number
  /** its share of what was verified in the 30 days before; `null` while nothing was */
  userBase: number | null
}

export interface DailyReport {
  /** YYYY-MM-DD in the time zone */
  date: string
  timeZone: string
  /** Unix ms; whole hours of UTC */
  from: number
  to: number
  madeAt: number
  totals: Figures
  dayBefore: Figures | null
  /** the same weekday of the week before */
  weekBefore: Figures | null
  hours: { at: number; requests: number; sends: number; verified: number }[]
  countries: CountryOfDay[]
  ranges: FiguresOf[]
  networks: FiguresOf[]
  incidents: ReportedIncident[]
  alarms: ReportedAlarm[]
}

/** The ten that asked most. They name people: kept apart, and no longer than the requests themselves. */
export interface DailySources {
  numbers: AskedMost[]
  ips: AskedMost[]
  /** more numbers than could be counted: small ones may be missing */
  approximate: boolean
}

export interface DailyInput {
  date: string
  timeZone: string
  from: number
  to: number
  now: number
  hours: readonly RollupPoint[]
  before: readonly Tally[]
  weekBefore: readonly Tally[]
  countries: readonly RollupSum[]
  /** by country, 30 days before */
  userBase: readonly Pick<RollupSum, 'key' | 'verified'>[]
  ranges: readonly FiguresOf[]
  networks: readonly FiguresOf[]
  incidents: readonly ReportedIncident[]
  alarms: readonly ReportedAlarm[]
}

const HOUR = 3_600_000
const MOST_COUNTRIES = 40
const MOST_LISTED = 50

export const rowOf = (sum: RollupSum): FiguresOf => ({
  key: sum.key,
  parent: sum.parent,
  ...figuresOf(sum),
})

/** The day before, put together from the roll-ups. */
export function dailyReport(input: DailyInput): DailyReport {
  const { date, timeZone, from, to, now, hours, countries, userBase } = input
  const totals = figuresOf(sumOf(hours))
  const base = userBase.reduce((sum, { verified }) => sum + verified, 0)
  const usual = new Map(userBase.map(({ key, verified }) => [key, verified]))
  const against = (rows: readonly Tally[]): Figures | null =>
    rows.length === 0 ? null : figuresOf(sumOf(rows))
  const byHour = new Map<number, RollupPoint[]>()
  for (const point of hours) byHour.set(point.at, [...(byHour.get(point.at) ?? []), point])
  return {
    ...{ date, timeZone, from, to, madeAt: now, totals },
    dayBefore: against(input.before),
    weekBefore: against(input.weekBefore),
    hours: Array.from({ length: Math.round((to - from) / HOUR) }, (_, i) => {
      const at = from + i * HOUR
      const { requests, sends, verified } = sumOf(byHour.get(at) ?? [])
      return { at, requests, sends, verified }
    }),
    countries: countries.slice(0, MOST_COUNTRIES).map((sum) => ({
      country: sum.key,
      ...figuresOf(sum),
      share: totals.requests > 0 ? sum.requests / totals.requests : 0,
      userBase: base > 0 ? (usual.get(sum.key) ?? 0) / base : null,
    })),
    ranges: [...input.ranges],
    networks: [...input.networks],
    incidents: input.incidents.slice(0, MOST_LISTED),
    alarms: input.alarms.slice(0, MOST_LISTED),
  }
}
