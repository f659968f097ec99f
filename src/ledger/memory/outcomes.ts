import type { OutcomeRow, RequestRow } from '../rows.js'
import type { Stored } from '../schema.js'
import { outcomes as codec } from '../tables.js'
import { KeyIndex } from './key-index.js'
import { Log, type Logged } from './log.js'
import { numbered, type Requests } from './requests.js'

type StoredOutcome = Logged<Stored<OutcomeRow>>
export type Settled = OutcomeRow & {
  seq: number
  request: RequestRow & { seq: number }
  settledBefore: number | null
}

/** What became of requests, in order of writing. */
export class Outcomes {
  readonly log = new Log<Stored<OutcomeRow>>()
  readonly #byRequest = new KeyIndex<StoredOutcome>()

  encode = (row: OutcomeRow): Stored<OutcomeRow> => codec.write(row)

  insert(stored: Stored<OutcomeRow>): void {
    this.#byRequest.add(stored.requestId, this.log.push(stored))
  }

  of(requestId: string): OutcomeRow[] {
    return this.#byRequest.of(requestId).map(({ value }) => codec.read(value))
  }

  /** Takes away what others wrote about them. */
  clear(requestId: string): void {
    for (const entry of this.#byRequest.of(requestId))
      entry.value = { ...entry.value, detail: null }
  }

  /** The request that the newest outcome is of. */
  newest(): string | null {
    return this.log.newestFirst().next().value?.value.requestId ?? null
  }

  remove(entry: StoredOutcome): void {
    this.log.remove(entry)
    this.#byRequest.remove(entry.value.requestId, entry)
  }

  removeOf(requestId: string): number {
    const gone = this.#byRequest.take(requestId)
    for (const entry of gone) this.log.remove(entry)
    return gone.length
  }

  /** Those that moved credit. */
  settlements(after: number, limit: number, requests: Requests): Settled[] {
    const found: Settled[] = []
    for (const entry of this.log.after(after)) {
      if (found.length >= limit) break
      const { seq, value } = entry
      const request = requests.find(value.requestId)
      if (value.from === value.to || request === undefined) continue
      const earlier = this.#byRequest
        .of(value.requestId)
        .findLast((other) => other.seq < seq && other.value.from !== other.value.to)
      found.push({
        seq,
        ...codec.read(value),
        request: numbered(request),
        settledBefore: earlier?.value.at ?? null,
      })
    }
    return found
  }
}
