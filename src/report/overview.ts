import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { RollupPeriod, Tally } from '../ledger/console-port.js'
import { ENTRY_MS } from './signals.js'
import { conversionOf, wastedOf } from './tally.js'

export type NowSpan = '5m' | '1h' | '24h'

/** What is read for "now". Unix ms, in whole buckets of the roll-ups; `to` is now. */
export interface NowWindow {
  period: RollupPeriod
  from: number
  to: number
  /** what conversion is taken of: sends that people had time to answer */
  settledFrom: number
  settledTo: number
  /** the same length before */
  beforeFrom: number
  /** the course: an hour by minutes, or a day by hours */
  courseFrom: number
  bucketMs: number
}

const LENGTH: Record<NowSpan, number> = { '5m': 5 * MINUTE, '1h': HOUR, '24h': DAY }
const COURSE: Record<NowSpan, number> = { '5m': HOUR, '1h': HOUR, '24h': DAY }

/** A window that ends now; the bucket that runs counts as its last. */
export function nowWindow(span: NowSpan, now: number): NowWindow {
  const byMinute = span !== '24h'
  const bucketMs = byMinute ? MINUTE : HOUR
  const end = (Math.floor(now / bucketMs) + 1) * bucketMs
  const from = end - LENGTH[span]
  // by the hour, two minutes of a day are nothing
  const shift = byMinute ? ENTRY_MS : 0
  return {
    ...{ period: byMinute ? 'minute' : 'hour', from, to: now, bucketMs },
    settledFrom: from - shift,
    settledTo: byMinute ? end - shift : now,
    beforeFrom: from - LENGTH[span],
    courseFrom: end - COURSE[span],
  }
}

/** Figures of a window. @param settled the tally that conversion is taken of */
export function flowOf(sum: Tally, settled: Pick<Tally, 'sends' | 'verified'>) {
  return {
    requests: sum.requests,
    challenged: sum.challenged,
    held: sum.held,
    denied: sum.denied,
    sends: sum.sends,
    verified: sum.verified,
    conversion: conversionOf(settled),
    spend: sum.spendMicroUsd,
    wasted: wastedOf(sum),
    saved: sum.savedMicroUsd,
    wouldSave: sum.wouldSaveMicroUsd,
    refusedNumbers: sum.refusedNumbers,
  }
}

/** Values by bucket, oldest first; buckets without a row are nothing. */
export function courseOf<Row extends { at: number }>(
  rows: Iterable<Row>,
  { courseFrom, bucketMs, to }: NowWindow,
  value: (row: Row) => number,
): number[] {
  const course = new Array<number>(Math.ceil((to - courseFrom) / bucketMs)).fill(0)
  for (const row of rows) {
    const i = Math.floor((row.at - courseFrom) / bucketMs)
    if (i >= 0 && i < course.length) course[i] = (course[i] ?? 0) + value(row)
  }
  return course
}
