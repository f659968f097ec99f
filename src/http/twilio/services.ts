import { Type } from '@sinclair/typebox'
import type { ServiceRow } from '../../ledger/rows.js'
import { publicUrlOf } from '../public-url.js'
import { invalid } from '../refusal.js'
import { keyOf } from '../request.js'
import { Fields, Flag, iso, PageFields, text } from './fields.js'
import { Meta, meta, pageSize } from './page.js'
import type { TwilioRoutes } from './wiring.js'

const Links = Type.Record(Type.String(), Type.String())
const Service = Type.Object({
  sid: Type.String(),
  account_sid: Type.String(),
  friendly_name: Type.String(),
  code_length: Type.Integer(),
  lookup_enabled: Type.Boolean(),
  psd2_enabled: Type.Boolean(),
  skip_sms_to_landlines: Type.Boolean(),
  dtmf_input_required: Type.Boolean(),
  tts_name: Type.Null(),
  do_not_share_warning_enabled: Type.Boolean(),
  custom_code_enabled: Type.Boolean(),
  push: Type.Null(),
  totp: Type.Null(),
  default_template_sid: Type.Null(),
  whatsapp: Type.Null(),
  passkeys: Type.Null(),
  verify_event_subscription_enabled: Type.Boolean(),
  date_created: Type.String(),
  date_updated: Type.String(),
  url: Type.String(),
  links: Links,
})

const CodeLength = Type.Optional(Type.String({ pattern: '^([4-9]|10)$', description: '4 to 10' }))
const tags = ['twilio']

function show(row: ServiceRow, accountSid: string, origin: string) {
  const url = `${origin}/v2/Services/${row.sid}`
  return {
    sid: row.sid,
    account_sid: accountSid,
    friendly_name: row.friendlyName,
    code_length: row.codeLength,
    lookup_enabled: false,
    psd2_enabled: false,
    skip_sms_to_landlines: true,
    dtmf_input_required: false,
    tts_name: null,
    do_not_share_warning_enabled: false,
    custom_code_enabled: true,
    push: null,
    totp: null,
    default_template_sid: null,
    whatsapp: null,
    passkeys: null,
    verify_event_subscription_enabled: false,
    date_created: iso(row.createdAt),
    date_updated: iso(row.updatedAt),
    url,
    links: {
      verifications: `${url}/Verifications`,
      verification_checks: `${url}/VerificationCheck`,
    },
  }
}

export const services: TwilioRoutes = (
  app,
  { ledger, clock, random, guard, publicUrl, directory },
) => {
  const reading = guard('verify')
  const writing = guard('admin')
  const unknownName = () =>
    invalid(
      '/FriendlyName',
      'names no service of the policy, and the policy has no fallback',
      'add the service to the policy',
    )

  app.post(
    '/v2/Services',
    {
      onRequest: writing,
      schema: {
        tags,
        operationId: 'CreateService',
        summary: 'Create a service',
        body: Fields(
          {
            FriendlyName: Type.String({ minLength: 1, maxLength: 32 }),
            CodeLength,
            SkipSmsToLandlines: Flag,
          },
          { FriendlyName: 'signup' },
        ),
        response: { 201: Service },
      },
    },
    async (request, reply) => {
      const { FriendlyName, CodeLength: length } = request.body
      const name = directory.nameFor(FriendlyName)
      if (name === null) throw unknownName()
      const now = clock()
      const row = {
        sid: `VA${random(16).toString('hex')}`,
        name,
        friendlyName: FriendlyName,
        codeLength: length === undefined ? directory.digitsOf(name) : Number(length),
        createdAt: now,
        updatedAt: now,
      }
      await ledger.putService(row)
      reply.code(201)
      return show(row, keyOf(request).accountSid, publicUrlOf(request, publicUrl))
    },
  )

  app.get(
    '/v2/Services',
    {
      onRequest: reading,
      schema: {
        tags,
        operationId: 'ListService',
        summary: 'List services',
        querystring: Fields({ ...PageFields }),
        response: { 200: Type.Object({ services: Type.Array(Service), meta: Meta }) },
      },
    },
    async (request) => {
      const origin = publicUrlOf(request, publicUrl)
      const size = pageSize(request.query)
      const from = Number(request.query.PageToken ?? 0)
      const all = await directory.all()
      const page = all.slice(from, from + size)
      const more = from + size < all.length
      return {
        services: page.map((row) => show(row, keyOf(request).accountSid, origin)),
        meta: meta({
          key: 'services',
          base: `${origin}/v2/Services`,
          query: request.query,
          next: more ? String(from + size) : null,
        }),
      }
    },
  )

  const params = Type.Object({ Sid: Type.String({ maxLength: 64 }) })
  app.get(
    '/v2/Services/:Sid',
    {
      onRequest: reading,
      schema: {
        tags,
        operationId: 'FetchService',
        summary: 'Fetch a service',
        params,
        refuses: ['not_found'],
        response: { 200: Service },
      },
    },
    async (request) =>
      show(
        await directory.service(request.params.Sid),
        keyOf(request).accountSid,
        publicUrlOf(request, publicUrl),
      ),
  )

  app.post(
    '/v2/Services/:Sid',
    {
      onRequest: writing,
      schema: {
        tags,
        operationId: 'UpdateService',
        summary: 'Update a service',
        params,
        body: Fields({ FriendlyName: text(32), CodeLength }, { CodeLength: '6' }),
        refuses: ['not_found'],
        response: { 200: Service },
      },
    },
    async (request) => {
      const row = await directory.service(request.params.Sid)
      const { FriendlyName = row.friendlyName, CodeLength: length } = request.body
      const name = FriendlyName === row.friendlyName ? row.name : directory.nameFor(FriendlyName)
      if (name === null || FriendlyName === '') throw unknownName()
      const updated = {
        ...row,
        name,
        friendlyName: FriendlyName,
        codeLength: length === undefined ? row.codeLength : Number(length),
        updatedAt: clock(),
      }
      await ledger.putService(updated)
      return show(updated, keyOf(request).accountSid, publicUrlOf(request, publicUrl))
    },
  )

  app.delete(
    '/v2/Services/:Sid',
    {
      onRequest: writing,
      schema: {
        tags,
        operationId: 'DeleteService',
        summary: 'Delete a service',
        params,
        refuses: ['not_found', 'unsupported_feature'],
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await directory.remove(request.params.Sid, clock())
      return reply.code(204).send(null)
    },
  )
}
