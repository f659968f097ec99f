import type { Ledger, LedgerPosition } from '../ledger/port.js'

type Settlement = Awaited<ReturnType<Ledger['settlements']>>[number]

/** A row that has its place and its time. */
interface Logged {
  seq: number
  at: number
}

/** One entry of the ledger's two logs read as one. */
export type LogEntry<Request> =
  | { what: 'request'; row: Request }
  | { what: 'settlement'; row: Settlement }

export interface LogReads<Request> {
  /** rows after a sequence number, in order */
  requests(after: number): Promise<Request[]>
  settlements(after: number): Promise<Settlement[]>
}

/**
 * Two logs, each in its own order, merged by time: a settlement never comes before its request, whatever the clocks of
 * those who wrote them said. Ends where both end now; a settlement whose request cannot be read yet waits for the next time.
 */
export async function* readLog<Request extends Logged>(
  { requests, settlements }: LogReads<Request>,
  from: LedgerPosition,
): AsyncGenerator<LogEntry<Request>> {
  // settlements are read first: what they speak of was written before them
  const settled = stream(settlements, from.outcomes)
  const asked = stream(requests, from.requests)
  let settlement = await settled.next()
  let request = await asked.next()
  while (request !== null || settlement !== null) {
    const first =
      request !== null &&
      (settlement === null || request.at <= settlement.at || request.seq <= settlement.request.seq)
    if (first) {
      yield { what: 'request', row: request as Request }
      request = await asked.next()
      continue
    }
    const next = settlement as Settlement
    // a later batch of settlements may speak of requests that came after the last look
    if (request === null && next.request.seq > asked.last()) {
      request = await asked.next({ again: true })
      if (request === null) return
      continue
    }
    yield { what: 'settlement', row: next }
    settlement = await settled.next()
  }
}

/** One row at a time out of batches. */
function stream<T extends { seq: number }>(read: (after: number) => Promise<T[]>, from: number) {
  let batch: T[] = []
  let index = 0
  let last = from
  let done = false
  return {
    /** sequence number of the row that was given last */
    last: (): number => last,
    async next({ again = false } = {}): Promise<T | null> {
      if (index >= batch.length) {
        if (done && !again) return null
        batch = await read(last)
        index = 0
        done = batch.length === 0
      }
      const row = batch[index++] ?? null
      if (row !== null) last = row.seq
      return row
    },
  }
}
