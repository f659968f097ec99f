import { DAY, HOUR } from '../engine/units.js'
import type { RollupPeriod } from '../ledger/console-port.js'
import { nowWindow } from './overview.js'

/** How far a table looks back. */
export const SPANS = ['1h', '24h', '7d', '30d'] as const
export type SpanName = (typeof SPANS)[number]

/** A time that is summed, in whole buckets of the roll-ups. Unix ms; `to` is now. */
export interface Span {
  period: RollupPeriod
  from: number
  to: number
  /** what is usual is read from whole days before it */
  usualFrom: number
  /** the course of a figure: a day of it or more, or it would be a dot */
  trendFrom: number
}

const LENGTH: Record<SpanName, number> = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY }
/** Four of each weekday. */
const USUAL_MS = 28 * DAY

/**
 * The span of a name that ends now. It begins with the bucket in which its first moment lies; but 24 hours are those of the
 * overview, or one name would have two sums.
 */
export function spanOf(name: SpanName, now: number): Span {
  const length = LENGTH[name]
  const period = length > DAY ? 'day' : 'hour'
  const bucket = period === 'day' ? DAY : HOUR
  const start = (at: number): number => Math.floor(at / bucket) * bucket
  const dayFrom = nowWindow('24h', now).from
  const from = name === '24h' ? dayFrom : start(now - length)
  const firstDay = Math.floor(from / DAY) * DAY
  return {
    period,
    from,
    to: now,
    usualFrom: firstDay - USUAL_MS,
    trendFrom: Math.min(from, dayFrom),
  }
}

/** Whole days before the span: what is usual is not measured by what is looked at. */
export const beforeSpan = ({ usualFrom, from }: Span) => ({
  period: 'day' as const,
  from: usualFrom,
  to: Math.floor(from / DAY) * DAY,
})

/** Starts of the buckets of a course, in order. */
export function bucketsOf({ period, trendFrom, to }: Span): number[] {
  const bucket = period === 'day' ? DAY : HOUR
  const starts: number[] = []
  for (let at = trendFrom; at < to; at += bucket) starts.push(at)
  return starts
}
