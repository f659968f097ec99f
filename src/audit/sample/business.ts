import { DAY } from '../../engine/units.js'
import type { Actor } from '../../lab/actors/actor.js'
import { type AttackData, attacker } from '../../lab/actors/attack.js'
import { merge } from '../../lab/actors/merge.js'
import { type PeopleData, people } from '../../lab/actors/people.js'
import { type Change, createChanges } from '../../lab/actors/people-change.js'
import { hashOf } from '../../lab/actors/people-spread.js'
import type { World } from '../../lab/world/world.js'
import { spreadOut } from './spread-out.js'

/** What a business sends over a longer time, and who attacks it meanwhile. Plain data. */
export interface Business {
  people: PeopleData
  /** growth, seasons, launches; times count from `from` */
  changes: readonly Change[]
  /** phases count from `from` */
  attacks: readonly AttackData[]
  /** midnight UTC of its first day, Unix ms */
  from: number
  days: number
}

/** Countries that it serves, largest first, ISO 3166 alpha-2. */
export const marketsOf = ({ people: { countries } }: Business): string[] =>
  Object.keys(countries).sort((a, b) => (countries[b] ?? 0) - (countries[a] ?? 0))

/** Everybody who asks for codes, in the order of time; the same seed gives the same messages, with and without attacks. */
export function openBusiness(business: Business, world: World, seed: number): Actor {
  const { from, days, changes, attacks } = business
  const seedOf = (name: string): number => hashOf(name, Math.imul(seed, 0x9e3779b1))
  const customers = people({
    ...business.people,
    ...{ world: spreadOut(world), changes, from, to: from + days * DAY, seed: seedOf('people') },
  })
  return merge([
    customers,
    ...attacks.map((data) => attacker(data, { world, from, seed: seedOf(data.campaign) })),
  ])
}

/**
 * Messages of a session, those asked for again counted: measured over 191,000 messages of the laboratory's European shop
 * (seed 1), where it is 1.087.
 */
const MESSAGES_PER_SESSION = 1.087

/** Sessions a day that give a business so many messages of its people, whatever its changes make of them. */
export function sessionsPerDay(business: Omit<Business, 'attacks'>, messages: number): number {
  const { people: described, changes, from, days } = business
  const { surge } = createChanges(changes, from)
  const { countries, drizzle } = described
  const weights = Object.values(countries).reduce((sum, weight) => sum + weight, 0)
  let busy = 0
  for (let day = 0; day < days; day++) {
    const noon = from + (day + 0.5) * DAY
    busy += drizzle * surge(noon, '')
    for (const [country, weight] of Object.entries(countries))
      busy += (1 - drizzle) * (weight / weights) * surge(noon, country)
  }
  return messages / MESSAGES_PER_SESSION / busy
}
