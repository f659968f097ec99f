import type { CapPeriod } from './policy.js'
import { DAY, HOUR } from './units.js'

/** Number of the UTC hour, day or month that holds `now`. Spend caps follow the calendar finance follows. */
export function periodNumber(period: CapPeriod, now: number): number {
  if (period === 'hour') return Math.floor(now / HOUR)
  if (period === 'day') return Math.floor(now / DAY)
  const date = new Date(now)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** First ms of the next UTC hour, day or month. */
export function periodEnd(period: CapPeriod, now: number): number {
  if (period === 'hour') return (Math.floor(now / HOUR) + 1) * HOUR
  if (period === 'day') return (Math.floor(now / DAY) + 1) * DAY
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** Longest length of a period, ms: what a cap "per month" is shown with. */
export const PERIOD_MS: Record<CapPeriod, number> = { hour: HOUR, day: DAY, month: 31 * DAY }
