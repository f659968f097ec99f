import { boundOf, type PolicyBound } from '../../engine/bound.js'
import { compilePolicy } from '../../engine/compile.js'
import { HOUR } from '../../engine/units.js'
import { type RedteamPlatform, SERVICE } from './platform.js'

/** What `policy bound` says of one day, with the credit that the platform's own people earn, micro-USD. */
export interface RedteamBound {
  /** all destinations together */
  allMicroUsd: number
  /** destinations outside the markets together; `null` where no markets are named */
  abroadMicroUsd: number | null
  countries: Readonly<Record<string, number>>
}

/** Most that people repaid in one hour, by country, micro-USD: every message to a number that entered some code. */
function busiestHours({ rows }: RedteamPlatform, countryOf: (to: string) => string) {
  const entered = new Set(
    rows.filter(({ row }) => row.potential.verifiedMs !== null).map(({ row }) => row.to),
  )
  const hours = new Map<string, Map<number, number>>()
  const add = (key: string, hour: number, microUsd: number): void => {
    const of = hours.get(key) ?? new Map<number, number>()
    hours.set(key, of)
    of.set(hour, (of.get(hour) ?? 0) + microUsd)
  }
  for (const { row } of rows) {
    if (!entered.has(row.to)) continue
    const hour = Math.floor(row.at / HOUR)
    add(countryOf(row.to), hour, row.priceMicroUsd ?? 0)
    add('', hour, row.priceMicroUsd ?? 0)
  }
  return (key: string): number => Math.max(0, ...(hours.get(key)?.values() ?? []))
}

/** @param countryOf country of a number */
export function platformBound(
  platform: RedteamPlatform,
  countryOf: (to: string) => string,
): RedteamBound {
  const service = compilePolicy(platform.policy, 0).service(SERVICE)
  if (service === null) throw new Error(`a platform's policy names ${SERVICE}`)
  const prices = platform.places.map(({ country, priceMicroUsd }) => ({ country, priceMicroUsd }))
  const busiest = busiestHours(platform, countryOf)
  const with_ = (verifiedHourlyMicroUsd: number): PolicyBound =>
    boundOf({ service, prices, verifiedHourlyMicroUsd })
  const whole = with_(busiest(''))
  const abroad = platform.places
    .filter(({ country }) => !service.markets.has(country))
    .reduce((sum, { country }) => sum + busiest(country), 0)
  return {
    allMicroUsd: whole.all.dayMicroUsd,
    abroadMicroUsd: with_(abroad).abroad?.dayMicroUsd ?? null,
    countries: Object.fromEntries(
      platform.places.map(({ country }) => {
        const own = with_(busiest(country)).destinations.find((d) => d.country === country)
        return [country, own?.countryWide.dayMicroUsd ?? whole.all.dayMicroUsd]
      }),
    ),
  }
}

/** The bound for an attack on these countries only: theirs, those abroad no more than abroad, all no more than all. */
export function boundFor(
  { allMicroUsd, abroadMicroUsd, countries }: RedteamBound,
  targets: readonly string[],
  isMarket: (country: string) => boolean,
): number {
  const sum = (of: readonly string[]): number =>
    [...new Set(of)].reduce((total, country) => total + (countries[country] ?? allMicroUsd), 0)
  const home = sum(targets.filter(isMarket))
  const away = sum(targets.filter((country) => !isMarket(country)))
  return Math.min(allMicroUsd, home + Math.min(abroadMicroUsd ?? away, away))
}
