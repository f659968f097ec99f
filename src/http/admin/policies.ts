import { Type } from '@sinclair/typebox'
import { seesNumbers } from '../access.js'
import { maskedText } from '../console/policy-show.js'
import { Refusal } from '../refusal.js'
import { nullableText, problems, queryInteger, Time } from '../schema.js'
import type { Routes } from '../wiring.js'

const Policy = {
  version: Type.Integer(),
  at: Time(),
  by: Type.String(),
  note: nullableText(),
}

const tags = ['admin']

/** Versions of the policy, newest first. */
export const policies: Routes = (app, { ledger, allow }) => {
  const onRequest = allow('viewer')

  app.get(
    '/v1/admin/policies',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'listPolicies',
        summary: 'List versions of the policy',
        querystring: Type.Object(
          { limit: Type.Optional(queryInteger(3)) },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ policies: Type.Array(Type.Object(Policy)) }), ...problems },
      },
    },
    async (request) => ({ policies: await ledger.policies(Number(request.query.limit ?? 50)) }),
  )

  app.get(
    '/v1/admin/policies/:version',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'getPolicy',
        summary: 'Show a version of the policy: its number, or "current"',
        params: Type.Object({ version: Type.String({ pattern: '^([0-9]{1,9}|current)$' }) }),
        refuses: ['not_found'],
        response: { 200: Type.Object({ ...Policy, yaml: Type.String() }), ...problems },
      },
    },
    async (request) => {
      const { version } = request.params
      const row = await ledger.policy(version === 'current' ? undefined : Number(version))
      if (!row) throw new Refusal('not_found', `There is no policy version ${version}.`)
      // its lists may have numbers
      return seesNumbers(request) ? row : { ...row, yaml: maskedText(row.yaml) }
    },
  )
}
