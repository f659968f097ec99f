import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getExampleNumber } from 'libphonenumber-js/max'
import type { CompiledPolicy } from '../engine/compile.js'

/** In the range that North America keeps for films: valid, and nobody's. */
const NOBODYS = '+12015550123'

/** A valid mobile number of a country, E.164; `null` where the numbering plans give no example. */
export function exampleNumber(country: string): string | null {
  if (!Object.hasOwn(examples, country)) return null
  return getExampleNumber(country as CountryCode, examples)?.number ?? null
}

/** Every country with an example: those that messages can be sent to. */
export const EXAMPLE_COUNTRIES: readonly string[] = Object.keys(examples).sort()

/** A service of the policy and a number in its first market, for the request that a start prints. */
export function exampleRequest(policy: CompiledPolicy): { service: string; to: string } {
  const [named] = Object.keys(policy.policy.services)
  const service = named ?? 'signup'
  const [market] = policy.service(service)?.policy.markets ?? []
  return { service, to: (market === undefined ? null : exampleNumber(market)) ?? NOBODYS }
}
