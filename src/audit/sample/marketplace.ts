import { habitsOf } from '../../lab/actors/people-countries.js'
import { floodAbroad, rotation, slowInMarket } from './attacks.js'
import { type Business, sessionsPerDay } from './business.js'
import { growth, launch, season } from './seasons.js'

/** First day: a year that is over, so that no message of it lies ahead of anybody's clock. */
const FROM = Date.UTC(2025, 0, 1)
const MAIN = 'DE'
const LAUNCHED = 'PT'
const PEOPLE = {
  countries: { [MAIN]: 26, FR: 18, ES: 14, IT: 14, GB: 12, PL: 9, NL: 7, [LAUNCHED]: 5 },
  drizzle: 0.01,
  returning: 0.3,
}
/** The year's first size against its last, and its weeks before the holidays against others. */
const GROWS = 1.8
const PEAK = 3

/**
 * Messages of an attack as a share of all: with their prices some 8 % of the money. Of all messages of companies about 5 %
 * were estimated to be pumped in 2023 (Enea and Mobilesquared); those who notice had more.
 */
const SHARES = { flood: 0.005, slow: 0.01, rotation: 0.009 }

/**
 * A marketplace in Europe: it grows, opens in one more country in summer, sells three times as much before the holidays
 * and is attacked in spring, summer and autumn. Fewer days or messages give the same year in small.
 *
 * @param options.messages in all, about
 */
export function marketplace({ messages, days }: { messages: number; days: number }): Business {
  const year = (share: number): number => share * days
  const rise = Math.max(1, year(0.02))
  const people = { ...PEOPLE, sessionsPerDay: 0 }
  const changes = [
    ...growth(days, GROWS),
    ...launch(LAUNCHED, Math.round(year(0.5)), rise),
    ...season({ fromDay: Math.round(year(0.88)), days: Math.round(year(0.1)) }, PEAK),
  ]
  const base = { people, changes, from: FROM, days }
  const pumped = SHARES.flood + SHARES.slow + SHARES.rotation
  const countOf = (share: number): number => Math.round(messages * share)
  const { utcOffsetHours } = habitsOf(MAIN)
  return {
    ...base,
    people: { ...people, sessionsPerDay: sessionsPerDay(base, messages * (1 - pumped)) },
    attacks: [
      floodAbroad('LK', 12, {
        ...{ fromDay: Math.round(year(0.25)) + 0.9, days: 1.25 },
        messages: countOf(SHARES.flood),
      }),
      slowInMarket(MAIN, utcOffsetHours, 8, {
        ...{ fromDay: Math.round(year(0.45)) + 0.4, days: Math.max(4, year(0.1)) },
        messages: countOf(SHARES.slow),
      }),
      rotation({
        ...{ fromDay: Math.round(year(0.74)) + 0.1, days: 4 },
        messages: countOf(SHARES.rotation),
      }),
    ],
  }
}
