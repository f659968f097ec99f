import { isIP } from 'node:net'
import { type Static, Type } from '@sinclair/typebox'
import type { ServiceRow } from '../../ledger/rows.js'
import { drawCode } from '../../verify/codes.js'
import type { Patience } from '../../verify/patience.js'
import type { Result, StartRequest, StartResult, VerificationView } from '../../verify/types.js'
import { patienceOf } from '../deadline.js'
import { idOfSid } from '../ids.js'
import { publicUrlOf } from '../public-url.js'
import { invalid, Refusal, refusalOf } from '../refusal.js'
import { OVER, SENDING } from '../refuses.js'
import { keyOf } from '../request.js'
import { strings } from '../schema.js'
import { note } from '../verdict.js'
import { E164, Fields, ServiceSid, text, textMap } from './fields.js'
import { refusalOfVerdict } from './refused.js'
import { showVerification, Verification } from './show.js'
import { Turns } from './turns.js'
import type { TwilioRoutes } from './wiring.js'

const Create = Fields(
  {
    To: E164,
    Channel: strings(['sms']),
    DeviceIp: text(64),
    RateLimits: text(2048),
    Tags: text(4096),
    CustomCode: Type.Optional(
      Type.String({ pattern: '^[0-9]{4,10}$', description: '4 to 10 digits' }),
    ),
    Locale: text(35),
    RiskCheck: Type.Optional(strings(['enable', 'disable'])),
    Amount: text(64),
    Payee: text(64),
  },
  { To: '+2348031234567', Channel: 'sms', DeviceIp: '105.112.3.4' },
)

/** Names that Twilio's users give their rate limits, and what the value is to our lines. */
const LIMIT_KEYS: [RegExp, 'ip' | 'deviceId' | 'sessionId' | 'accountId'][] = [
  [/^(end_?user_?)?ip(_?address)?$/i, 'ip'],
  [/device/i, 'deviceId'],
  [/session/i, 'sessionId'],
  [/account|user|customer|e?mail/i, 'accountId'],
]

/** Twilio's parameters as the gate takes them. */
function startRequest(
  body: Static<typeof Create>,
  service: ServiceRow,
  apiKeyId: string,
): StartRequest {
  const request: StartRequest = { service: service.name, to: body.To, apiKeyId, channel: 'sms' }
  if (body.RateLimits !== undefined && body.RateLimits !== '') {
    const limits = textMap('RateLimits', body.RateLimits, { entries: 10, length: 256 })
    for (const [name, value] of Object.entries(limits)) {
      const key = LIMIT_KEYS.find(([pattern]) => pattern.test(name))?.[1]
      if (key === undefined || value === '' || (key === 'ip' && isIP(value) === 0)) continue
      request[key] ??= value
    }
  }
  if (body.DeviceIp !== undefined && body.DeviceIp !== '') {
    if (isIP(body.DeviceIp) === 0) throw invalid('/DeviceIp', 'is not an IP address')
    request.ip = body.DeviceIp
  }
  if (body.Tags !== undefined && body.Tags !== '') {
    request.tags = textMap('Tags', body.Tags, { entries: 10, length: 128 })
  }
  if (body.CustomCode !== undefined) request.code = body.CustomCode
  if (body.Locale !== undefined && body.Locale !== '') request.locale = body.Locale
  if (body.RiskCheck === 'disable') request.riskCheck = false
  if (body.Amount !== undefined || body.Payee !== undefined) {
    throw new Refusal(
      'unsupported_feature',
      'Amount and Payee (PSD2) are not served: the message would lack them.',
    )
  }
  return request
}

const tags = ['twilio']

export const verifications: TwilioRoutes = (app, wiring) => {
  const { gate, ledger, clock, random, metrics, directory, publicUrl } = wiring
  const onRequest = wiring.guard('verify')
  const turns = new Turns()

  const show = async (
    view: VerificationView,
    service: ServiceRow,
    request: Parameters<typeof publicUrlOf>[0] & Parameters<typeof keyOf>[0],
  ) =>
    showVerification(view, {
      serviceSid: service.sid,
      accountSid: keyOf(request).accountSid,
      origin: publicUrlOf(request, publicUrl),
      maxChecks: gate.policy.service(view.service)?.policy.code.maxChecks ?? 5,
      sends: await ledger.sends(view.id),
    })

  /** A create for a number that has a code out sends again under the same SID, as Twilio does. */
  const startOrResend = async (
    request: StartRequest,
    patience: Patience | undefined,
  ): Promise<Result<StartResult>> => {
    const live = await gate.find(request.service, request.to)
    if (live?.status !== 'sent') return gate.start(request, patience)
    const { code } = request
    const again = await gate.resend(live.id, code === undefined ? {} : { code }, patience)
    const ended =
      !again.ok && ['verification_expired', 'verification_not_found'].includes(again.error.code)
    return ended ? gate.start(request, patience) : again
  }

  app.post(
    '/v2/Services/:ServiceSid/Verifications',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'CreateVerification',
        summary: 'Start a verification, or send its code again',
        params: ServiceSid,
        body: Create,
        refuses: [
          'not_found',
          'verdict_refused',
          'verdict_geo',
          'verdict_number',
          'verdict_line_type',
          'verdict_rate',
          'unsupported_feature',
          'too_many_checks',
          'too_many_sends',
          'resend_too_soon',
          'own_code_not_kept',
          ...SENDING,
        ],
        response: { 201: Verification },
      },
    },
    async (request, reply) => {
      const service = await directory.service(request.params.ServiceSid)
      const asked = startRequest(request.body, service, keyOf(request).id)
      if (asked.code === undefined && service.codeLength !== directory.digitsOf(service.name)) {
        asked.code = drawCode(service.codeLength, random)
      }
      const result = await turns.take(`${asked.service} ${asked.to}`, () =>
        startOrResend(asked, patienceOf(request)),
      )
      if (!result.ok) throw refusalOf(result.error)
      const { verification, decision } = result.value
      note(request, reply, { service: asked.service, decision, metrics, now: clock() })
      if (decision.verdict !== 'allow') {
        throw refusalOfVerdict(result.value, publicUrlOf(request, publicUrl))
      }
      reply.code(201)
      return show(verification, service, request)
    },
  )

  const Params = Type.Object({
    ServiceSid: Type.String({ maxLength: 64 }),
    Sid: Type.String({ maxLength: 64 }),
  })

  /** By its SID or, as Twilio also has it, by the number. */
  const read = async (service: ServiceRow, sid: string): Promise<VerificationView> => {
    const id = idOfSid('VE', sid)
    const found = id === null ? null : await gate.get(id)
    if (found && !found.ok && found.error.code !== 'verification_not_found')
      throw refusalOf(found.error)
    const view = found?.ok
      ? found.value
      : sid.startsWith('+')
        ? await gate.find(service.name, sid)
        : null
    if (view === null || view.service !== service.name) {
      throw new Refusal(
        'verification_not_found',
        'This service has no verification of this SID, or none of this number whose code is out.',
      )
    }
    return view
  }

  app.get(
    '/v2/Services/:ServiceSid/Verifications/:Sid',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'FetchVerification',
        summary: 'Fetch a verification',
        params: Params,
        refuses: ['not_found', 'verification_not_found'],
        response: { 200: Verification },
      },
    },
    async (request) => {
      const service = await directory.service(request.params.ServiceSid)
      return show(await read(service, request.params.Sid), service, request)
    },
  )

  app.post(
    '/v2/Services/:ServiceSid/Verifications/:Sid',
    {
      onRequest,
      schema: {
        tags,
        operationId: 'UpdateVerification',
        summary: 'Cancel or approve a verification',
        params: Params,
        body: Fields({ Status: strings(['canceled', 'approved']) }, { Status: 'canceled' }),
        refuses: [
          'not_found',
          'verification_not_found',
          ...OVER,
          'not_sent_yet',
          'conflict',
          'lines_unavailable',
        ],
        response: { 200: Verification },
      },
    },
    async (request) => {
      const service = await directory.service(request.params.ServiceSid)
      const { id } = await read(service, request.params.Sid)
      const result = await (request.body.Status === 'approved' ? gate.approve(id) : gate.cancel(id))
      if (!result.ok) throw refusalOf(result.error)
      return show(result.value, service, request)
    },
  )
}
