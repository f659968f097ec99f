import type { AuditResult, Skipped } from '../audit-result.js'
import { count, percent } from './figures.js'

/** Rows of the logs that are not in the figures; what was skipped of a file of outcomes is no message. */
export const leftOut = (skipped: readonly Skipped[]): number =>
  skipped.reduce((sum, { why, rows }) => (why.startsWith('outcomes_') ? sum : sum + rows), 0)

/** Rows that may be messages and could not be read. Others left out are none, or of no concern. */
const UNREAD: ReadonlySet<string> = new Set(
  'bad_json bad_number bad_price bad_time broken_line columns_missing extra_columns rounded_number'.split(
    ' ',
  ),
)
/** Share of the rows from which what could not be read is more than a blemish. */
const MANY = 0.1

/** Why the figures are not those of the whole log; `null` where they are, or nearly. */
export function incomplete({ skipped, rows }: AuditResult): string | null {
  const cut = skipped.find(({ why }) => why === 'truncated')
  if (cut !== undefined)
    return `A file is cut off (${cut.examples[0] ?? 'its end is missing'}): the figures are of what is left of it.`
  const unread = skipped
    .filter(({ why }) => UNREAD.has(why))
    .reduce((sum, { rows }) => sum + rows, 0)
  const share = unread / (unread + rows)
  if (share < MANY) return null
  return `${percent(share)} of the rows could not be read: the figures are of the other ${count(rows)}.`
}
