import { Type } from '@sinclair/typebox'
import { recordedDecision } from '../../verify/rows.js'
import type { ConsoleRoutes } from '../console/routes.js'
import { isDecisionId } from '../ids.js'
import { Refusal } from '../refusal.js'
import { keyOf } from '../request.js'
import { Decision, nullableText, problems, strings, Time } from '../schema.js'
import { showDecision } from './show.js'

const Answer = Type.Object({
  decision: Decision,
  review: Type.Unsafe<{ state: string; expiresAt: number; decisionId: string | null } | null>({
    type: ['object', 'null'],
    description: 'of a decision that was held; null of any other',
    properties: {
      state: strings(['waiting', 'approved', 'denied', 'refused', 'expired']),
      expiresAt: Time(),
      decisionId: {
        ...nullableText(),
        description: 'approved: the decision that lets the message through; report outcomes for it',
      },
    },
    required: ['state', 'expiresAt', 'decisionId'],
  }),
})

/** A decision as it was recorded, and what a person has answered where it was held: for callers who wait for one. */
export const decisionState: ConsoleRoutes = (app, { guard, ledger, desk }) => {
  app.get(
    '/v1/decisions/:id',
    {
      onRequest: guard('decide'),
      schema: {
        tags: ['decisions'],
        operationId: 'getDecision',
        summary: 'Show a decision, and the answer of the review where it was held',
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        refuses: ['not_found'],
        response: { 200: Answer, ...problems },
      },
    },
    async (request) => {
      const { id } = request.params
      const row = isDecisionId(id) ? await ledger.request(id) : null
      // another caller's decisions are nobody's business
      if (row === null || row.apiKeyId !== keyOf(request).id)
        throw new Refusal(
          'not_found',
          'No such decision of this key. Ids are dec_ and 32 hex digits.',
        )
      return {
        decision: showDecision(recordedDecision(row)),
        review: await desk.review.outcomeOf(row),
      }
    },
  )
}
