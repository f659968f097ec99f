import type { CompiledPolicy } from '../engine/compile.js'
import { exampleNumber } from '../report/policy-bounds.js'

/** In the range that North America keeps for films: valid, and nobody's. */
const NOBODYS = '+12015550123'

/** A service of the policy and a number in its first market, for the request that a start prints. */
export function exampleRequest(policy: CompiledPolicy): { service: string; to: string } {
  const [named] = Object.keys(policy.policy.services)
  const service = named ?? 'signup'
  const [market] = policy.service(service)?.policy.markets ?? []
  return { service, to: (market === undefined ? null : exampleNumber(market)) ?? NOBODYS }
}
