import type { Skipped } from '../audit-result.js'
import { leftOut } from '../report/left-out.js'

/** What of an invoice of messages is in no figure, and why: another currency, rows that cannot be read. */
export function leftOutNotes(skipped: readonly Skipped[]): string[] {
  const rows = leftOut(skipped)
  const why = skipped
    .filter((each) => leftOut([each]) > 0)
    .map((each) => `${each.rows} ${each.why.replaceAll('_', ' ')}`)
  return rows === 0
    ? []
    : [
        `Of the invoice ${rows} ${rows === 1 ? 'row was' : 'rows were'} left out (${why.join(', ')}).`,
      ]
}
