import { DAY } from '../engine/units.js'

/** Whole UTC days that are looked back at: eight of each weekday. */
export const HISTORY_DAYS = 56
/** Days below which nothing is forecast, and of a weekday below which the mean of all days stands for it. */
const LEAST_DAYS = 7
const LEAST_SAME = 2

export interface DaySpend {
  /** its UTC midnight, Unix ms */
  at: number
  microUsd: number
}

/** Micro-USD; `low` and `high` hold the sum in 95 of 100 cases. */
export interface Forecast {
  likely: number
  low: number
  high: number
  /** whole days it was learned from */
  days: number
}

/** A day that is forecast, and the share of it that is still to come, 0 to 1. */
export interface DayAhead {
  at: number
  share: number
}

const weekdayOf = (at: number): number => new Date(at).getUTCDay()

/**
 * Spend of days to come: of each the mean of the same weekday so far (of all days while the weekday was seen less than
 * twice). The interval is Student's t for a sum of new days, with the residual variance s² of days about their weekday's
 * mean and the doubt about those means: s² (Σ share² + Σ over weekdays (Σ share)² / n).
 *
 * @param history whole days, any order; days before the first spend do not count, days without spend after it do
 * @returns `null` while less than seven days are known
 */
export function forecastSpend(
  history: readonly DaySpend[],
  ahead: readonly DayAhead[],
): Forecast | null {
  const first = history.reduce(
    (least, { at, microUsd }) => (microUsd > 0 ? Math.min(least, at) : least),
    Number.POSITIVE_INFINITY,
  )
  const days = history.filter(({ at }) => at >= first)
  if (days.length < LEAST_DAYS) return null

  const byWeekday = new Map<number, number[]>()
  for (const { at, microUsd } of days) {
    const day = weekdayOf(at)
    byWeekday.set(day, [...(byWeekday.get(day) ?? []), microUsd])
  }
  /** weekdays seen often enough stand for themselves; the others share a group of all days */
  const groupOf = (at: number): number => {
    const day = weekdayOf(at)
    return (byWeekday.get(day)?.length ?? 0) >= LEAST_SAME ? day : ALL_DAYS
  }
  const membersOf = (group: number): number[] =>
    group === ALL_DAYS ? days.map(({ microUsd }) => microUsd) : (byWeekday.get(group) ?? [])
  const means = new Map<number, number>()
  const meanOf = (group: number): number => {
    const known = means.get(group)
    if (known !== undefined) return known
    const mean = meanOfAll(membersOf(group))
    means.set(group, mean)
    return mean
  }

  let squares = 0
  for (const { at, microUsd } of days) squares += (microUsd - meanOf(groupOf(at))) ** 2
  const groups = new Set(days.map(({ at }) => groupOf(at))).size
  const freedom = days.length - groups
  const variance = freedom > 0 ? squares / freedom : 0

  let likely = 0
  let own = 0
  const shares = new Map<number, number>()
  for (const { at, share } of ahead) {
    const group = groupOf(at)
    likely += share * meanOf(group)
    own += share ** 2
    shares.set(group, (shares.get(group) ?? 0) + share)
  }
  let doubt = 0
  for (const [group, share] of shares) doubt += share ** 2 / membersOf(group).length
  const half = studentT(Math.max(1, freedom)) * Math.sqrt(variance * (own + doubt))
  return { likely, low: Math.max(0, likely - half), high: likely + half, days: days.length }
}

const ALL_DAYS = -1
const meanOfAll = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length

/** 97.5 % quantiles of Student's t with one and two degrees of freedom, which the expansion misses. */
const FEW = [Number.POSITIVE_INFINITY, 12.706, 4.303] as const

/** 97.5 % quantile of Student's t: Cornish-Fisher expansion about the normal (Abramowitz and Stegun 26.7.5). */
function studentT(freedom: number): number {
  const few = FEW[freedom]
  if (few !== undefined) return few
  const z = 1.959964
  const z3 = z ** 3
  const z5 = z ** 5
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  )
}

/** The rest of today and the days after it, up to `end`. @param now Unix ms @param end a UTC midnight */
export function daysAhead(now: number, end: number): DayAhead[] {
  const today = Math.floor(now / DAY) * DAY
  const ahead = [{ at: today, share: (today + DAY - now) / DAY }]
  for (let at = today + DAY; at < end; at += DAY) ahead.push({ at, share: 1 })
  return ahead
}
