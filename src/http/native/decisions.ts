import { Type } from '@sinclair/typebox'
import { PRICE_MICRO_USD } from '../../verify/types.js'
import { patienceOf } from '../deadline.js'
import { refusalOf } from '../refusal.js'
import { ONCE } from '../refuses.js'
import { keyOf } from '../request.js'
import { Decision, problems } from '../schema.js'
import { createTurn } from '../turn.js'
import { note } from '../verdict.js'
import type { Routes } from '../wiring.js'
import { ASKED, asking, gateRequest } from './asking.js'
import { idempotencyKey, Repeatable } from './repeatable.js'
import { showDecision } from './show.js'

const Body = Type.Object(
  {
    ...asking,
    priceMicroUsd: Type.Optional(
      Type.Integer({
        ...PRICE_MICRO_USD,
        description: 'price of the message, micro-USD; from the price table when absent',
      }),
    ),
  },
  { additionalProperties: false, examples: [ASKED] },
)

/** Decide only: for whoever sends by other means. Charged like a send; outcomes come by POST /v1/outcomes. */
export const decisions: Routes = (app, { gate, clock, guard, metrics }) => {
  const endOfTurn = createTurn()
  app.post(
    '/v1/decisions',
    {
      onRequest: guard('decide'),
      schema: {
        tags: ['decisions'],
        operationId: 'createDecision',
        summary: 'Decide whether a message should be sent, and charge its lines',
        headers: Repeatable,
        body: Body,
        refuses: ['unknown_service', ...ONCE, 'lines_unavailable'],
        response: { 200: Decision, ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request
      const asked = { ...gateRequest(body, keyOf(request).id), ...idempotencyKey(request) }
      if (body.priceMicroUsd !== undefined) asked.priceMicroUsd = body.priceMicroUsd
      const result = await gate.decide(asked, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const decision = result.value
      await endOfTurn()
      note(request, reply, { service: body.service, decision, metrics, now: clock() })
      return showDecision(decision)
    },
  )
}
