import { Type } from '@sinclair/typebox'
import { patienceOf } from '../deadline.js'
import { idOfSid } from '../ids.js'
import { Refusal, refusalOf } from '../refusal.js'
import { OVER } from '../refuses.js'
import { keyOf } from '../request.js'
import { E164, Fields, ServiceSid } from './fields.js'
import { showCheck, VerificationCheck } from './show.js'
import type { TwilioRoutes } from './wiring.js'

const Body = Fields(
  {
    Code: Type.String({ pattern: '^[0-9]{4,10}$', description: '4 to 10 digits' }),
    To: Type.Optional(E164),
    VerificationSid: Type.Optional(Type.String({ maxLength: 64 })),
  },
  { To: '+2348031234567', Code: '123456' },
)

export const checks: TwilioRoutes = (app, { gate, guard, directory }) => {
  app.post(
    '/v2/Services/:ServiceSid/VerificationCheck',
    {
      onRequest: guard('verify'),
      schema: {
        tags: ['twilio'],
        operationId: 'CreateVerificationCheck',
        summary: 'Check a code',
        params: ServiceSid,
        body: Body,
        refuses: [
          'not_found',
          'verification_unnamed',
          'verification_not_found',
          ...OVER,
          'not_sent_yet',
          'too_many_checks',
          'conflict',
          'lines_unavailable',
        ],
        response: { 201: VerificationCheck },
      },
    },
    async (request, reply) => {
      const { Code, To, VerificationSid } = request.body
      const service = await directory.service(request.params.ServiceSid)
      if (To === undefined && VerificationSid === undefined)
        throw new Refusal('verification_unnamed')
      const named = VerificationSid === undefined ? null : idOfSid('VE', VerificationSid)
      const id = To === undefined ? named : ((await gate.find(service.name, To))?.id ?? null)
      if (id === null) {
        const where = To === undefined ? 'under this SID' : 'for this number'
        throw new Refusal(
          'verification_not_found',
          `Of this service no code is out ${where}: never sent, entered already, cancelled or expired.`,
        )
      }
      // A SID of another service names nothing here, and costs that verification no check.
      const view = To === undefined ? await gate.get(id) : null
      if (view && (!view.ok || view.value.service !== service.name)) {
        throw view.ok ? new Refusal('verification_not_found') : refusalOf(view.error)
      }
      const result = await gate.check(id, Code, patienceOf(request))
      if (!result.ok) throw refusalOf(result.error)
      const { verification, status } = result.value
      reply.code(201)
      return showCheck(
        verification,
        { serviceSid: service.sid, accountSid: keyOf(request).accountSid },
        status === 'verified',
      )
    },
  )
}
