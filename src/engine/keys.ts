import type { CompiledService } from './compile.js'
import { SUBJECT_INDEX } from './compile.js'
import type { Facts } from './facts.js'
import { NO_THROTTLES } from './measures.js'
import { SUBJECTS } from './policy.js'
import type { Query } from './state.js'

/** A number outside the markets pays the abroad line too. With no markets named nothing is abroad. */
export const isAbroad = (service: CompiledService, country: string): boolean =>
  service.markets.size > 0 &&
  !service.markets.has(country) &&
  service.policy.countries[country] !== 'allow'

/**
 * What the store is asked for. IPv6 is keyed by /64; a missing IP, device, account or session has no key at all:
 * never one bucket that all requests without it share.
 * @param numberKey E.164, or its keyed hash where numbers are pseudonymised
 */
export function queryOf(facts: Facts, service: CompiledService, numberKey: string): Query {
  const { number, source, context } = facts
  const keys = new Array<string>(SUBJECTS.length).fill('')
  keys[SUBJECT_INDEX.subBlock] = number.subBlock
  keys[SUBJECT_INDEX.block] = number.block
  keys[SUBJECT_INDEX.operator] = number.operatorRange
  keys[SUBJECT_INDEX.country] = number.country
  keys[SUBJECT_INDEX.abroad] = isAbroad(service, number.country) ? 'abroad' : ''
  keys[SUBJECT_INDEX.service] = facts.service
  keys[SUBJECT_INDEX.number] = numberKey
  keys[SUBJECT_INDEX.ip] = source.ipKey ?? ''
  keys[SUBJECT_INDEX.subnet] = source.subnetKey ?? ''
  keys[SUBJECT_INDEX.network] = source.asn === null ? '' : `AS${source.asn}`
  keys[SUBJECT_INDEX.device] = context.deviceId ?? ''
  keys[SUBJECT_INDEX.account] = context.accountId ?? ''
  keys[SUBJECT_INDEX.session] = context.sessionId ?? ''
  keys[SUBJECT_INDEX.apiKey] = context.apiKeyId ?? ''
  keys[SUBJECT_INDEX.global] = 'global'
  return {
    service: facts.service,
    layout: service.layout,
    keys,
    country: number.country,
    subscriber: number.problem === null ? Number(number.e164.slice(-4)) : -1,
    // told apart, or a stranger could name the owner's account as his device
    sources: [
      context.deviceId === null ? '' : `device:${context.deviceId}`,
      context.accountId === null ? '' : `account:${context.accountId}`,
    ],
    throttles: facts.measured === null ? NO_THROTTLES : facts.measured.throttles,
  }
}
