import type { PeopleData } from '../actors/people.js'

export type PlatformName = 'west-africa' | 'europe' | 'global'

/** An application that verifies numbers, and its people. */
export interface Platform extends PeopleData {
  name: PlatformName
  title: string
  /** countries that its policy names as markets, ISO 3166 alpha-2, largest first */
  markets: readonly string[]
}

function platform(described: Omit<Platform, 'markets'>): Platform {
  const { countries } = described
  const markets = Object.keys(countries).sort((a, b) => (countries[b] ?? 0) - (countries[a] ?? 0))
  return { ...described, markets }
}

/**
 * Three platforms of different size, price and width. At 20,000 sends a day a block of 10,000 numbers sees hardly more
 * than one of them; numbers that come again are about a quarter of the traffic of a flow that also signs in.
 */
export const PLATFORMS: Readonly<Record<PlatformName, Platform>> = {
  'west-africa': platform({
    name: 'west-africa',
    title: 'A wallet in West Africa: few countries, dear messages, carrier-grade NAT',
    sessionsPerDay: 12_000,
    countries: { NG: 50, GH: 22, KE: 16, US: 6, GB: 6 },
    drizzle: 0.01,
    returning: 0.25,
  }),
  europe: platform({
    name: 'europe',
    title: 'A shop in Europe: seven countries, lines at home',
    sessionsPerDay: 20_000,
    countries: { DE: 26, FR: 18, ES: 14, IT: 14, GB: 12, PL: 9, NL: 7 },
    drizzle: 0.008,
    returning: 0.3,
  }),
  global: platform({
    name: 'global',
    title: 'A messenger everywhere: cheap and dear countries side by side',
    sessionsPerDay: 40_000,
    countries: {
      ...{ US: 18, IN: 18, BR: 12, ID: 9, MX: 8, PH: 6, GB: 6, DE: 5, NG: 5, TR: 5 },
      ...{ FR: 3, KE: 2, ES: 2, IT: 1 },
    },
    drizzle: 0.02,
    returning: 0.25,
  }),
}
