import { Type } from '@sinclair/typebox'
import {
  type CountryCode,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/max'
import { CONVERTED } from '../../ledger/rows.js'
import { parseNumber } from '../../phone/parse.js'
import type { GateDecision } from '../../verify/types.js'
import { publicUrlOf } from '../public-url.js'
import { invalid, refusalOf } from '../refusal.js'
import { keyOf } from '../request.js'
import { Fields, iso } from './fields.js'
import type { TwilioRoutes, TwilioWiring } from './wiring.js'

const DAY = 86_400_000
/** Twilio's "last 3 months". */
const MONTHS = 90 * DAY
/** Settled sends over which an operator is judged, and the fewest that say anything. */
const RECENT = { days: 7, sends: 500, fewest: 20 }

const LINE_TYPES: Record<string, string> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'landline',
  VOIP: 'nonFixedVoip',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
  TOLL_FREE: 'tollFree',
  SHARED_COST: 'sharedCost',
  PREMIUM_RATE: 'premium',
}

const LENGTH_ERRORS: Record<string, string> = {
  TOO_SHORT: 'TOO_SHORT',
  TOO_LONG: 'TOO_LONG',
  INVALID_LENGTH: 'INVALID_LENGTH',
  INVALID_COUNTRY: 'INVALID_COUNTRY_CODE',
  NOT_A_NUMBER: 'NOT_A_NUMBER',
}

const nullable = (type: 'string' | 'boolean' | 'integer') =>
  Type.Unsafe<string | boolean | number | null>({ type: [type, 'null'] })
const Risk = Type.Object({
  carrier_risk_category: Type.String(),
  number_blocked: Type.Boolean(),
  number_blocked_date: nullable('string'),
  number_blocked_last_3_months: Type.Boolean(),
  sms_pumping_risk_score: Type.Integer(),
  error_code: Type.Null(),
})
const LineType = Type.Object({
  type: Type.String(),
  carrier_name: nullable('string'),
  mobile_country_code: Type.Null(),
  mobile_network_code: Type.Null(),
  error_code: Type.Null(),
})
const orNull = <T>(schema: object) => Type.Unsafe<T | null>({ ...schema, type: ['object', 'null'] })
const Answer = Type.Object({
  calling_country_code: nullable('string'),
  country_code: nullable('string'),
  phone_number: Type.String(),
  national_format: nullable('string'),
  valid: Type.Boolean(),
  validation_errors: Type.Array(Type.String()),
  caller_name: Type.Null(),
  sim_swap: Type.Null(),
  call_forwarding: Type.Null(),
  line_status: Type.Null(),
  line_type_intelligence: orNull<(typeof LineType)['static']>(LineType),
  identity_match: Type.Null(),
  reassigned_number: Type.Null(),
  sms_pumping_risk: orNull<(typeof Risk)['static']>(Risk),
  phone_number_quality_score: Type.Null(),
  pre_fill: Type.Null(),
  url: Type.String(),
})

/** Share of an operator's recent sends that nobody verified, in Twilio's three words. */
async function operatorRisk({ ledger, clock }: TwilioWiring, number: string): Promise<string> {
  const { country, operatorRange } = parseNumber(number)
  const rows = await ledger.requests({
    country,
    from: clock() - RECENT.days * DAY,
    credit: [...CONVERTED, 'lost', 'failed'],
    limit: RECENT.sends,
  })
  const own = rows.filter((row) => row.operator === operatorRange)
  if (own.length < RECENT.fewest) return 'unknown'
  const lost = own.filter((row) => !CONVERTED.includes(row.credit)).length / own.length
  // Healthy verify-to-send ratios are 0.60 to 0.85, under 0.30 is an alarm (C1 of the requirements).
  return lost > 0.7 ? 'high' : lost > 0.4 ? 'moderate' : 'low'
}

async function pumpingRisk(wiring: TwilioWiring, decision: GateDecision) {
  const { ledger, clock } = wiring
  const { e164 } = decision.number
  const earlier = await ledger.requests({ number: e164, from: clock() - MONTHS, limit: 200 })
  const blocked = earlier.find((row) => row.would === 'deny')
  return {
    carrier_risk_category: await operatorRisk(wiring, e164),
    number_blocked: decision.would === 'deny',
    number_blocked_date: blocked ? iso(blocked.at) : null,
    number_blocked_last_3_months: blocked !== undefined,
    sms_pumping_risk_score: Math.round(decision.score),
    error_code: null,
  }
}

/** Lookup v2: what the number is, and what a send to it would meet now. Charges nothing. */
export const lookup: TwilioRoutes = (app, wiring) => {
  const { gate, publicUrl } = wiring
  app.get(
    '/v2/PhoneNumbers/:PhoneNumber',
    {
      onRequest: wiring.guard('decide'),
      schema: {
        tags: ['twilio'],
        operationId: 'FetchPhoneNumber',
        summary: 'Look a number up',
        params: Type.Object({ PhoneNumber: Type.String({ maxLength: 64 }) }),
        querystring: Fields({
          Fields: Type.Optional(Type.String({ maxLength: 256 })),
          CountryCode: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
          Service: Type.Optional(
            Type.String({
              maxLength: 64,
              description: 'service whose lines are asked; not in Twilio',
            }),
          ),
        }),
        refuses: ['lines_unavailable'],
        response: { 200: Answer },
      },
    },
    async (request) => {
      const given = request.params.PhoneNumber
      const { Fields: fields = '', CountryCode: country, Service } = request.query
      const wanted = new Set(fields.split(','))
      const services = Object.keys(gate.policy.policy.services)
      const service = Service ?? services[0] ?? 'default'
      const result = await gate.assess({
        service,
        to: given,
        apiKeyId: keyOf(request).id,
        ...(country !== undefined && { defaultCountry: country }),
      })
      if (!result.ok) {
        if (result.error.code === 'unknown_service') {
          throw invalid('query/Service', 'is not a service of the policy', services.join(', '))
        }
        throw refusalOf(result.error)
      }
      const decision = result.value
      const { number } = decision
      const parsed = parsePhoneNumberFromString(given, country as CountryCode | undefined)
      const valid = parsed?.isValid() ?? false
      const length = validatePhoneNumberLength(given, country as CountryCode | undefined)
      const e164 = number.e164 || (parsed?.number ?? given)
      return {
        calling_country_code: parsed?.countryCallingCode ?? null,
        country_code: number.country === '' || number.country === '001' ? null : number.country,
        phone_number: e164,
        national_format: parsed?.formatNational() ?? null,
        valid,
        validation_errors: valid
          ? []
          : [length === undefined ? 'INVALID_BUT_POSSIBLE' : (LENGTH_ERRORS[length] ?? length)],
        caller_name: null,
        sim_swap: null,
        call_forwarding: null,
        line_status: null,
        line_type_intelligence:
          wanted.has('line_type_intelligence') && valid
            ? {
                type: LINE_TYPES[number.type] ?? 'unknown',
                carrier_name: number.operator,
                mobile_country_code: null,
                mobile_network_code: null,
                error_code: null,
              }
            : null,
        identity_match: null,
        reassigned_number: null,
        sms_pumping_risk:
          wanted.has('sms_pumping_risk') && valid ? await pumpingRisk(wiring, decision) : null,
        phone_number_quality_score: null,
        pre_fill: null,
        url: `${publicUrlOf(request, publicUrl)}/v2/PhoneNumbers/${e164}`,
      }
    },
  )
}
