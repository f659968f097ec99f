import { type GateRequest, PRICE_MICRO_USD, type StartRequest } from '../verify/types.js'

type Kind = 'string' | 'number' | 'boolean' | 'object'

const FIELDS: Record<keyof StartRequest, Kind> = {
  service: 'string',
  to: 'string',
  defaultCountry: 'string',
  ip: 'string',
  deviceId: 'string',
  accountId: 'string',
  sessionId: 'string',
  userAgent: 'string',
  sessionAgeMs: 'number',
  precedingEvents: 'number',
  apiKeyId: 'string',
  priceMicroUsd: 'number',
  challengePassed: 'boolean',
  reviewed: 'boolean',
  riskCheck: 'boolean',
  channel: 'string',
  locale: 'string',
  tags: 'object',
  code: 'string',
  idempotencyKey: 'string',
}
const NEEDED: ReadonlySet<string> = new Set(['service', 'to'])
const KINDS = Object.entries(FIELDS) as [keyof StartRequest, Kind][]

/**
 * What the compiler tells callers with types, and what the schema tells callers over HTTP.
 * @throws TypeError for a field of another type, RangeError for a price that no message has; they say what to give
 */
export function checkRequest<Request extends GateRequest>(request: Request): Request {
  if (typeof request !== 'object' || request === null)
    throw new TypeError('give a request: { service, to, ip, ... }')
  const given: StartRequest = request
  for (const [field, kind] of KINDS) {
    const value = given[field]
    if (value === undefined && !NEEDED.has(field)) continue
    if (typeof value === kind && value !== null) continue
    throw new TypeError(
      `${field} is ${value === undefined ? 'missing' : `of type ${value === null ? 'null' : typeof value}`}: give a ${kind}${NEEDED.has(field) ? '' : ', or leave it out'}`,
    )
  }
  const { priceMicroUsd: price } = request
  const { minimum, maximum } = PRICE_MICRO_USD
  if (price !== undefined && !(Number.isInteger(price) && price >= minimum && price <= maximum))
    throw new RangeError(
      `priceMicroUsd is ${price}: give whole micro-USD from ${minimum} to ${maximum}, or leave it out for the price table`,
    )
  return request
}
