import { Type } from '@sinclair/typebox'
import { nullableNumber, problems, queryInteger, Time } from '../schema.js'
import type { Routes } from '../wiring.js'

/** What operators did, newest first. */
export const actions: Routes = (app, { ledger, allow }) => {
  app.get(
    '/v1/admin/actions',
    {
      onRequest: allow('admin'),
      schema: {
        tags: ['admin'],
        operationId: 'listActions',
        summary: "List operators' actions; `next` goes into `before` for the next page",
        querystring: Type.Object(
          { limit: Type.Optional(queryInteger(4)), before: Type.Optional(queryInteger(15)) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            actions: Type.Array(
              Type.Object({
                at: Time(),
                actor: Type.String(),
                action: Type.String(),
                target: Type.String(),
                detail: Type.Unsafe<Record<string, unknown> | null>({
                  type: ['object', 'null'],
                  additionalProperties: true,
                }),
              }),
            ),
            next: nullableNumber(),
          }),
          ...problems,
        },
      },
    },
    async ({ query }) => {
      const limit = Math.min(1000, Math.max(1, Number(query.limit ?? 100)))
      const rows = await ledger.actions(
        limit,
        query.before === undefined ? {} : { before: Number(query.before) },
      )
      return { actions: rows, next: rows.length === limit ? (rows.at(-1)?.seq ?? null) : null }
    },
  )
}
