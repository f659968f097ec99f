import { DAY } from '../engine/units.js'
import type { Ledger, LedgerPosition } from '../ledger/port.js'

/**
 * How far back a log is read that no snapshot shortens: the slowest lines halve in a week, what is usual is a matter of
 * two, and what is older moves nothing that anybody decides by.
 */
export const REMEMBERED_MS = 14 * DAY

/** The place in the ledger's logs from which everything since `REMEMBERED_MS` is read. */
export async function logStart(
  ledger: Pick<Ledger, 'position' | 'requestsAfter' | 'settlements'>,
  now: number,
): Promise<LedgerPosition> {
  const since = now - REMEMBERED_MS
  const end = await ledger.position()
  const [requests, outcomes] = await Promise.all([
    lastBefore(since, end.requests, (after) => ledger.requestsAfter(after, 1)),
    lastBefore(since, end.outcomes, (after) => ledger.settlements(after, 1)),
  ])
  return { requests, outcomes }
}

/** Rows are written about in the order of their times: halving finds the last one before a time, give or take seconds. */
async function lastBefore(
  since: number,
  end: number,
  next: (after: number) => Promise<{ seq: number; at: number }[]>,
): Promise<number> {
  let low = 0
  let high = end
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await next(middle)
    if (row !== undefined && row.at < since) low = Math.max(row.seq, middle + 1)
    else high = middle
  }
  return Math.min(low, end)
}
