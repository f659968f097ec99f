import type { Places } from '../defences/places.js'
import type { NormalDays } from './normal-days.js'

/** Of normal messages: countries below it are visited, not lived in. */
const MARKET_SHARE = 0.01
const MARKET_MESSAGES = 20

/** Countries where the users of a log live, largest first: each has a hundredth of what is normal. */
export function likelyMarkets({ countries }: Places, normal: NormalDays): string[] {
  return countries
    .map((country, i) => ({ country, messages: normal.countries[i]?.messages ?? 0 }))
    .filter(
      ({ country, messages }) =>
        /^[A-Z]{2}$/.test(country) &&
        messages >= MARKET_MESSAGES &&
        messages >= MARKET_SHARE * normal.all.messages,
    )
    .sort((a, b) => b.messages - a.messages)
    .map(({ country }) => country)
}
