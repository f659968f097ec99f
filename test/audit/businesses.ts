import {
  floodAbroad,
  type Placed,
  phaseOf,
  rotation,
  slowInMarket,
} from '../../src/audit/sample/attacks.js'
import { type Business, sessionsPerDay } from '../../src/audit/sample/business.js'
import { growth, season } from '../../src/audit/sample/seasons.js'
import type { AttackData } from '../../src/lab/actors/attack.js'
import type { Change } from '../../src/lab/actors/people-change.js'
import { habitsOf } from '../../src/lab/actors/people-countries.js'
import { BROWSER, blocksOf, LOCAL_PROXIES } from '../../src/lab/scenarios/attacks-parts.js'
import { PLATFORMS, type PlatformName } from '../../src/lab/scenarios/platforms.js'

const FROM = Date.UTC(2025, 2, 3)

interface Described {
  platform: PlatformName
  days: number
  /** of its people, about */
  messages: number
  changes?: readonly Change[]
  attacks?: readonly AttackData[]
}

function business({ platform, days, messages, changes = [], attacks = [] }: Described): Business {
  const base = { people: PLATFORMS[platform], changes, from: FROM, days }
  const people = { ...base.people, sessionsPerDay: sessionsPerDay(base, messages) }
  return { ...base, people, attacks }
}

/** Loud inside the market: blocks of several operators of it, within days, in the rhythm of its people. */
function floodInMarket(
  country: string,
  utcOffsetHours: number,
  blocksOfEach: number,
  placed: Placed,
): AttackData {
  return {
    kind: 'attack',
    campaign: 'flood-in-market',
    phases: [{ ...phaseOf(placed), shape: { kind: 'diurnal', utcOffsetHours } }],
    destinations: { targets: blocksOf(country, 3, blocksOfEach) },
    sources: LOCAL_PROXIES,
    solves: BROWSER,
  }
}

const clockOf = (country: string): number => habitsOf(country).utcOffsetHours

/** A wallet in West Africa in a quarter in which a foreign operator's blocks are flooded for a day and a half. */
export const flooded = business({
  ...{ platform: 'west-africa', days: 90, messages: 30_000, changes: growth(90, 1.3) },
  attacks: [floodAbroad('UZ', 10, { fromDay: 51.6, days: 1.5, messages: 1_800 })],
})

/** A shop in Europe: eight blocks of the main market get three messages an hour between them, for a month. */
export const slow = business({
  ...{ platform: 'europe', days: 90, messages: 30_000 },
  attacks: [slowInMarket('DE', clockOf('DE'), 8, { fromDay: 40.4, days: 30, messages: 2_200 })],
})

/** A wallet in West Africa: for two days as many messages to blocks of the main market as its people ask for in a week. */
export const inMarket = business({
  ...{ platform: 'west-africa', days: 60, messages: 30_000, changes: growth(60, 1.2) },
  attacks: [floodInMarket('NG', clockOf('NG'), 7, { fromDay: 33.25, days: 2, messages: 1_800 })],
})

/** A messenger everywhere, and an attacker who goes through many countries in four days. */
export const rotated = business({
  ...{ platform: 'global', days: 60, messages: 30_000 },
  attacks: [rotation({ fromDay: 22.1, days: 4, messages: 1_500 })],
})

/** A shop that sells three times as much for six weeks, and is attacked in the midst of them. */
export const seasonal = business({
  ...{ platform: 'europe', days: 120, messages: 40_000 },
  changes: season({ fromDay: 60, days: 42 }, 3),
  attacks: [floodAbroad('LK', 12, { fromDay: 80.3, days: 2, messages: 1_200 })],
})

/** The same shop, which nobody attacks. */
export const seasonalClean: Business = { ...seasonal, attacks: [] }

/** A whole year of a shop that grows and has a season, which nobody attacks. */
export const cleanYear = business({
  ...{ platform: 'europe', days: 365, messages: 40_000 },
  changes: [...growth(365, 2), ...season({ fromDay: 320, days: 36 }, 3)],
})
