import examples from 'libphonenumber-js/examples.mobile.json'
import { type CountryCode, getExampleNumber } from 'libphonenumber-js/max'
import {
  type Apart,
  type ApartBound,
  apartBound,
  boundOf,
  type PolicyBound,
} from '../engine/bound.js'
import { type CompiledPolicy, compilePolicy } from '../engine/compile.js'
import type { Policy } from '../engine/policy.js'
import { createPhone } from '../phone/parse.js'
import type { PriceTable } from '../phone/prices.js'

/** A valid mobile number of a country, E.164; `null` where the numbering plans give no example. */
export function exampleNumber(country: string): string | null {
  if (!Object.hasOwn(examples, country)) return null
  return getExampleNumber(country as CountryCode, examples)?.number ?? null
}

/** Every country with an example: those that messages can be sent to. */
const EXAMPLE_COUNTRIES: readonly string[] = Object.keys(examples).sort()

/** The dearest message to every country, micro-USD: what a bound on losses is reckoned with. */
export function dearestPrices(prices: PriceTable): { country: string; priceMicroUsd: number }[] {
  const phone = createPhone()
  return EXAMPLE_COUNTRIES.flatMap((country) => {
    const number = exampleNumber(country)
    if (number === null) return []
    return [{ country, priceMicroUsd: prices.dearest(country, phone.parse(number).callingCode) }]
  })
}

export interface ServiceBound extends PolicyBound {
  service: string
  mode: string
  markets: ReadonlySet<string>
  /** while gateways decide on lines of their own; absent where their number was not asked for */
  apart?: ApartBound
}

/** Services whose worst case a policy states: those it names; where it names none, any. */
export const boundServices = ({ services }: Policy): string[] => {
  const named = Object.keys(services)
  return named.length > 0 ? named : ['default']
}

/**
 * The most that an attacker who verifies nothing can make one service spend. `null`: the policy does not name it.
 * @param gateways besides, what they lose when their shared lines are lost
 */
export function serviceBound(
  compiled: CompiledPolicy,
  name: string,
  prices: readonly { country: string; priceMicroUsd: number }[],
  verifiedHourlyMicroUsd?: number,
  gateways: Apart | null = null,
): ServiceBound | null {
  const service = compiled.service(name)
  if (service === null) return null
  const input = {
    service,
    prices,
    ...(verifiedHourlyMicroUsd !== undefined && { verifiedHourlyMicroUsd }),
  }
  return {
    ...{ service: name, mode: service.policy.mode, markets: service.markets },
    ...boundOf(input),
    ...(gateways !== null && { apart: apartBound(input, gateways) }),
  }
}

/** The same of every service of a policy. */
export function policyBounds(
  policy: Policy,
  prices: readonly { country: string; priceMicroUsd: number }[],
): ServiceBound[] {
  const compiled = compilePolicy(policy, 0)
  return boundServices(policy).flatMap((name) => serviceBound(compiled, name, prices) ?? [])
}
