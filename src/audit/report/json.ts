import type { AuditResult } from '../audit-result.js'
import { leftOut } from './left-out.js'

/**
 * The result as `--json` prints it: what a monthly job asks for are plain numbers, `skipped` rows and the `money` of an
 * incident; `trend` is by day. Money in the log's currency; `low` and `high` are ends of 90 % intervals.
 */
export function jsonOfResult({ skipped, trend, incidents, ...result }: AuditResult) {
  return {
    ...result,
    skipped: leftOut(skipped),
    skippedRows: skipped,
    trend: trend.day,
    trendWeekly: trend.week,
    trendMonthly: trend.month,
    trendSentence: trend.sentence,
    incidents: incidents.map(({ money, ...incident }) => ({
      ...incident,
      money: money.value,
      moneyLow: money.low,
      moneyHigh: money.high,
    })),
  }
}
