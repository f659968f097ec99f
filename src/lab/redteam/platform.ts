import type { Policy } from '../../engine/policy.js'
import { DAY } from '../../engine/units.js'
import type { LabelledRow } from '../actors/actor.js'
import { people } from '../actors/people.js'
import { COUNTRIES } from '../actors/people-countries.js'
import { createRandom } from '../random.js'
import { PLATFORMS } from '../scenarios/platforms.js'
import { START } from '../scenarios/scenario.js'
import type { World } from '../world/world.js'
import { type Field, MOST_BLOCKS, type Place } from './attack-space.js'

/** A small application behind the policy, and where an attacker can go from there. */
export interface RedteamPlatform extends Field {
  /** the policy's one service under the name that the laboratory's people use, enforced */
  policy: Policy
  /** ISO 3166 alpha-2 of its people's countries */
  countries: readonly string[]
  /** people's requests of both days, in order of time */
  rows: readonly LabelledRow[]
  /** its own countries, then the dearest others, each dearest first */
  readonly places: readonly Place[]
  /** people's visits a day */
  sessionsPerDay: number
  /** midnight UTC after a day of people only: the attack's day begins, Unix ms */
  attackFrom: number
}

export interface PlatformOptions {
  policy: Policy
  /** service of the policy; `null`: its only one, or the fallback's */
  service: string | null
  seed: number
  /** @default 1500: attacks are as large as its traffic and larger */
  sessionsPerDay?: number
}

/** What the laboratory's people ask for. */
export const SERVICE = 'signup'
const SESSIONS_PER_DAY = 1_500
/** Of a day's visits: an attack can be twelve times as large as all the rest. */
const MOST_TIMES = 12
const DRIZZLE = 0.01
const RETURNING = 0.25
/** Countries of the platform beyond this see hardly anybody. */
const MOST_HOME = 8
/** Countries elsewhere that the attacker considers: nobody pumps where messages are cheap. */
const DEAREST = 16
/** Tried one after the other: as many blocks as a country has, up to what one attacker can use. */
const BLOCKS = [MOST_BLOCKS, 200, 100, 50, 20, 10, 5, 2, 1] as const

/** The one service on trial, whatever its name. @throws RangeError where the policy names no such service */
function onTrial({ services, fallback, spendCaps }: Policy, name: string | null): Policy {
  const names = Object.keys(services)
  if (name === null && names.length > 1)
    throw new RangeError(`the policy names several services: give one of ${names.join(', ')}`)
  const service = services[name ?? names[0] ?? ''] ?? fallback
  if (service === null)
    throw new RangeError(`the policy names no service "${name}"; it has ${names.join(', ')}`)
  return {
    version: 1,
    mode: 'enforce',
    spendCaps,
    services: { [SERVICE]: { ...service, mode: 'enforce' } },
    fallback: null,
  }
}

/** Blocks of a country that can be had; 0: none in its numbering plan. */
function blocksIn(world: World, country: string): number {
  for (const n of BLOCKS) {
    try {
      world.blocks(country, n, createRandom(1))
      return n
    } catch (error) {
      // a world refuses by RangeError what a country does not have
      if (!(error instanceof RangeError)) throw error
    }
  }
  return 0
}

export function createPlatform(world: World, options: PlatformOptions): RedteamPlatform {
  const { seed, sessionsPerDay = SESSIONS_PER_DAY } = options
  const policy = onTrial(options.policy, options.service)
  const markets = policy.services[SERVICE]?.markets ?? []
  const served = markets.filter((country) => COUNTRIES.includes(country)).slice(0, MOST_HOME)
  const countries = served.length > 0 ? served : PLATFORMS['west-africa'].markets
  const actor = people({
    world,
    seed,
    from: START,
    to: START + 2 * DAY,
    sessionsPerDay,
    // the first market is the main one: weights fall with the rank
    countries: Object.fromEntries(countries.map((country, rank) => [country, 1 / (rank + 1)])),
    drizzle: DRIZZLE,
    returning: RETURNING,
  })
  const rows: LabelledRow[] = []
  while (actor.nextAt() < START + 2 * DAY) rows.push(actor.ask())
  const place = (country: string): Place => ({
    country,
    priceMicroUsd: world.price(country),
    blocks: blocksIn(world, country),
  })
  const dearest = (names: readonly string[]): string[] =>
    [...names].sort((a, b) => world.price(b) - world.price(a) || (a < b ? -1 : 1))
  const elsewhere = dearest(COUNTRIES.filter((country) => !countries.includes(country)))
  const places = [
    ...dearest(countries).map(place),
    ...elsewhere
      .map(place)
      .filter(({ blocks }) => blocks > 0)
      .slice(0, DEAREST),
  ].filter(({ blocks }) => blocks > 0)
  return {
    policy,
    countries,
    rows,
    places,
    sessionsPerDay,
    mostAttempts: MOST_TIMES * sessionsPerDay,
    attackFrom: START + DAY,
  }
}
