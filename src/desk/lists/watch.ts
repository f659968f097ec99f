import { setImmediate as otherWork } from 'node:timers/promises'
import { compileLists, type ListMatcher } from '../../engine/lists.js'
import { maskEntry } from '../../engine/mask.js'
import { DAY, MINUTE, SECOND } from '../../engine/units.js'
import { collection } from '../../ledger/collection.js'
import type { RequestRow } from '../../ledger/rows.js'
import { sourceFacts } from '../../network/source.js'
import type { UpkeepJob } from '../../verify/upkeep.js'
import type { DeskParts } from '../parts.js'
import type { ListBook } from './list-book.js'

/** A request that a watched entry met; its id is that of the request. */
export interface WatchHit {
  entry: string
  note: string
  service: string
  country: string
  verdict: string
}

const EVERY_MS = 2 * SECOND
const PAGE_ROWS = 100
/** Requests looked at in one run: of a flood those before are not marked. */
const MOST_ROWS = 4_000
/** A match is told of for so long; after that it is over. */
const TOLD_MS = 15 * MINUTE
/** Longer than it takes until somebody takes over from a gateway that died. */
const TAKEN_OVER_MS = 30 * SECOND
/** Marks are kept as long as requests usually are. */
const KEPT_MS = 90 * DAY

/** The address as lists know it: IPv6 by its /64. */
const ipKeyOf = (ip: string | null): string | null =>
  ip === null || !ip.includes(':') ? ip : sourceFacts(ip).ipKey

function matched(matcher: ListMatcher, row: RequestRow): string | null {
  // a hashed number says its block at least: ranges match, single numbers cannot
  const e164 = row.number.startsWith('+') ? row.number : row.block
  const found = matcher.match({
    number: { e164 } as Parameters<ListMatcher['match']>[0]['number'],
    source: {
      ip: row.ip,
      ipKey: ipKeyOf(row.ip),
      subnetKey: row.subnet,
      asn: row.asn,
    } as Parameters<ListMatcher['match']>[0]['source'],
    context: {
      deviceId: row.deviceId,
      accountId: row.accountId,
    } as Parameters<ListMatcher['match']>[0]['context'],
  })
  return found?.entry ?? null
}

/** Marks requests that a watched entry meets, shortly after they were decided: it is never in their way. */
export function createWatch(parts: DeskParts, { book }: { book: ListBook }) {
  const { ledger, clock, live } = parts
  const hits = collection<WatchHit>(ledger, 'watch-hit')
  let seen: { seq: number; at: number } | null = null
  /** entries that were met lately; as many as are watched at most */
  const lately = new Map<string, { note: string; hits: number; lastAt: number }>()

  async function skip(): Promise<void> {
    const [last] = await ledger.requests({ limit: 1 })
    seen = { seq: last?.seq ?? 0, at: last?.at ?? clock() }
  }

  /** Requests since the last look, newest first. */
  async function fresh(): Promise<(RequestRow & { seq: number })[]> {
    if (seen === null) {
      await skip()
      return []
    }
    const { seq, at } = seen
    const rows: (RequestRow & { seq: number })[] = []
    for (let before: number | undefined; rows.length < MOST_ROWS; ) {
      const page = await ledger.requests({
        from: at,
        limit: PAGE_ROWS,
        ...(before !== undefined && { before }),
      })
      const unseen = page.filter((row) => row.seq > seq)
      rows.push(...unseen)
      before = page.at(-1)?.seq
      if (page.length < PAGE_ROWS || unseen.length < page.length) break
      await otherWork()
    }
    const last = rows.reduce((a, b) => (b.seq > a.seq ? b : a), rows[0] ?? { seq, at })
    seen = { seq: last.seq, at: last.at }
    return rows
  }

  async function run(): Promise<void> {
    const entries = await book.watchList()
    // where nobody is watched nothing is read
    if (entries.length === 0) return skip()
    const rows = await fresh()
    if (rows.length === 0) return
    const notes = new Map(entries.map(({ id, value }) => [id, value.note]))
    const matcher = compileLists({ allow: [], deny: [...notes.keys()] })
    const met = new Map<string, { hits: number; lastHitAt: number }>()
    for (const row of rows) {
      const entry = matched(matcher, row)
      if (entry === null) continue
      const { id, at, service, country, verdict } = row
      const value = { entry, note: notes.get(entry) ?? '', service, country, verdict }
      // 0: what another gateway has marked, before this one took over, is counted already
      if (!(await hits.put({ id, at, parent: entry, expiresAt: at + KEPT_MS, value }, 0))) continue
      const of = met.get(entry) ?? { hits: 0, lastHitAt: 0 }
      met.set(entry, { hits: of.hits + 1, lastHitAt: Math.max(of.lastHitAt, at) })
    }
    for (const [entry, of] of met) {
      const before = lately.get(entry)
      lately.set(entry, {
        note: notes.get(entry) ?? '',
        hits: (before?.hits ?? 0) + of.hits,
        lastAt: of.lastHitAt,
      })
      await book.watched.update(entry, (value) => ({
        ...value,
        hits: value.hits + of.hits,
        lastHitAt: of.lastHitAt,
      }))
      live.emit('list', { list: 'watch', entry: maskEntry(entry), hits: of.hits })
    }
  }

  const job: UpkeepJob = { everyMs: EVERY_MS, run }
  return {
    job,
    run,
    /** Goes on where another gateway left off, or a little before. */
    async takeOver(): Promise<void> {
      const now = clock()
      seen = { seq: 0, at: now - TAKEN_OVER_MS }
      lately.clear()
      for (const { value, at } of await hits.list({ from: now - TOLD_MS, limit: MOST_ROWS })) {
        const before = lately.get(value.entry)
        lately.set(value.entry, {
          note: value.note,
          hits: (before?.hits ?? 0) + 1,
          lastAt: Math.max(before?.lastAt ?? 0, at),
        })
      }
    },
    /** Entries that requests met in the last quarter of an hour; single numbers masked. */
    met(now: number): { entry: string; note: string; hits: number; until: number }[] {
      for (const [entry, { lastAt }] of lately) if (lastAt + TOLD_MS <= now) lately.delete(entry)
      return [...lately].map(([entry, { note, hits, lastAt }]) => ({
        ...{ entry: maskEntry(entry), note, hits, until: lastAt + TOLD_MS },
      }))
    },
    /** What a watched entry said of a request; `null`: none met it. */
    markOf: async (requestId: string): Promise<WatchHit | null> =>
      (await hits.get(requestId))?.value ?? null,
    /** Requests that watched entries met since a time, newest first. */
    recent: (from: number, limit: number) => hits.list({ from, limit }),
    hitsOf: (entry: string, limit: number) => hits.list({ parent: entry, limit }),
  }
}

export type Watch = ReturnType<typeof createWatch>
