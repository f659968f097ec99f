import { hash64 } from '../../engine/hash.js'
import { HOUR, SECOND } from '../../engine/units.js'
import type { Ledger } from '../../ledger/port.js'
import type { RequestRow } from '../../ledger/rows.js'
import { type RecordedRow, recorded } from './recorded-row.js'

/** Rows read at a time: about 10 ms of the event loop. */
const PAGE_ROWS = 200
/** Rows of one slice of time at most, before the slice is cut: what is held in memory. */
const SLICE_ROWS = 2_000

interface Span {
  from: number
  /** exclusive */
  to: number
  service?: string
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** About how many requests the ledger has of a time: rows are numbered in the order in which they were written. */
export async function countRows(ledger: Ledger, { from, to }: Span): Promise<number> {
  const [[last], [before]] = await Promise.all([
    ledger.requests({ to: to - 1, limit: 1 }),
    ledger.requests({ to: from - 1, limit: 1 }),
  ])
  if (last === undefined || last.at < from) return 0
  return Math.max(1, last.seq - (before?.seq ?? 0))
}

const SAMPLE_SEED = 0x7011
const WHOLE = 2 ** 32

/** Whether a request belongs to a sample of whole number blocks: their lines are met by all of their traffic. */
const inSample = (row: Pick<RequestRow, 'block' | 'id'>, share: number): boolean =>
  share >= 1 || hash64(row.block === '' ? row.id : row.block, SAMPLE_SEED).low < share * WHOLE

/** Everything of a slice of time, oldest first; `null` when it is more than a slice should hold and can be cut. */
async function slice(ledger: Ledger, span: Span, cut: boolean): Promise<RequestRow[] | null> {
  const { from, to, service } = span
  const rows: (RequestRow & { seq: number })[] = []
  for (let before: number | undefined; ; before = rows.at(-1)?.seq) {
    const page = await ledger.requests({
      from,
      to: to - 1,
      limit: PAGE_ROWS,
      ...(service !== undefined && { service }),
      ...(before !== undefined && { before }),
    })
    for (const row of page) rows.push(row)
    if (page.length < PAGE_ROWS) return rows.reverse()
    if (cut && rows.length > SLICE_ROWS) return null
    await turn()
  }
}

/**
 * Requests of a time, oldest first, in batches. The ledger lists newest first: slices of time are read backwards and turned
 * over, short ones where there is much traffic. The event loop turns between two batches.
 */
export async function* readRows(
  ledger: Ledger,
  span: Span,
  share: number,
): AsyncGenerator<RecordedRow[]> {
  let sizeMs = HOUR
  for (let from = span.from; from < span.to; ) {
    const to = Math.min(span.to, from + sizeMs)
    const rows = await slice(ledger, { ...span, from, to }, sizeMs > SECOND)
    if (rows === null) {
      sizeMs = Math.max(SECOND, Math.floor(sizeMs / 4))
      continue
    }
    from = to
    if (rows.length < SLICE_ROWS / 4) sizeMs *= 2
    for (let at = 0; at < rows.length; at += PAGE_ROWS) {
      const batch: RecordedRow[] = []
      for (const row of rows.slice(at, at + PAGE_ROWS))
        if (inSample(row, share)) batch.push(await recorded(ledger, row))
      if (batch.length > 0) yield batch
      await turn()
    }
  }
}

/** The newest requests since a time, oldest first. */
export async function newest(ledger: Ledger, from: number, limit: number): Promise<RecordedRow[]> {
  const rows: RecordedRow[] = []
  for (let before: number | undefined; rows.length < limit; ) {
    const page = await ledger.requests({
      from,
      limit: Math.min(PAGE_ROWS, limit - rows.length),
      ...(before !== undefined && { before }),
    })
    for (const row of page) rows.push(await recorded(ledger, row))
    before = page.at(-1)?.seq
    if (page.length < PAGE_ROWS) break
    await turn()
  }
  return rows.reverse()
}
