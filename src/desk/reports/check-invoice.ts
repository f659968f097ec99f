import type { MessageLog } from '../../audit/message-log.js'
import { LogError, readLogs } from '../../audit/read/read-logs.js'
import { leftOutNotes } from '../../audit/reconcile/left-out-notes.js'
import { readInvoice } from '../../audit/reconcile/read-invoice.js'
import { reconcile } from '../../audit/reconcile/reconcile.js'
import { reconcileCsv } from '../../audit/reconcile/reconcile-csv.js'
import type { InvoiceRow, Reconciliation } from '../../audit/reconcile/reconciliation.js'
import { DAY } from '../../engine/units.js'
import type { ReportStore } from './gather.js'
import { dateAfter, monthSpan } from './local-day.js'
import { MOST_SENT, sentLog } from './sent-log.js'

export interface InvoiceCheck {
  result: Reconciliation
  /** tables as CSV, by file name */
  csv: Record<string, string>
}

/** Messages of an invoice that are read: 50 MB hold fewer. */
const MOST_BILLED = 2_000_000

/**
 * A provider's invoice against what this gateway sent.
 * @param file the invoice; its name ends like the format it has @param name what to call it in messages
 * @throws LogError when the invoice cannot be understood, or there is nothing to compare it with
 */
export async function checkInvoice(
  ledger: ReportStore,
  options: {
    file: string
    name: string
    /** columns of a list of messages that is not recognised: `to=recipient,at=created,price=cost` */
    map?: string
    now: number
  },
): Promise<InvoiceCheck> {
  const { file, name, map, now } = options
  const sums = map === undefined ? readInvoice(file, name) : null
  const read =
    sums === null
      ? await readLogs({
          paths: [file],
          ...(map !== undefined && { map }),
          now,
          keepDuplicates: true,
          most: MOST_BILLED,
        })
      : { log: sums, skipped: [] }
  const billed = read.log
  const span = 'columns' in billed ? spanOfMessages(billed) : spanOfSums(billed, name)
  const sent = await sentLog(ledger, span)
  if (sent === null)
    throw new LogError(
      `more than ${MOST_SENT.toLocaleString('en-US')} messages were sent in that time: compare them with "tollgate reconcile" instead`,
    )
  if (sent.size === 0)
    throw new LogError(
      `nothing was sent between ${day(span.from)} and ${day(span.to)}: check the period of the invoice and how long requests are kept`,
    )
  const result = reconcile(billed, sent)
  result.notes.push(...leftOutNotes(read.skipped))
  return { result, csv: reconcileCsv(result) }
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** A day more at both ends: clocks and zones differ, and so do ideas of when a message was sent. */
function spanOfMessages({ columns, size }: MessageLog): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for (let row = 0; row < size; row++) {
    const at = columns.at[row] as number
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return { from: from - DAY, to: to + DAY }
}

function spanOfSums(rows: readonly InvoiceRow[], name: string): { from: number; to: number } {
  const spans = rows.map(({ period }) =>
    period.length === 7
      ? monthSpan(period)
      : {
          from: Date.parse(`${period}T00:00:00Z`),
          to: Date.parse(`${dateAfter(period, 1)}T00:00:00Z`),
        },
  )
  const from = spans.reduce((least, span) => Math.min(least, span.from), Number.POSITIVE_INFINITY)
  const to = spans.reduce((most, span) => Math.max(most, span.to), Number.NEGATIVE_INFINITY)
  if (!(from < to)) throw new LogError(`${name}: there is no period in it`)
  return { from, to }
}
