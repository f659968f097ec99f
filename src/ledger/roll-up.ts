import { MINUTE } from '../engine/units.js'
import { giveWay } from './give-way.js'
import type { Credit } from './rows.js'
import {
  type CountedRequest,
  ofOutcome,
  ofRefusal,
  ofRequest,
  ofSend,
  placesOf,
  type RefusalKind,
  refusalOf,
} from './tally.js'
import { type Change, TallyBook } from './tally-book.js'
import { bucketOf } from './tally-time.js'

/** How far the ledger's logs were counted: sequence numbers. */
export interface Counted {
  requests: number
  outcomes: number
  sends: number
}

/** A refusal that is known for sure only when its time is over. */
export interface Awaited {
  due: number
  seq: number
  /** `null` where it was deleted */
  request: CountedRequest | null
}

export interface RefusalClaim {
  kind: RefusalKind
  /** start of the hour */
  hour: number
  service: string
  number: string
}

/**
 * Counts at most some `limit` rows, in steps.
 * @param inStep runs a step: all of it or nothing
 * @param atOnce rows of each log in a step at most
 * @param rest while the process has other work, it has it for so many times as long as a step took
 * @returns rows counted; fewer than `limit`: nothing is left
 */
export async function rollUp(
  inStep: <T>(work: (store: RollUpStore) => Promise<T>) => Promise<T>,
  { limit, now, atOnce, rest }: { limit: number; now: number; atOnce: number; rest: number },
): Promise<number> {
  let rows = 0
  while (rows < limit) {
    const since = performance.now()
    const step = await inStep((store) => rollUpStep(store, Math.min(atOnce, limit - rows), now))
    rows += step.rows
    if (!step.more) break
    await giveWay(rest * (performance.now() - since))
  }
  return rows
}

/** What one step reads and writes. All of it happens in one transaction, or in one breath. */
export interface RollUpStore {
  counted(): Promise<Counted>
  requests(after: number, limit: number): Promise<CountedRequest[]>
  /** Without those whose request was deleted. */
  outcomes(
    after: number,
    limit: number,
  ): Promise<
    {
      seq: number
      from: Credit
      to: Credit
      provider: string | null
      /** its message still waits for the answer of its provider */
      pending: boolean
      request: CountedRequest
    }[]
  >
  sends(
    after: number,
    limit: number,
  ): Promise<
    {
      seq: number
      pending: boolean
      /** sequence number of its request */
      request: number
      at: number
      provider: string | null
      service: string
      priceMicroUsd: number
    }[]
  >
  /** Earliest first. */
  awaited(until: number, limit: number): Promise<Awaited[]>
  /** A message to its number in its service was allowed after it. */
  allowedAfter(request: CountedRequest, until: number): Promise<boolean>
  /** Its code came back. */
  convertedBefore(request: CountedRequest, until: number): Promise<boolean>
  /** @returns which of them nobody claimed before */
  claim(claims: readonly RefusalClaim[]): Promise<boolean[]>
  write(step: {
    changes: readonly Change[]
    counted: Counted
    awaiting: readonly Pick<Awaited, 'due' | 'seq'>[]
    /** awaited before, and dealt with */
    done: readonly Pick<Awaited, 'due' | 'seq'>[]
    /** the time that was reached: buckets before it are over */
    time: number
  }): Promise<void>
}

/** A challenge that was not answered by then is taken for refused: its proof of work takes seconds, its life is shorter. */
export const ANSWER_MS = 10 * MINUTE
/** A provider answers within seconds; a message that still waits after this was lost in a crash. */
const ANSWERING_MS = MINUTE

interface Refusal {
  /** when it was known */
  at: number
  seq: number
  kind: RefusalKind
  request: CountedRequest
}

/**
 * Counts the next rows of each log, at most `limit` of each. Requests are counted as they were made, outcomes as the
 * steps that credit took since: each row once, in whatever batches, and the sums are the same.
 * @returns rows counted, and whether there may be more
 */
export async function rollUpStep(
  store: RollUpStore,
  limit: number,
  now: number,
): Promise<{ rows: number; more: boolean }> {
  const counted = await store.counted()
  const book = new TallyBook()

  const read = await store.requests(counted.requests, limit)
  const readAll = read.length < limit
  const newest = read.reduce((at, row) => Math.max(at, row.at), Number.NEGATIVE_INFINITY)
  const reached = readAll ? Math.max(now, newest) : newest
  const due = await store.awaited(reached, limit)
  // With more of them due than a step takes, requests wait for the next step: refusals are claimed in order of time.
  const until = due.length < limit ? reached : (due.at(-1)?.due ?? reached)
  const requests = until < reached ? takeUntil(read, until) : read
  const time = requests.length === read.length && until === reached ? reached : until

  const awaiting: Awaited[] = []
  const refusals: Refusal[] = []
  let clock = Number.NEGATIVE_INFINITY
  for (const request of requests) {
    const { at, service } = request
    clock = Math.max(clock, at)
    book.add(at, service, placesOf(request), ofRequest(request))
    const refusal = refusalOf(request)
    if (refusal === null) continue
    if (refusal.known === 'now')
      refusals.push({ at: clock, seq: request.seq, kind: refusal.kind, request })
    else awaiting.push({ due: at + ANSWER_MS, seq: request.seq, request })
  }
  const dueNow = [...due, ...awaiting.filter((row) => row.due <= time)]
  for (const { due: at, request } of dueNow) {
    const refusal = request === null ? null : refusalOf(request)
    if (request === null || refusal === null) continue
    const answered =
      refusal.kind === 'saved'
        ? await store.allowedAfter(request, at)
        : await store.convertedBefore(request, at)
    if (!answered) refusals.push({ at, seq: request.seq, kind: refusal.kind, request })
  }
  await countRefusals(store, book, refusals)

  // What became of requests that are not counted yet can wait for them: then it falls into the same sums.
  const last = requests.at(-1)?.seq ?? counted.requests
  const found = await store.outcomes(counted.outcomes, limit)
  // So can a code that came back before its provider had answered: whose message it was is not known yet.
  const isAwaited = (pending: boolean, at: number) => pending && at > time - ANSWERING_MS
  const ahead = found.findIndex(
    ({ request, pending }) => request.seq > last || isAwaited(pending, request.at),
  )
  const outcomes = ahead < 0 ? found : found.slice(0, ahead)
  for (const { from, to, provider, request } of outcomes) {
    if (from === to) continue
    const { at, service } = request
    const step = ofOutcome(request, from, to)
    book.add(at, service, placesOf(request), step)
    if (provider !== null)
      book.add(at, service, [{ dimension: 'provider', parent: '', key: provider }], step)
  }

  const sends = await store.sends(counted.sends, limit)
  let sent = 0
  for (const { at, service, pending, provider, request, ...send } of sends) {
    if (request > last || isAwaited(pending, at)) break
    sent++
    if (provider === null) continue
    book.add(at, service, [{ dimension: 'provider', parent: '', key: provider }], ofSend(send))
  }

  await store.write({
    changes: book.changes(),
    counted: {
      requests: last,
      outcomes: outcomes.at(-1)?.seq ?? counted.outcomes,
      sends: sends[sent - 1]?.seq ?? counted.sends,
    },
    awaiting: awaiting.filter((row) => row.due > time),
    done: due,
    time,
  })
  return {
    rows: requests.length + due.length + outcomes.length + sent,
    more: !readAll || due.length === limit || outcomes.length === limit || sent === limit,
  }
}

/** Requests made before the clock reached a time, as far as they come without a gap. */
function takeUntil(requests: readonly CountedRequest[], until: number): CountedRequest[] {
  const end = requests.findIndex(({ at }) => at >= until)
  return requests.slice(0, end < 0 ? requests.length : end)
}

/** Each number counts once an hour and service, by the first of its requests that was known to be refused. */
async function countRefusals(
  store: RollUpStore,
  book: TallyBook,
  refusals: readonly Refusal[],
): Promise<void> {
  const first = new Map<string, { claim: RefusalClaim; refusal: Refusal }>()
  for (const refusal of refusals.toSorted((a, b) => a.at - b.at || a.seq - b.seq)) {
    const { at, service, number } = refusal.request
    const claim = { kind: refusal.kind, hour: bucketOf('hour', at), service, number }
    const id = `${claim.kind}\n${claim.hour}\n${service}\n${number}`
    if (!first.has(id)) first.set(id, { claim, refusal })
  }
  const wanted = [...first.values()]
  if (wanted.length === 0) return
  const taken = await store.claim(wanted.map(({ claim }) => claim))
  for (const [i, { refusal }] of wanted.entries()) {
    if (taken[i] !== true) continue
    const { request, kind } = refusal
    book.add(request.at, request.service, placesOf(request), ofRefusal(request, kind))
  }
}
