import { Type } from '@sinclair/typebox'
import { problems, queryInteger } from '../schema.js'
import type { AuditView } from './access-view.js'
import { actorNames } from './names.js'
import type { ConsoleRoutes } from './routes.js'
import { view } from './sign-in-schema.js'

const PAGE = 50
const MOST = 200

/** What was done, by whom, newest first. */
export const audit: ConsoleRoutes = (app, { allow, desk, ledger }) => {
  app.get(
    '/v1/console/audit',
    {
      onRequest: allow('admin'),
      schema: {
        hide: true,
        querystring: Type.Object(
          {
            before: Type.Optional(queryInteger(15)),
            limit: Type.Optional(queryInteger(3)),
            actor: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
            action: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: view<AuditView>(), ...problems },
      },
    },
    async ({ query }) => {
      const limit = Math.min(MOST, Math.max(1, Number(query.limit ?? PAGE)))
      const rows = await ledger.actions(limit, {
        ...(query.before !== undefined && { before: Number(query.before) }),
        ...(query.actor !== undefined && { actor: query.actor }),
        ...(query.action !== undefined && { action: query.action }),
      })
      const nameOf = await actorNames(desk)
      const named = (actor: string) => (actor.startsWith('user:') ? nameOf(actor) : null)
      return {
        rows: rows.map((row) => ({
          ...row,
          actorName: named(row.actor),
          targetName: named(row.target),
        })),
        next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null,
      }
    },
  )
}
