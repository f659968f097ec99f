import { DAY } from '../../engine/units.js'
import { daysAhead, type Forecast, forecastSpend, HISTORY_DAYS } from '../../report/forecast.js'
import { sumOf } from '../../report/tally.js'
import { wholeDays } from '../alert/observe.js'
import type { ReportStore } from './gather.js'
import { monthOf, monthSpan } from './local-day.js'

/** Months that can be looked back at. */
const MONTHS = 24

/** Spend of the current UTC month at its end: what was spent so far and what is forecast. `null` before a week is known. */
export async function forecastOfMonth(
  ledger: Pick<ReportStore, 'series'>,
  now: number,
): Promise<Forecast | null> {
  const { from, to } = monthSpan(monthOf(now))
  const today = Math.floor(now / DAY) * DAY
  const first = Math.min(from, today - HISTORY_DAYS * DAY)
  const days = await ledger.series({ period: 'day', dimension: 'all', from: first, to: now })
  const spent = sumOf(days.filter(({ at }) => at >= from)).spendMicroUsd
  const history = wholeDays(
    days.filter(({ at }) => at < today),
    today,
  )
  const rest = forecastSpend(history, daysAhead(now, to))
  if (rest === null) return null
  const { likely, low, high } = rest
  return { ...rest, likely: spent + likely, low: spent + low, high: spent + high }
}

/** YYYY-MM, newest first. */
export async function monthsWithTraffic(
  ledger: Pick<ReportStore, 'series'>,
  now: number,
): Promise<string[]> {
  const { from } = monthSpan(monthOf(now, -MONTHS))
  const days = await ledger.series({ period: 'day', dimension: 'all', from, to: now })
  const months = days.filter(({ requests }) => requests > 0).map(({ at }) => monthOf(at))
  return [...new Set(months)].sort().reverse()
}
