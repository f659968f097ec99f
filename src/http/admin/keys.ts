import { Type } from '@sinclair/typebox'
import { actorOf } from '../access.js'
import { freshly } from '../access-hook.js'
import { createKey, KEY_ID, LONGEST_KEY_NAME, SCOPES } from '../keys.js'
import { Refusal } from '../refusal.js'
import { nullableTime, problems, strings, Time } from '../schema.js'
import type { App, Routes, Wiring } from '../wiring.js'

const Key = {
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  createdAt: Time(),
  revokedAt: nullableTime(),
}
const Listed = Type.Object({
  ...Key,
  lastUsedAt: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'last request that this process let in with it since its start, Unix time, ms',
  }),
})

const tags = ['admin']

/** API keys. A secret is in the answer that creates it and nowhere after. */
export const keys: Routes = (app, wiring) => keysUnder('/v1/admin', false, app, wiring)

/** @param base the admin API, and the console's own for its pages @param hide from the description of the API */
export function keysUnder(base: string, hide: boolean, app: App, wiring: Wiring): void {
  const { ledger, clock, random, allow, keyLastUse } = wiring
  const onRequest = allow('admin')

  app.post(
    `${base}/keys`,
    {
      onRequest: [onRequest, freshly(clock)],
      schema: {
        hide,
        tags,
        operationId: 'createKey',
        summary: 'Create an API key',
        body: Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: LONGEST_KEY_NAME }),
            scopes: Type.Array(strings(SCOPES), { minItems: 1, maxItems: 8, uniqueItems: true }),
            id: Type.Optional(
              Type.String({
                pattern: KEY_ID.source,
                description:
                  "3 to 64 letters, digits, - or _; AC and 32 hex digits for Twilio's SDK",
              }),
            ),
          },
          {
            additionalProperties: false,
            examples: [{ name: 'shop', scopes: ['verify', 'outcomes'] }],
          },
        ),
        refuses: ['conflict'],
        response: { 201: Type.Object({ ...Key, secret: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      const now = clock()
      const { row, secret } = createKey({ ...request.body, now, random })
      if (await ledger.key(row.id))
        throw new Refusal('conflict', `There is a key ${row.id} already.`)
      await ledger.putKey(row)
      ledger.append([
        {
          table: 'actions',
          row: {
            at: now,
            actor: actorOf(request).id,
            action: 'key.create',
            target: row.id,
            detail: { name: row.name, scopes: row.scopes },
          },
        },
      ])
      await ledger.commit()
      reply.code(201)
      return { ...row, secret }
    },
  )

  app.get(
    `${base}/keys`,
    {
      onRequest,
      schema: {
        hide,
        tags,
        operationId: 'listKeys',
        summary: 'List API keys',
        response: { 200: Type.Object({ keys: Type.Array(Listed) }), ...problems },
      },
    },
    async () => ({
      keys: (await ledger.keys()).map((key) => ({ ...key, lastUsedAt: keyLastUse(key.id) })),
    }),
  )

  app.delete(
    `${base}/keys/:id`,
    {
      onRequest,
      schema: {
        hide,
        tags,
        operationId: 'revokeKey',
        summary: 'Revoke an API key: every node refuses it within seconds',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        refuses: ['not_found'],
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const now = clock()
      const { id } = request.params
      if (!(await ledger.revokeKey(id, now))) {
        throw new Refusal('not_found', 'There is no key of this id that is not revoked already.')
      }
      ledger.append([
        {
          table: 'actions',
          row: {
            at: now,
            actor: actorOf(request).id,
            action: 'key.revoke',
            target: id,
            detail: null,
          },
        },
      ])
      await ledger.commit()
      return reply.code(204).send(null)
    },
  )
}
