import TinyQueue from 'tinyqueue'
import { createRandom } from '../random.js'
import type { TrafficRow } from '../traffic.js'
import type { World } from '../world/world.js'
import type { Actor } from './actor.js'
import { createArrivals } from './people-arrivals.js'
import { type Change, createChanges } from './people-change.js'
import { COUNTRIES, habitsOf } from './people-countries.js'
import { createPersons, type Person, token } from './people-person.js'
import { createSessions } from './people-session.js'
import { createSpread } from './people-spread.js'

/** The people of a platform, as data. */
export interface PeopleData {
  /** mean over a week */
  sessionsPerDay: number
  /** countries it serves, by weight */
  countries: Readonly<Record<string, number>>
  /** sessions from countries it does not serve, spread over many, 0 to 1 */
  drizzle: number
  /** sessions of people whose number was verified before, 0 to 1 */
  returning: number
}

export interface PeopleOptions extends PeopleData {
  world: World
  seed: number
  /** Unix ms; the last session begins before `to` */
  from: number
  to: number
  changes?: readonly Change[]
  /** what the times of the changes count from, Unix ms @default from */
  dayStart?: number
}

/** Verified people of a country who may come again, at most; an old one makes room. */
const REMEMBERED = 20_000
/** Until so many are verified, fewer come again. */
const FIRST_VERIFIED = 200

/** Everybody who uses the platform for what it is for. Labels are 'legit'. */
export function people(options: PeopleOptions): Actor {
  const { world, seed, from, to, countries, drizzle, returning, sessionsPerDay } = options
  const random = createRandom(seed)
  const changes = createChanges(options.changes ?? [], options.dayStart ?? from)
  const outside = COUNTRIES.filter((country) => countries[country] === undefined)
  const weights = Object.values(countries).reduce((sum, weight) => sum + weight, 0)
  const parts = [
    ...Object.entries(countries).map(([country, weight]) => ({
      country,
      perDay: (sessionsPerDay * (1 - drizzle) * weight) / weights,
    })),
    ...outside.map((country) => ({
      country,
      perDay: (sessionsPerDay * drizzle) / outside.length,
    })),
  ].map((part) => ({ ...part, ...habitsOf(part.country) }))
  const habits = new Map(parts.map((part) => [part.country, part]))
  const arrivals = createArrivals(parts, from, to, changes.surge, random)
  const newcomer = createPersons(world, random)
  const session = createSessions(world, changes, random, 'people')
  const conversionOf = createSpread(seed)
  const verified = new Map<string, Person[]>()
  const asked = new TinyQueue<TrafficRow>([], (a, b) => a.at - b.at)
  let arrival = arrivals.next()

  function who(country: string): Person {
    const known = verified.get(country) ?? []
    const likely = returning * Math.min(1, known.length / FIRST_VERIFIED)
    const back = random.chance(likely) ? known[random.below(known.length)] : undefined
    if (back !== undefined) return back
    const here = habits.get(country) ?? habitsOf(country)
    return newcomer(country, here)
  }

  function remember(person: Person): void {
    const known = verified.get(person.country)
    person.accountId ??= token(random)
    person.abroad = null
    if (known === undefined) verified.set(person.country, [person])
    else if (known.length < REMEMBERED) known.push(person)
    else known[random.below(REMEMBERED)] = person
  }

  /** Sessions that begin before anything that waits is asked. */
  function fill(): void {
    while (arrival !== null && arrival.at <= (asked.peek()?.at ?? Number.POSITIVE_INFINITY)) {
      const { at, country } = arrival
      const here = habits.get(country) ?? habitsOf(country)
      const person = who(country)
      const isNew = person.accountId === null
      const conversion = conversionOf(person.to, country, here.conversion)
      const rows = session(at, person, here, { conversion })
      for (const row of rows) asked.push(row)
      if (isNew && rows.some((row) => row.potential.verifiedMs !== null)) remember(person)
      arrival = arrivals.next()
    }
  }

  return {
    nextAt() {
      fill()
      return asked.peek()?.at ?? Number.POSITIVE_INFINITY
    },
    ask() {
      fill()
      const row = asked.pop()
      if (row === undefined) throw new RangeError('there is nobody left to ask')
      return { row, label: 'legit', campaign: null }
    },
  }
}
