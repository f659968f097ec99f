import type { ReportedIncident } from './daily.js'
import type { MoneyOfMonth } from './money.js'

/** The month for finance: its money, and the incidents that explain it. */
export interface MonthlyReport {
  /** YYYY-MM, UTC as spend caps are */
  month: string
  madeAt: number
  money: MoneyOfMonth
  incidents: ReportedIncident[]
}

const MOST_COUNTRIES = 60
const MOST_OPERATORS = 40

/** @param now Unix ms */
export const monthlyReport = (
  money: MoneyOfMonth,
  incidents: readonly ReportedIncident[],
  now: number,
): MonthlyReport => ({
  month: money.month,
  madeAt: now,
  money: {
    ...money,
    countries: money.countries.slice(0, MOST_COUNTRIES),
    operators: money.operators.slice(0, MOST_OPERATORS),
  },
  incidents: incidents.slice(0, 50),
})
