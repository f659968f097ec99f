import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { RollupPeriod, Tally } from '../ledger/console-port.js'
import { ENTRY_MS, SIGNAL_LEVELS, type SignalState } from './signals.js'
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

/** Standard errors below the usual that are watched, and that alarm: chance alone goes so far in 1 of 44, and of 740. */
const WATCHED = 2
const ALARMING = 3

/**
 * Conversion against what is usual for the place, by what chance allows for so many sends.
 * @param usual share of the days before; `null` where nothing is usual yet: then the level for all holds
 */
export function againstUsual(
  { sends, verified }: Pick<Tally, 'sends' | 'verified'>,
  usual: number | null,
): SignalState {
  if (sends < SIGNAL_LEVELS.conversionSends) return 'quiet'
  const share = verified / sends
  if (usual === null)
    return share < SIGNAL_LEVELS.conversion
      ? 'alarm'
      : share < SIGNAL_LEVELS.conversionHealthy
        ? 'watch'
        : 'fine'
  const error = Math.sqrt((usual * (1 - usual)) / sends)
  const below = usual - share
  return below > ALARMING * error ? 'alarm' : below > WATCHED * error ? 'watch' : 'fine'
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
