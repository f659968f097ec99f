import { collection, type Kept } from '../../ledger/collection.js'
import type { ListRow } from '../../ledger/rows.js'
import type { DeskParts } from '../parts.js'
import { createListChanges, type ListAction } from './change-lists.js'

export const LIST_NAMES = ['allow', 'deny', 'watch'] as const
export type ListName = (typeof LIST_NAMES)[number]

export interface Entry {
  list: ListName
  entry: string
  note: string
  /** who added it, for the audit log */
  source: string
  createdAt: number
  expiresAt: number | null
}

/** A watched entry: it raises no verdict, it marks what it meets. */
export interface Watched {
  note: string
  source: string
  createdAt: number
  /** requests that it met, and the last of them */
  hits: number
  lastHitAt: number | null
}

/** What can still be undone. */
export interface Change {
  id: string
  at: number
  by: string
  action: ListAction
  list: ListName
  count: number
}

/** Entries of the console, watched ones: so many are matched against every request. */
export const MAX_WATCHED = 10_000
/** Changes that can be undone, in this process. */
const UNDO = 20

interface Undo extends Change {
  /** the entries as they were: `null` where there was none */
  before: Map<string, Entry | null>
}

/** The operators' lists: allow and deny with their notes, and the watch list. */
export function createListBook(parts: DeskParts) {
  const { ledger, clock, random, live } = parts
  const changes = createListChanges(parts)
  const notes = collection<{ note: string }>(ledger, 'list-note')
  const watched = collection<Watched>(ledger, 'watch')
  let undo: Undo[] = []

  const noteId = (list: ListName, entry: string): string => `${list}|${entry}`
  const asEntry = ({ id, expiresAt, value }: Kept<Watched>): Entry => ({
    list: 'watch',
    entry: id,
    note: value.note,
    source: value.source,
    createdAt: value.createdAt,
    expiresAt,
  })

  async function watchList(): Promise<Kept<Watched>[]> {
    const now = clock()
    const all = await watched.list({ limit: MAX_WATCHED })
    return all.filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
  }

  async function entries(list: ListName): Promise<Entry[]> {
    if (list === 'watch') return (await watchList()).map(asEntry)
    const rows = (await ledger.listEntries(clock())).filter((row) => row.list === list)
    const known = new Map(
      (await notes.list({ parent: list, limit: 50_000 })).map(({ id, value }) => [id, value.note]),
    )
    return rows.map((row) => ({ ...row, note: known.get(noteId(list, row.entry)) ?? '' }))
  }

  /** The entries as they are, for who takes it back. */
  async function remember(
    actor: string,
    action: ListAction,
    list: ListName,
    of: readonly string[],
  ): Promise<Change> {
    const there = new Map((await entries(list)).map((entry) => [entry.entry, entry]))
    const change: Undo = {
      ...{ id: `chg_${random(12).toString('hex')}`, at: clock(), by: actor, action, list },
      count: of.length,
      before: new Map(of.map((entry) => [entry, there.get(entry) ?? null])),
    }
    undo = [change, ...undo].slice(0, UNDO)
    return shown(change)
  }

  async function write(
    actor: string,
    list: ListName,
    given: readonly Entry[],
    action: ListAction,
  ): Promise<void> {
    for (const { entry, note, source, createdAt, expiresAt } of given) {
      if (list !== 'watch') {
        await note_(list, entry, note, createdAt, expiresAt)
        continue
      }
      const known = (await watched.get(entry))?.value
      const { hits = 0, lastHitAt = null } = known ?? {}
      await watched.put({
        id: entry,
        at: createdAt,
        expiresAt,
        value: { note, source, createdAt, hits, lastHitAt },
      })
    }
    if (list === 'watch') {
      await changes.record(
        actor,
        action,
        list,
        given.map(({ entry }) => entry),
      )
    } else {
      const rows: ListRow[] = given.map(({ entry, source, createdAt, expiresAt }) => ({
        ...{ list, entry, source, createdAt, expiresAt },
      }))
      await changes.put(actor, rows, action)
    }
  }

  async function note_(
    list: ListName,
    entry: string,
    note: string,
    at: number,
    expiresAt: number | null,
  ): Promise<void> {
    const id = noteId(list, entry)
    if (note === '') await notes.remove(id)
    else await notes.put({ id, at, parent: list, expiresAt, value: { note } })
  }

  async function erase(
    actor: string,
    list: ListName,
    of: readonly string[],
    action: ListAction,
  ): Promise<string[]> {
    if (list !== 'watch') {
      const removed = await changes.remove(actor, list, of, action)
      for (const entry of removed) await notes.remove(noteId(list, entry))
      return removed
    }
    const removed: string[] = []
    for (const entry of of) if (await watched.remove(entry)) removed.push(entry)
    await changes.record(actor, action, list, removed)
    return removed
  }

  const tell = (list: ListName, count: number): void => live.emit('list', { list, count })

  return {
    entries,
    watchList,
    watched,

    /** Adds entries, or changes note and end of those that are there. */
    async add(
      actor: string,
      list: ListName,
      given: readonly { entry: string; note: string; expiresAt: number | null }[],
    ): Promise<Change> {
      const now = clock()
      const change = await remember(
        actor,
        'list.add',
        list,
        given.map(({ entry }) => entry),
      )
      const rows = given.map((one): Entry => ({ ...one, list, source: actor, createdAt: now }))
      await write(actor, list, rows, 'list.add')
      tell(list, rows.length)
      return change
    },

    /** Changes when entries end. @returns `null` when none of them is there */
    async expire(
      actor: string,
      list: ListName,
      of: readonly string[],
      expiresAt: number | null,
    ): Promise<Change | null> {
      const wanted = new Set(of)
      const there = (await entries(list)).filter(({ entry }) => wanted.has(entry))
      if (there.length === 0) return null
      const change = await remember(
        actor,
        'list.expire',
        list,
        there.map(({ entry }) => entry),
      )
      await write(
        actor,
        list,
        there.map((entry) => ({ ...entry, expiresAt })),
        'list.expire',
      )
      tell(list, there.length)
      return change
    },

    /** @returns `null` when none of them was there */
    async remove(actor: string, list: ListName, of: readonly string[]): Promise<Change | null> {
      const change = await remember(actor, 'list.remove', list, of)
      const removed = await erase(actor, list, of, 'list.remove')
      tell(list, removed.length)
      return removed.length === 0 ? null : { ...change, count: removed.length }
    },

    /** Changes of this process that can be taken back, newest first. */
    changes: (): Change[] => undo.map(shown),

    /** Puts entries back as they were before a change. @returns `null` when it is too late */
    async undo(actor: string, id: string): Promise<Change | null> {
      const change = undo.find((one) => one.id === id)
      if (change === undefined) return null
      undo = undo.filter((one) => one !== change)
      const back = [...change.before.values()].filter((entry) => entry !== null)
      const gone = [...change.before].flatMap(([entry, was]) => (was === null ? [entry] : []))
      if (back.length > 0) await write(actor, change.list, back, 'list.undo')
      if (gone.length > 0) await erase(actor, change.list, gone, 'list.undo')
      tell(change.list, change.count)
      return shown(change)
    },
  }
}

const shown = ({ before: _, ...change }: Undo): Change => change

export type ListBook = ReturnType<typeof createListBook>
