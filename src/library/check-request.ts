import { readAddress } from '../network/address.js'
import { COUNTRIES, countryHint } from '../policy/countries.js'
import { closest } from '../policy/suggest.js'
import { type GateRequest, PRICE_MICRO_USD, type StartRequest } from '../verify/types.js'
import { type Field, flawIn } from './check-arguments.js'

const needed: Field = { is: 'string' }
const text: Field = { is: 'string', optional: true }
const number: Field = { is: 'number', optional: true }
const flag: Field = { is: 'boolean', optional: true }

const FIELDS: Record<keyof StartRequest, Field> = {
  service: needed,
  to: needed,
  defaultCountry: text,
  ip: text,
  deviceId: text,
  accountId: text,
  sessionId: text,
  userAgent: text,
  sessionAgeMs: number,
  precedingEvents: number,
  apiKeyId: text,
  priceMicroUsd: number,
  challengePassed: flag,
  reviewed: flag,
  riskCheck: flag,
  channel: text,
  locale: text,
  tags: { is: 'object', optional: true },
  code: text,
  idempotencyKey: text,
}

const KNOWN = Object.keys(FIELDS)

/**
 * What the compiler tells callers with types, and what the schema tells callers over HTTP: a misspelt field, or an
 * address with a port, must not switch a rule off.
 * @throws TypeError for a field that is none or of another type, RangeError for a value that none has; they say what to give
 */
export function checkRequest<Request extends GateRequest>(request: Request): Request {
  if (typeof request !== 'object' || request === null)
    throw new TypeError('give a request: { service, to, ip, ... }')
  const flaw = flawIn('', request, { is: 'object', fields: FIELDS })
  if (flaw !== null) throw new TypeError(flaw)
  for (const name of Object.keys(request)) {
    if (Object.hasOwn(FIELDS, name)) continue
    const meant = closest(name, KNOWN)
    throw new TypeError(
      `a request has no field ${name}; ${meant === undefined ? `known: ${KNOWN.join(', ')}` : `did you mean ${meant}?`}`,
    )
  }
  checkValues(request)
  return request
}

function checkValues({ ip, defaultCountry, channel, priceMicroUsd: price }: StartRequest): void {
  if (ip !== undefined && readAddress(ip) === null)
    throw new RangeError('ip is not an IP address: give the address alone, no port, no brackets')
  if (defaultCountry !== undefined && !COUNTRIES.has(defaultCountry))
    throw new RangeError(`defaultCountry is not a country: ${countryHint(defaultCountry)}`)
  if (channel !== undefined && channel !== 'sms')
    throw new RangeError('channel is not served: give sms, or leave it out')
  const { minimum, maximum } = PRICE_MICRO_USD
  if (price !== undefined && !(Number.isInteger(price) && price >= minimum && price <= maximum))
    throw new RangeError(
      `priceMicroUsd is ${price}: give whole micro-USD from ${minimum} to ${maximum}, or leave it out for the price table`,
    )
}
