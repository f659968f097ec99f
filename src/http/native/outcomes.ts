import { Type } from '@sinclair/typebox'
import type { OutcomeReport } from '../../verify/types.js'
import { isDecisionId, isVerificationId } from '../ids.js'
import { problems, strings, Time } from '../schema.js'
import type { Routes } from '../wiring.js'

/** What an application can know; the rest of the outcomes are the gate's own. */
const REPORTED = [
  'sent',
  'delivered',
  'failed',
  'released',
  'verified',
  'activated',
  'banned',
  'chargeback',
] as const
const MOST = 1000
const BODY_LIMIT = 1_048_576

const Body = Type.Object(
  {
    outcomes: Type.Array(
      Type.Object(
        {
          id: Type.String({ maxLength: 64, description: 'id of a decision or a verification' }),
          kind: strings(REPORTED),
          at: Type.Optional(Time()),
          detail: Type.Optional(Type.String({ maxLength: 256 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: MOST },
    ),
  },
  {
    additionalProperties: false,
    examples: [{ outcomes: [{ id: `dec_${'0'.repeat(32)}`, kind: 'verified' }] }],
  },
)

const Results = Type.Object({
  results: Type.Array(
    Type.Object({
      id: Type.String(),
      accepted: Type.Boolean(),
      reason: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
    }),
  ),
})

/** What became of messages, reported by whoever sent them. Each item stands for itself. */
export const outcomes: Routes = (app, { gate, guard }) => {
  app.post(
    '/v1/outcomes',
    {
      onRequest: guard('outcomes'),
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['outcomes'],
        operationId: 'reportOutcomes',
        summary: `Report up to ${MOST} outcomes`,
        body: Body,
        refuses: ['lines_unavailable'],
        response: { 200: Results, ...problems },
      },
    },
    async (request) => {
      const given = request.body.outcomes
      const reports: OutcomeReport[] = []
      const at: number[] = []
      const results = given.map(({ id }) => ({
        id,
        accepted: false,
        reason: 'ids are dec_ or ver_ and 32 hex digits' as string | null,
      }))
      given.forEach((outcome, index) => {
        if (!isDecisionId(outcome.id) && !isVerificationId(outcome.id)) return
        reports.push(outcome)
        at.push(index)
      })
      const answers = await gate.report(reports)
      answers.forEach(({ accepted, reason }, index) => {
        const result = results[at[index] ?? -1]
        if (result) Object.assign(result, { accepted, reason })
      })
      return { results }
    },
  )
}
