import { boundOf } from '../engine/bound.js'
import type { CompiledPolicy } from '../engine/compile.js'

/** How the line of a service stands. Micro-USD. */
interface Standing {
  service: string
  debt: number
  limit: number
  utilisation: number
  verifiedHourlyMicroUsd: number
}

export interface Risk extends Omit<Standing, 'verifiedHourlyMicroUsd'> {
  mode: 'enforce' | 'monitor'
  boundDay: number
  boundHour: number
  unverifiedDay: number
}

/**
 * Money at risk in each service against the worst case of its policy. What real users verify is part of the bound:
 * the credit they earn is there for an attacker to ride.
 * @param prices dearest message to every country, micro-USD
 * @param unverified spend of the last 24 hours without what was verified, by service
 */
export function riskOf(
  policy: CompiledPolicy,
  standings: readonly Standing[],
  prices: readonly { country: string; priceMicroUsd: number }[],
  unverified: ReadonlyMap<string, number>,
): Risk[] {
  // the bound of the whole service knows prices by the dearest alone
  const dearest = prices.reduce(
    (most, one) => (one.priceMicroUsd > most.priceMicroUsd ? one : most),
    { country: '', priceMicroUsd: 0 },
  )
  return standings.flatMap(({ verifiedHourlyMicroUsd, ...standing }) => {
    const service = policy.service(standing.service)
    if (service === null) return []
    const { all } = boundOf({ service, prices: [dearest], verifiedHourlyMicroUsd })
    return [
      {
        ...standing,
        mode: service.policy.mode,
        boundDay: all.dayMicroUsd,
        boundHour: all.hourMicroUsd,
        unverifiedDay: unverified.get(standing.service) ?? 0,
      },
    ]
  })
}
