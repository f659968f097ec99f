import { Type } from '@sinclair/typebox'
import { problems, queryInteger, Time } from '../schema.js'
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
        summary: "List operators' actions",
        querystring: Type.Object(
          { limit: Type.Optional(queryInteger(3)) },
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
          }),
          ...problems,
        },
      },
    },
    async (request) => ({ actions: await ledger.actions(Number(request.query.limit ?? 100)) }),
  )
}
