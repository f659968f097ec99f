import { Type } from '@sinclair/typebox'
import { csvText } from '../../audit/report/csv.js'
import { LIST_NAMES, type ListName, MAX_WATCHED } from '../../desk/lists/list-book.js'
import { LONGEST_NOTE, MAX_LINES, readEntries } from '../../desk/lists/read-entries.js'
import { DAY } from '../../engine/units.js'
import { LIST_ENTRY_HINT, listEntry } from '../../policy/list-entry.js'
import { actorOf, seesNumbers } from '../access.js'
import { maskEntry } from '../mask.js'
import { invalid, Refusal } from '../refusal.js'
import { nullableTime, problems, strings } from '../schema.js'
import { entryView, policyEntries, searchOf } from './lists-show.js'
import type {
  EntryHitsView,
  ListChangedView,
  ListChangeView,
  ListEntryView,
  ListPreviewView,
  ListsView,
} from './lists-view.js'
import { actorNames } from './names.js'
import type { ConsoleRoutes } from './routes.js'
import { body, view } from './sign-in-schema.js'

const SHOWN = 500
const HITS_MS = 7 * DAY
const MOST_HITS = 100
const LONGEST_TEXT = 1_000_000
const hide = true
const List = strings(LIST_NAMES)
const EntryText = Type.String({ minLength: 1, maxLength: 270, description: LIST_ENTRY_HINT })
const Entries = Type.Array(EntryText, { minItems: 1, maxItems: MAX_LINES })

/** Allow, deny and watch lists: who added what, why, until when, and whom it met. */
export const lists: ConsoleRoutes = (app, { allow, desk, clock }) => {
  const { ledger, gate, watch, deployment } = desk
  const book = desk.lists
  const hashed = deployment.numbers === 'hashed'

  const names = () => actorNames(desk)

  const changed = async (
    change: Awaited<ReturnType<typeof book.add>> | null,
  ): Promise<ListChangedView> => {
    const known = await names()
    return {
      change: change === null ? null : { ...change, byName: known(change.by) },
    }
  }

  /** @throws Refusal when the gate could not tell who is meant */
  function checked(list: ListName, text: string, path: string): string {
    const entry = listEntry(text)
    if (entry === null) throw invalid(path, 'is nothing that a list can match', LIST_ENTRY_HINT)
    if (list === 'watch' && hashed && /^\+\d+$/.test(entry))
      throw invalid(
        path,
        'is a single number, and this gateway keeps numbers as hashes: it would never match',
        'watch its range, such as +23480312*',
      )
    return entry
  }

  function notPast(expiresAt: number | null): void {
    const now = clock()
    if (expiresAt !== null && expiresAt <= now)
      throw invalid('/expiresAt', 'is in the past', `now is ${now}`)
  }

  app.get(
    '/v1/console/lists',
    {
      onRequest: allow('viewer'),
      schema: {
        hide,
        querystring: Type.Object(
          {
            list: Type.Optional(List),
            search: Type.Optional(Type.String({ maxLength: 270 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: view<ListsView>(), ...problems },
      },
    },
    async (request) => {
      const { list, search = '' } = request.query
      const known = await names()
      const [allowed, denied, watched] = await Promise.all([
        book.entries('allow'),
        book.entries('deny'),
        book.watchList(),
      ])
      const hits = new Map(watched.map(({ id, value }) => [id, value]))
      const all: ListEntryView[] = [
        ...[...allowed, ...denied].map((entry) => entryView(entry, known)),
        ...watched.map(({ id, expiresAt, value }) => ({
          ...entryView({ list: 'watch', entry: id, expiresAt, ...value }, known),
          hits: value.hits,
          lastHitAt: value.lastHitAt,
        })),
        ...policyEntries(gate.policy.policy),
      ]
      const wanted = search.trim().toLowerCase()
      const sees = seesNumbers(request)
      const found = all.filter(
        (entry) =>
          (list === undefined || entry.list === list) &&
          (wanted === '' ||
            (sees ? entry.entry : maskEntry(entry.entry)).toLowerCase().includes(wanted) ||
            entry.note.toLowerCase().includes(wanted) ||
            entry.sourceName.toLowerCase().includes(wanted)),
      )
      found.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0) || (a.entry < b.entry ? -1 : 1))
      const now = clock()
      const reasons = await ledger.top(
        {
          ...{ period: 'day', dimension: 'reason', from: now - HITS_MS, to: now + 1 },
          keys: ['list.allowed', 'list.denied'],
        },
        'requests',
        2,
      )
      const met = (code: string): number => reasons.find(({ key }) => key === code)?.requests ?? 0
      const count = (name: ListName): number => all.filter((one) => one.list === name).length
      return {
        entries: found
          .slice(0, SHOWN)
          .map((entry) => (sees ? entry : { ...entry, entry: maskEntry(entry.entry) })),
        counts: { allow: count('allow'), deny: count('deny'), watch: count('watch') },
        more: found.length > SHOWN,
        changes: book
          .changes()
          .map((change): ListChangeView => ({ ...change, byName: known(change.by) })),
        met: {
          allow: met('list.allowed'),
          deny: met('list.denied'),
          watch: [...hits.values()].reduce((sum, value) => sum + value.hits, 0),
        },
        hashed,
      }
    },
  )

  app.get(
    '/v1/console/lists/:list/hits',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Type.Object({ list: List }),
        querystring: Type.Object({ entry: EntryText }, { additionalProperties: false }),
        response: { 200: view<EntryHitsView>(), ...problems },
      },
    },
    async (request) => {
      const { list } = request.params
      const entry = checked('allow', request.query.entry, 'query/entry')
      const since = clock() - HITS_MS
      if (list === 'watch') {
        const rows = await watch.hitsOf(entry, MOST_HITS)
        return {
          ...{ hits: rows.length, most: MOST_HITS, since: rows.at(-1)?.at ?? since },
          rows: rows.slice(0, 10).map(({ id, at, value }) => ({
            ...{ id, at, service: value.service, country: value.country, verdict: value.verdict },
          })),
        }
      }
      const reason = list === 'allow' ? 'list.allowed' : 'list.denied'
      const found = await ledger.search({
        ...searchOf(entry),
        reason,
        from: since,
        limit: MOST_HITS,
      })
      // a reason names the entry that matched: an address may be met by its subnet's entry, too
      const rows = found.rows.filter(({ reasons }) =>
        reasons.some(({ code, subject }) => code === reason && subject === entry),
      )
      return {
        ...{ hits: rows.length, most: MOST_HITS, since },
        rows: rows.slice(0, 10).map(({ id, at, service, country, verdict }) => ({
          ...{ id, at, service, country, verdict },
        })),
      }
    },
  )

  app.post(
    '/v1/console/lists/:list/preview',
    {
      onRequest: allow('analyst'),
      bodyLimit: 2 * LONGEST_TEXT,
      schema: {
        hide,
        params: Type.Object({ list: List }),
        body: body({ text: Type.String({ maxLength: LONGEST_TEXT }) }),
        response: { 200: view<ListPreviewView>(), ...problems },
      },
    },
    async (request) => {
      const { list } = request.params
      const read = readEntries(request.body.text, clock())
      const there = new Map<ListName, Set<string>>()
      for (const name of LIST_NAMES)
        there.set(name, new Set((await book.entries(name)).map(({ entry }) => entry)))
      const usable = read.entries.filter(
        ({ entry }) => !(list === 'watch' && hashed && /^\+\d+$/.test(entry)),
      )
      const unusable = read.entries.filter((entry) => !usable.includes(entry))
      return {
        lines: read.lines,
        entries: usable.map((entry): ListPreviewView['entries'][number] => ({
          ...entry,
          state: there.get(list)?.has(entry.entry) ? 'known' : 'new',
          also:
            LIST_NAMES.find((name) => name !== list && there.get(name)?.has(entry.entry)) ?? null,
        })),
        problems: [
          ...read.problems,
          ...unusable.map(({ line, entry }) => ({
            line,
            text: entry,
            message:
              'a single number cannot be watched: numbers are kept as hashes; watch its range',
          })),
        ],
      }
    },
  )

  app.post(
    '/v1/console/lists/:list/entries',
    {
      onRequest: allow('analyst'),
      bodyLimit: 3 * LONGEST_TEXT,
      schema: {
        hide,
        params: Type.Object({ list: List }),
        body: body({
          entries: Type.Array(
            body({
              entry: EntryText,
              note: Type.String({ maxLength: LONGEST_NOTE }),
              expiresAt: nullableTime(),
            }),
            { minItems: 1, maxItems: MAX_LINES },
          ),
        }),
        response: { 201: view<ListChangedView>(), ...problems },
      },
    },
    async (request, reply) => {
      const { list } = request.params
      const given = request.body.entries.map(({ entry, note, expiresAt }, i) => {
        notPast(expiresAt)
        return { entry: checked(list, entry, `/entries/${i}/entry`), note, expiresAt }
      })
      if (list === 'watch' && (await book.watchList()).length + given.length > MAX_WATCHED)
        throw new Refusal('validation', `The watch list takes ${MAX_WATCHED} entries at most.`)
      reply.code(201)
      return changed(await book.add(actorOf(request).id, list, given))
    },
  )

  app.post(
    '/v1/console/lists/:list/remove',
    {
      onRequest: allow('analyst'),
      bodyLimit: 2 * LONGEST_TEXT,
      schema: {
        hide,
        params: Type.Object({ list: List }),
        body: body({ entries: Entries }),
        response: { 200: view<ListChangedView>(), ...problems },
      },
    },
    async (request) => {
      const { list } = request.params
      const change = await book.remove(actorOf(request).id, list, request.body.entries)
      if (change === null)
        throw new Refusal(
          'not_found',
          `The ${list} list has no such entry; the policy has its own.`,
        )
      return changed(change)
    },
  )

  app.post(
    '/v1/console/lists/:list/expiry',
    {
      onRequest: allow('analyst'),
      bodyLimit: 2 * LONGEST_TEXT,
      schema: {
        hide,
        params: Type.Object({ list: List }),
        body: body({ entries: Entries, expiresAt: nullableTime() }),
        response: { 200: view<ListChangedView>(), ...problems },
      },
    },
    async (request) => {
      const { list } = request.params
      const { entries, expiresAt } = request.body
      notPast(expiresAt)
      const change = await book.expire(actorOf(request).id, list, entries, expiresAt)
      if (change === null)
        throw new Refusal(
          'not_found',
          `The ${list} list has no such entry; the policy has its own.`,
        )
      return changed(change)
    },
  )

  app.post(
    '/v1/console/lists/changes/:id/undo',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Type.Object({ id: Type.String({ pattern: '^chg_[0-9a-f]{24}$' }) }),
        response: { 200: view<ListChangedView>(), ...problems },
      },
    },
    async (request) => {
      const change = await book.undo(actorOf(request).id, request.params.id)
      if (change === null)
        throw new Refusal(
          'not_found',
          'This change cannot be undone any more: the last twenty can, until the gateway is started again.',
        )
      return changed(change)
    },
  )

  app.get(
    '/v1/console/lists/:list/export',
    {
      onRequest: allow('analyst'),
      schema: {
        hide,
        params: Type.Object({ list: List }),
        response: { 200: Type.String(), ...problems },
      },
    },
    async (request, reply) => {
      const { list } = request.params
      const rows = await book.entries(list)
      reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="tollgate-${list}-list.csv"`)
      return csvText(
        ['entry', 'note', 'expires', 'added', 'by'],
        rows.map(({ entry, note, expiresAt, createdAt, source }) => [
          entry,
          note,
          expiresAt === null ? null : new Date(expiresAt).toISOString(),
          new Date(createdAt).toISOString(),
          source,
        ]),
      )
    },
  )
}
