import { Type } from '@sinclair/typebox'
import { nullableText, nullableTime, problems, strings, Time } from '../schema.js'
import type { Routes } from '../wiring.js'

const Incident = Type.Object({
  id: Type.String(),
  kind: strings(['attack', 'outage']),
  state: strings(['open', 'contained', 'closed']),
  service: Type.String(),
  countries: Type.Array(Type.String()),
  ranges: Type.Array(
    Type.Object({
      level: Type.String(),
      key: Type.String(),
      country: Type.String(),
      operatorRange: Type.String(),
      sent: Type.Number({ description: 'sessions matured since the onset' }),
      verified: Type.Number(),
      expected: Type.Number({ description: 'verifications that so many usually bring' }),
      evidence: Type.Number({ description: 'log of the e-value against "as usual", natural log' }),
    }),
  ),
  sources: Type.Array(
    Type.Object({
      kind: Type.String(),
      key: Type.String(),
      share: Type.Number(),
      lift: Type.Number(),
    }),
  ),
  firstSendAt: Time(),
  openedAt: Time(),
  containedAt: nullableTime(),
  closedAt: nullableTime(),
  closedAs: nullableText(),
  lostMicroUsd: Type.Number(),
  savedMicroUsd: Type.Number(),
  refusedNumbers: Type.Integer(),
  falsePositives: Type.Integer(),
})

/** What the detector calls an attack or an outage. */
export const incidents: Routes = (app, { gate, allow }) => {
  app.get(
    '/v1/admin/incidents',
    {
      onRequest: allow('viewer'),
      schema: {
        tags: ['admin'],
        operationId: 'listIncidents',
        summary: 'Attacks and outages: those that are open, then the last that closed',
        response: { 200: Type.Object({ incidents: Type.Array(Incident) }), ...problems },
      },
    },
    async () => ({ incidents: gate.incidents() }),
  )
}
