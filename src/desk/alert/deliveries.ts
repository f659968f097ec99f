import { createHash } from 'node:crypto'
import { DAY, SECOND } from '../../engine/units.js'
import type { Collection, Kept } from '../../ledger/collection.js'
import { backoffMs, GIVE_UP_MS } from './backoff.js'
import type { Notice } from './finding.js'
import type { Handed } from './hand-over.js'
import { quietUntil } from './quiet-hours.js'
import type { OpenSink } from './sink.js'

/** A message to one sink, from before its first attempt to a month after its last. */
export interface DeliveryRecord {
  sink: string
  notice: Notice
  state: 'waiting' | 'delivered' | 'failed' | 'dropped'
  attempts: number
  /** Unix ms */
  createdAt: number
  nextAt: number
  endedAt: number | null
  /** waits for the end of quiet hours */
  held: boolean
  /** the last answer, or why it was dropped */
  answer: string | null
  status: number | null
}

/** Messages waiting at one sink; of more, the oldest are given up. */
const MOST_WAITING = 500
const KEPT_MS = 30 * DAY
/** An attempt that was begun and never ended (the process died) is made again after it. */
const LEASE_MS = 30 * SECOND
/** Messages tried in one go; the next go follows at once. */
const AT_ONCE = 20
/** How often a queue is looked at though nothing is known to be due: another process may have put something there. */
const LOOK_MS = 30 * SECOND

export interface DeliveriesOptions {
  records: Collection<DeliveryRecord>
  /** sinks that take part, as they are now */
  sink: (id: string) => OpenSink | null
  handOver: (
    sink: OpenSink,
    notice: Notice,
    delivery: { id: string; at: number },
  ) => Promise<Handed>
  clock: () => number
  random: (bytes: number) => Buffer
  changed: (record: DeliveryRecord) => void
  warn: (error: Error) => void
}

/** The same for the same notice to the same sink, whenever it is made. */
function deliveryId(sink: string, notice: Notice): string {
  const what = notice.type === 'alarm' ? notice.alarm.id : notice.of
  const digest = createHash('sha256')
    .update(JSON.stringify([sink, notice.type, notice.kind, what, notice.at]))
    .digest('base64url')
  return `dlv_${notice.at.toString(36).padStart(9, '0')}${digest.slice(0, 22)}`
}

/** What waits at a sink beyond its quiet hours. */
export interface Waiting {
  sink: string
  count: number
  /** Unix ms; `null`: nothing waits */
  oldestAt: number | null
}

const waiting = (sink: string): string => `waiting:${sink}`
const past = (sink: string): string => `past:${sink}`

/** The queue of every sink. At least once: a message has one id over all its attempts. */
export function createDeliveries(options: DeliveriesOptions) {
  const { records, sink: sinkOf, handOver, clock, random, changed, warn } = options
  /** when each sink is to be looked at next */
  const wake = new Map<string, number>()
  const busy = new Map<string, Promise<void>>()
  const seen = new Map<string, Waiting & { at: number }>()
  let stopped = false

  const oldestFirst = async (sink: string): Promise<Kept<DeliveryRecord>[]> =>
    (await records.list({ parent: waiting(sink), limit: MOST_WAITING + 100 })).reverse()

  const note = (sink: string, queue: readonly Kept<DeliveryRecord>[]): void => {
    const due = queue.filter(({ value }) => !value.held)
    const oldestAt = due[0]?.value.createdAt ?? null
    seen.set(sink, { sink, count: due.length, oldestAt, at: clock() })
  }

  const keep = (id: string, value: DeliveryRecord, expected?: number): Promise<boolean> => {
    const open = value.state === 'waiting'
    return records.put(
      {
        id,
        at: value.createdAt,
        parent: open ? waiting(value.sink) : past(value.sink),
        expiresAt: open ? null : (value.endedAt ?? clock()) + KEPT_MS,
        value,
      },
      expected,
    )
  }

  async function end(
    { id, version, value }: Kept<DeliveryRecord>,
    how: Pick<DeliveryRecord, 'state' | 'answer' | 'status'>,
  ): Promise<void> {
    const record = { ...value, ...how, held: false, endedAt: clock() }
    if (await keep(id, record, version)) changed(record)
  }

  /** In quiet hours: `null` when the message need not be kept at all. */
  async function supersedes(sink: string, notice: Notice): Promise<boolean> {
    if (notice.type !== 'alarm' || notice.kind === 'firing' || notice.kind === 'test') return false
    const held = (await oldestFirst(sink)).filter(
      ({ value }) =>
        value.held && value.notice.type === 'alarm' && value.notice.alarm.id === notice.alarm.id,
    )
    const unheard = held.some(
      ({ value }) => value.notice.type === 'alarm' && value.notice.kind === 'firing',
    )
    if (!unheard) return false
    if (notice.kind === 'resolved') {
      for (const one of held)
        await end(one, {
          state: 'dropped',
          answer: 'over before the quiet hours were',
          status: null,
        })
      return true
    }
    return notice.kind === 'reminder'
  }

  return {
    /** Keeps a message for a sink before anything is tried. @returns its id; `null` when there is nothing to tell */
    async add(sink: OpenSink, notice: Notice): Promise<string | null> {
      const now = clock()
      const critical = notice.type === 'alarm' && notice.alarm.severity === 'critical'
      const until = critical ? null : quietUntil(sink.quiet, now)
      if (await supersedes(sink.id, notice)) return null
      const queue = await oldestFirst(sink.id)
      for (const one of queue.slice(0, Math.max(0, queue.length - MOST_WAITING + 1)))
        await end(one, { state: 'failed', answer: 'too many messages waited', status: null })
      const id = deliveryId(sink.id, notice)
      // a notice that was put here before a crash is not put here twice
      await keep(
        id,
        {
          sink: sink.id,
          notice,
          state: 'waiting',
          attempts: 0,
          createdAt: now,
          nextAt: until ?? now,
          endedAt: null,
          held: until !== null,
          answer: null,
          status: null,
        },
        0,
      )
      wake.set(sink.id, Math.min(wake.get(sink.id) ?? now, until ?? now))
      return id
    },

    /** Tries what is due, each sink by itself. Does not wait for the attempts: a slow sink delays nobody. */
    tick(sinks: readonly string[]): void {
      const now = clock()
      for (const sink of sinks) {
        if (stopped || busy.has(sink) || (wake.get(sink) ?? 0) > now) continue
        const work = pass(sink)
          .catch((error: unknown) => {
            // the ledger is in trouble; what waits in it waits on
            wake.set(sink, clock() + LEASE_MS)
            warn(error instanceof Error ? error : new Error(String(error)))
          })
          .finally(() => busy.delete(sink))
        busy.set(sink, work)
      }
    },

    /** Resolves when nothing is under way. */
    async idle(): Promise<void> {
      while (busy.size > 0) await Promise.all(busy.values())
    },

    async stop(): Promise<void> {
      stopped = true
      await this.idle()
    },

    /** As it was at the last look, at sinks that are still looked at: in a cluster the one that leads does. */
    waiting: (): Waiting[] =>
      [...seen.values()].filter(({ sink, at }) => busy.has(sink) || clock() - at < 2 * LOOK_MS),

    list: (limit: number, before?: { at: number; id: string }) =>
      records.list({ limit, ...(before !== undefined && { before }) }),

    /** Tries a message anew, as if it were young. @returns false when there is none, or it was delivered */
    async retry(id: string): Promise<boolean> {
      const kept = await records.get(id)
      if (kept === null || kept.value.state === 'delivered') return false
      const now = clock()
      const value: DeliveryRecord = {
        ...kept.value,
        state: 'waiting',
        createdAt: now,
        nextAt: now,
        endedAt: null,
        held: false,
      }
      if (!(await keep(id, value, kept.version))) return false
      wake.set(value.sink, now)
      return true
    },
  }

  async function pass(id: string): Promise<void> {
    const now = clock()
    // whoever adds a message from here on is heard
    wake.set(id, now + LOOK_MS)
    const sink = sinkOf(id)
    const queue = await oldestFirst(id)
    note(id, queue)
    if (sink === null) {
      for (const one of queue)
        await end(one, { state: 'dropped', answer: 'the sink is off or removed', status: null })
      return
    }
    let next = now + LOOK_MS
    let tried = 0
    /** alarms with a message that waits: a later one must not overtake it, or an alert would never resolve */
    const blocked = new Set<string>()
    for (const kept of queue) {
      if (stopped) return
      const { value } = kept
      const about = value.notice.type === 'alarm' ? value.notice.alarm.id : kept.id
      if (now - value.createdAt >= GIVE_UP_MS && !value.held) {
        await end(kept, {
          state: 'failed',
          answer: value.answer ?? 'never tried',
          status: value.status,
        })
        continue
      }
      if (blocked.has(about)) continue
      if (value.nextAt > now || tried === AT_ONCE) {
        blocked.add(about)
        next = Math.min(next, Math.max(now, value.nextAt))
        continue
      }
      tried++
      const later = await attempt(sink, kept)
      if (later !== null) {
        blocked.add(about)
        next = Math.min(next, later)
      }
    }
    wake.set(id, Math.min(next, wake.get(id) ?? next))
    if (tried > 0) note(id, await oldestFirst(id))
  }

  /** @returns when it is to be tried again; `null` when it is done */
  async function attempt(sink: OpenSink, { id, version, value }: Kept<DeliveryRecord>) {
    const at = clock()
    const critical = value.notice.type === 'alarm' && value.notice.alarm.severity === 'critical'
    const quiet = value.held && !critical ? quietUntil(sink.quiet, at) : null
    if (quiet !== null) {
      await keep(id, { ...value, nextAt: quiet }, version)
      return quiet
    }
    const attempts = value.attempts + 1
    const begun = { ...value, held: false, attempts, nextAt: at + LEASE_MS }
    if (!(await keep(id, begun, version))) return at + LEASE_MS
    const { ok, answer, status, retryAfterMs } = await handOver(sink, value.notice, { id, at })
    if (stopped && !ok) return at + LEASE_MS
    if (ok) {
      await end({ id, version: version + 1, value: begun } as Kept<DeliveryRecord>, {
        state: 'delivered',
        answer,
        status,
      })
      return null
    }
    const spread = random(4).readUInt32LE() / 2 ** 32
    const nextAt = clock() + backoffMs(attempts, spread, retryAfterMs)
    const failed = { ...begun, nextAt, answer, status }
    await keep(id, failed, version + 1)
    changed(failed)
    return nextAt
  }
}

export type Deliveries = ReturnType<typeof createDeliveries>
