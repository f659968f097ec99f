import { Type } from '@sinclair/typebox'
import { createListChanges } from '../../desk/lists/change-lists.js'
import { LIST_ENTRY_HINT, listEntry } from '../../policy/list-entry.js'
import { actorOf, seesNumbers } from '../access.js'
import { maskEntry } from '../mask.js'
import { invalid, Refusal } from '../refusal.js'
import { nullableTime, problems, strings, Time } from '../schema.js'
import type { Routes } from '../wiring.js'

const Entry = Type.Object({
  list: strings(['allow', 'deny']),
  entry: Type.String(),
  source: Type.String(),
  createdAt: Time(),
  expiresAt: nullableTime(),
})

const tags = ['admin']

/** The allow and deny lists that operators keep beside those of the policy. */
export const lists: Routes = (app, wiring) => {
  const { ledger, clock, allow } = wiring
  const changes = createListChanges(wiring)

  app.get(
    '/v1/admin/lists',
    {
      onRequest: allow('viewer'),
      schema: {
        tags,
        operationId: 'getListEntries',
        summary: 'List the entries that are in force',
        response: { 200: Type.Object({ entries: Type.Array(Entry) }), ...problems },
      },
    },
    async (request) => {
      const entries = await ledger.listEntries(clock())
      if (seesNumbers(request)) return { entries }
      return { entries: entries.map((row) => ({ ...row, entry: maskEntry(row.entry) })) }
    },
  )

  app.post(
    '/v1/admin/lists',
    {
      onRequest: allow('analyst'),
      schema: {
        tags,
        operationId: 'putListEntry',
        summary: 'Add an entry, or change when it ends',
        body: Type.Object(
          {
            list: strings(['allow', 'deny']),
            entry: Type.String({ minLength: 1, maxLength: 270, description: LIST_ENTRY_HINT }),
            expiresAt: Type.Optional(nullableTime()),
          },
          { additionalProperties: false, examples: [{ list: 'deny', entry: '+23480312*' }] },
        ),
        response: { 201: Entry, ...problems },
      },
    },
    async (request, reply) => {
      const { list, expiresAt = null } = request.body
      const entry = listEntry(request.body.entry)
      if (entry === null)
        throw invalid('/entry', 'is nothing that a list can match', LIST_ENTRY_HINT)
      const now = clock()
      if (expiresAt !== null && expiresAt <= now) {
        throw invalid('/expiresAt', 'is in the past', `now is ${now}`)
      }
      const row = { list, entry, source: actorOf(request).id, createdAt: now, expiresAt }
      await changes.put(row.source, [row])
      reply.code(201)
      return row
    },
  )

  app.delete(
    '/v1/admin/lists/:list/:entry',
    {
      onRequest: allow('analyst'),
      schema: {
        tags,
        operationId: 'removeListEntry',
        summary: 'Remove an entry (percent-encoded in the path)',
        params: Type.Object({
          list: strings(['allow', 'deny']),
          entry: Type.String({ maxLength: 270 }),
        }),
        refuses: ['not_found'],
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { list } = request.params
      const entry = listEntry(request.params.entry) ?? request.params.entry
      const removed = await changes.remove(actorOf(request).id, list, [entry])
      if (removed.length === 0) {
        throw new Refusal(
          'not_found',
          `The ${list} list has no such entry; the policy file has its own.`,
        )
      }
      return reply.code(204).send(null)
    },
  )
}
