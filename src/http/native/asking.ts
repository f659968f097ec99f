import { type Static, Type } from '@sinclair/typebox'
import { readAddress } from '../../network/address.js'
import { COUNTRIES, countryHint } from '../../policy/countries.js'
import type { GateRequest } from '../../verify/types.js'
import { invalid } from '../refusal.js'

const text = (maxLength: number, description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))

/** What the application knows about the person who asks. Never taken from the connection: that is the application's. */
const Context = Type.Object(
  {
    ip: text(64, "the end user's address, IPv4 or IPv6"),
    deviceId: text(256, 'stable id of the device'),
    accountId: text(256, 'account the number is for'),
    sessionId: text(256, "the application's session"),
    userAgent: text(1024, "the end user's user agent"),
    sessionAgeMs: Type.Optional(
      Type.Integer({ minimum: 0, description: 'age of the session, ms' }),
    ),
    precedingEvents: Type.Optional(
      Type.Integer({ minimum: 0, description: 'page views and clicks of the session before' }),
    ),
  },
  { additionalProperties: false },
)

/** Fields of every request for a decision. */
export const asking = {
  service: Type.String({ minLength: 1, maxLength: 64, description: 'a service of the policy' }),
  to: Type.String({ minLength: 1, maxLength: 64, description: 'the phone number, best in E.164' }),
  defaultCountry: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{2}$',
      description: 'ISO 3166 alpha-2 country of numbers in national form',
    }),
  ),
  context: Type.Optional(Context),
}

/** For the OpenAPI document. */
export const ASKED = {
  service: 'signup',
  to: '+2348031234567',
  context: { ip: '105.112.3.4', deviceId: 'd-81' },
}

const Asking = Type.Object(asking)

type Asked = Static<typeof Asking>

/**
 * The core's request. Field by field: the spread of a parsed object gets a hidden class of its own on every call, and
 * each of the dozen places that read it then misses its inline cache, which cost more than the decision.
 * @throws Refusal on an address that is none: a typo must not switch source rules off; and on a country that is none:
 * every national number would be told to be wrong.
 */
export function gateRequest(body: Asked, apiKeyId: string): GateRequest {
  const request: GateRequest = { service: body.service, to: body.to, apiKeyId }
  if (body.defaultCountry !== undefined) {
    if (!COUNTRIES.has(body.defaultCountry))
      throw invalid('/defaultCountry', 'is not a country', countryHint(body.defaultCountry))
    request.defaultCountry = body.defaultCountry
  }
  if (body.context !== undefined) addContext(request, body.context)
  return request
}

function addContext(request: GateRequest, context: NonNullable<Asked['context']>): void {
  const { ip, deviceId, accountId, sessionId, userAgent, sessionAgeMs, precedingEvents } = context
  if (ip !== undefined) {
    if (readAddress(ip) === null) {
      const hint = 'the address alone: no port, no brackets'
      throw invalid('/context/ip', 'is not an IP address', hint)
    }
    request.ip = ip
  }
  if (deviceId !== undefined) request.deviceId = deviceId
  if (accountId !== undefined) request.accountId = accountId
  if (sessionId !== undefined) request.sessionId = sessionId
  if (userAgent !== undefined) request.userAgent = userAgent
  if (sessionAgeMs !== undefined) request.sessionAgeMs = sessionAgeMs
  if (precedingEvents !== undefined) request.precedingEvents = precedingEvents
}
