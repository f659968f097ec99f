import { Type } from '@sinclair/typebox'
import { acceptRaw } from '../bodies.js'
import { publicUrlOf } from '../public-url.js'
import { Refusal } from '../refusal.js'
import { problems } from '../schema.js'
import type { Routes } from '../wiring.js'

/** Delivery receipts: no API key, the provider's signature says who calls. */
export const receipts: Routes = (app, { gate, sender, publicUrl }) => {
  acceptRaw(app)
  app.post(
    '/v1/hooks/:provider/receipts',
    {
      schema: {
        tags: ['hooks'],
        operationId: 'receiveReceipts',
        summary: "A provider's delivery receipts, signed as it signs them",
        params: Type.Object({ provider: Type.String({ maxLength: 64 }) }),
        refuses: ['unknown_provider', 'bad_signature'],
        response: { 200: Type.Object({ received: Type.Integer() }), ...problems },
      },
    },
    async (request) => {
      const { provider } = request.params
      const { body } = request as { body?: unknown }
      const read = sender.receipts(provider, {
        url: `${publicUrlOf(request, publicUrl)}${request.url}`,
        headers: request.headers as Record<string, string | undefined>,
        body: typeof body === 'string' ? body : '',
      })
      if (read === 'unknown_provider') throw new Refusal('unknown_provider')
      if (read === 'bad_signature') throw new Refusal('bad_signature')
      return { received: await gate.receive(provider, read) }
    },
  )
}
