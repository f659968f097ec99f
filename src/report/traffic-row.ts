import type { RollupPoint, RollupSum, Tally } from '../ledger/console-port.js'
import { againstUsual, SIGNAL_LEVELS, type SignalState } from './signals.js'
import { conversionOf, wastedOf } from './tally.js'

/** What is counted of one key in a span. Money in micro-USD. */
export interface TrafficFigures {
  requests: number
  sends: number
  verified: number
  refusedNumbers: number
  spend: number
  wasted: number
  saved: number
  /** verified over sends, 0 to 1; `null` where nothing was sent */
  conversion: number | null
  /** the same in the days before; `null` where too little was sent to tell */
  usual: number | null
  /** the one against the other; `quiet` where chance could explain anything */
  against: SignalState
  /** requests by bucket, oldest first */
  trend: number[]
}

/** Sends below which the conversion of a key's past is chance. */
const { conversionSends: LEAST_SENDS } = SIGNAL_LEVELS

/** The figures of a key. @param before sums of the days before the span @param buckets starts of the trend's buckets */
export function trafficOf(
  sum: Tally,
  before: Tally | undefined,
  points: readonly Pick<RollupPoint, 'at' | 'requests'>[],
  buckets: readonly number[],
): TrafficFigures {
  const at = new Map<number, number>()
  for (const point of points) at.set(point.at, (at.get(point.at) ?? 0) + point.requests)
  const usual = before !== undefined && before.sends >= LEAST_SENDS ? conversionOf(before) : null
  return {
    requests: sum.requests,
    sends: sum.sends,
    verified: sum.verified,
    refusedNumbers: sum.refusedNumbers,
    spend: sum.spendMicroUsd,
    wasted: wastedOf(sum),
    saved: sum.savedMicroUsd,
    conversion: conversionOf(sum),
    usual,
    against: usual === null ? 'quiet' : againstUsual(sum, usual),
    trend: buckets.map((start) => at.get(start) ?? 0),
  }
}

/** What a message to (or from) the key costs on the average, sent or refused; `null` where none was priced. */
export function meanPrice(sum: RollupSum): number | null {
  const messages = sum.sends + sum.refusedNumbers
  return messages > 0 ? (sum.spendMicroUsd + sum.savedMicroUsd) / messages : null
}

/** Rows of a key together, whatever their time and service. */
export function byKey<Row extends { key: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const known = found.get(row.key)
    if (known === undefined) found.set(row.key, [row])
    else known.push(row)
  }
  return found
}
