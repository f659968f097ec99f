import { DAY } from '../../engine/units.js'
import type { RangeFinding } from '../audit-result.js'
import type { Survey } from '../defences/survey.js'
import { operatorText } from './figures.js'
import { rangeFinder } from './find-range.js'

/** Money to the ranges with most fraud over time. */
export interface Heat {
  step: 'day' | 'week' | 'month'
  /** first day of each, `YYYY-MM-DD` */
  columns: string[]
  rows: { key: string; label: string; fraud: number; cells: Float64Array }[]
}

/** Ranges shown. */
const MOST_ROWS = 24
/** Columns that can still be told apart on a desktop. */
const MOST_COLUMNS = 130

const label = ({ key, level, country, operator }: RangeFinding): string =>
  level === 'country' || level === 'operator'
    ? key
    : `${key} ${operator === '' ? country : operatorText(operator)}`

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Days, else weeks from Monday, else months: as fine as there is room. */
function columnsOf(from: number, to: number) {
  const days = Math.floor(to / DAY) - Math.floor(from / DAY) + 1
  if (days <= MOST_COLUMNS)
    return { step: 'day' as const, index: (at: number) => Math.floor(at / DAY) }
  // 1 January 1970 was a Thursday
  const week = (at: number): number => Math.floor((Math.floor(at / DAY) + 3) / 7)
  if (week(to) - week(from) < MOST_COLUMNS) return { step: 'week' as const, index: week }
  const month = (at: number): number => {
    const date = new Date(at)
    return date.getUTCFullYear() * 12 + date.getUTCMonth()
  }
  return { step: 'month' as const, index: month }
}

const START = {
  day: (i: number) => dayOf(i * DAY),
  week: (i: number) => dayOf((i * 7 - 3) * DAY),
  month: (i: number) => dayOf(Date.UTC(Math.floor(i / 12), i % 12)),
} as const

/** Adds up a log by range and time. @param ranges with the fraud in each; the dearest are kept */
export function heatOf({ log, places, prices }: Survey, ranges: readonly RangeFinding[]): Heat {
  const shown = ranges
    .filter(({ fraud }) => fraud > 0)
    .sort((a, b) => b.fraud - a.fraud)
    .slice(0, MOST_ROWS)
  const { at } = log.columns
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let i = 0; i < log.size; i++) {
    const time = at[i] ?? 0
    if (time < from) from = time
    if (time > to) to = time
  }
  if (log.size === 0 || shown.length === 0) return { step: 'day', columns: [], rows: [] }
  const { step, index } = columnsOf(from, to)
  const first = index(from)
  const size = index(to) - first + 1
  const rows = shown.map((range) => ({
    key: range.key,
    label: label(range),
    fraud: range.fraud,
    cells: new Float64Array(size),
  }))
  const find = rangeFinder(log, places, shown)
  for (let i = 0; i < log.size; i++) {
    const row = rows[find(i)]
    if (row === undefined) continue
    const column = index(at[i] ?? 0) - first
    row.cells[column] = (row.cells[column] ?? 0) + prices.billed(i) / 1e6
  }
  return { step, columns: Array.from({ length: size }, (_, i) => START[step](first + i)), rows }
}
