import { DAY, HOUR, MINUTE } from '../../src/engine/units.js'
import type { Actor } from '../../src/lab/actors/actor.js'
import { type AttackData, attacker } from '../../src/lab/actors/attack.js'
import { merge } from '../../src/lab/actors/merge.js'
import { type PeopleData, people } from '../../src/lab/actors/people.js'
import type { Change } from '../../src/lab/actors/people-change.js'
import { type CrowdData, crowd } from '../../src/lab/actors/people-crowd.js'
import type { World } from '../../src/lab/world/world.js'
import { type DrainedLog, drained } from './labelled-log.js'

export interface ShapedLogOptions {
  world: World
  seed: number
  people: PeopleData
  /** Unix ms, midnight UTC */
  from: number
  days: number
  /** with the day they begin on */
  attacks?: readonly (AttackData & { day: number })[]
  crowds?: readonly (CrowdData & { day: number })[]
  /** times count from the start of the log */
  changes?: readonly Change[]
}

/** The log of a platform without a gate: everything that is asked for is sent. */
export function shapedLog(options: ShapedLogOptions): DrainedLog {
  const { world, seed, from, days, changes = [] } = options
  const to = from + days * DAY
  const everybody: Actor[] = [
    people({ ...options.people, world, seed, from, to, changes, dayStart: from }),
  ]
  for (const { day, ...data } of options.attacks ?? [])
    everybody.push(attacker(data, { world, from: from + day * DAY, seed: seed * 31 + day }))
  for (const { day, ...data } of options.crowds ?? [])
    everybody.push(crowd(data, { world, seed: seed * 37 + day, dayStart: from + day * DAY }))
  return drained(merge(everybody), { to })
}

/** Small platforms, so that a year is some ten thousand messages. */
const SHOP: PeopleData = {
  sessionsPerDay: 150,
  countries: { DE: 26, FR: 18, ES: 14, IT: 14, GB: 12, PL: 9, NL: 7 },
  drizzle: 0.01,
  returning: 0.3,
}
const WALLET: PeopleData = {
  sessionsPerDay: 600,
  countries: { NG: 50, GH: 22, KE: 16, US: 6, GB: 6 },
  drizzle: 0.01,
  returning: 0.25,
}
const SOLVES = { pow: 0, captcha: 0, channel: 0 }
const SOURCES = { addresses: { access: 'residential', count: null, from: ['*'] } } as const

type Shape = Omit<ShapedLogOptions, 'world' | 'seed'>

const attack = (
  campaign: string,
  day: number,
  phase: AttackData['phases'][number],
  destinations: AttackData['destinations'],
  more: Partial<AttackData> = {},
): AttackData & { day: number } => ({
  ...{ kind: 'attack', campaign, day, phases: [phase], destinations, solves: SOLVES },
  ...{ sources: SOURCES, ...more },
})

const YEAR = { from: Date.UTC(2025, 0, 6), days: 364, people: SHOP }
const SHOP_WEEKS = { from: Date.UTC(2025, 5, 2), days: 70, people: SHOP }
const WEEKS = { from: Date.UTC(2025, 2, 3), days: 42, people: WALLET }
/** Three times the people for three weeks before Christmas, and what else happens to a business in a year. */
const SEASON: Change = { kind: 'surge', startMs: 322 * DAY, durationMs: 21 * DAY, factor: 3 }
const BUSINESS: Pick<Shape, 'changes' | 'crowds'> = {
  changes: [
    SEASON,
    { kind: 'surge', startMs: 100.7 * DAY, durationMs: 3 * HOUR, factor: 8, countries: ['DE'] },
    { kind: 'outage', startMs: 200 * DAY, durationMs: 9 * HOUR, receipts: 0, countries: ['FR'] },
    { kind: 'repeats', startMs: 250 * DAY, durationMs: DAY, sends: 3, gapMs: 2_000 },
  ],
  crowds: [
    {
      ...{ kind: 'crowd', name: 'company', day: 60, startMs: 9 * HOUR, durationMs: 40 * MINUTE },
      ...{ sessions: 120, countries: ['FR'], numbers: 'sequential', conversion: 0.93 },
    },
    {
      ...{ kind: 'crowd', name: 'launch', day: 150, startMs: 0, durationMs: 60 * DAY },
      ...{ sessions: 3_000, countries: ['VN'], conversion: 0.62 },
      shape: { kind: 'diurnal', utcOffsetHours: 7 },
    },
  ],
}

const blocks = (country: string, count: number): AttackData['destinations'] => ({
  targets: [{ kind: 'blocks', country, count }],
})

/** Logs of a year or some weeks, by what happened in them. */
export const SHAPES = {
  clean: { ...YEAR, ...BUSINESS },
  burst: {
    ...SHOP_WEEKS,
    attacks: [
      attack(
        'burst',
        20,
        { startMs: HOUR, durationMs: 4 * HOUR, attempts: 3_000 },
        { ...blocks('UZ', 1), numbers: 'sequential' },
      ),
    ],
  },
  seasonal: {
    ...YEAR,
    ...BUSINESS,
    attacks: [
      attack(
        'market',
        328,
        { startMs: 6 * HOUR, durationMs: 30 * HOUR, attempts: 2_000 },
        blocks('IT', 6),
      ),
    ],
  },
  waves: {
    ...SHOP_WEEKS,
    attacks: [
      attack(
        'waves',
        10,
        {
          ...{ startMs: HOUR, durationMs: 3 * DAY, attempts: 2_500 },
          shape: { kind: 'bursts', everyMs: 4 * HOUR, forMs: 10 * MINUTE },
        },
        blocks('LK', 12),
      ),
    ],
  },
  slow: {
    ...WEEKS,
    attacks: [
      attack(
        'slow',
        15,
        {
          ...{ startMs: 0, durationMs: 14 * DAY, attempts: 2_000 },
          shape: { kind: 'diurnal', utcOffsetHours: 1 },
        },
        blocks('NG', 5),
      ),
    ],
  },
  market: {
    ...WEEKS,
    attacks: [
      attack(
        'market',
        25,
        { startMs: 6 * HOUR, durationMs: 8 * HOUR, attempts: 3_000 },
        blocks('NG', 8),
      ),
    ],
  },
  rotation: {
    ...WEEKS,
    attacks: [
      attack(
        'rotation',
        30,
        { startMs: 0, durationMs: 20 * HOUR, attempts: 3_000 },
        {
          targets: ['UZ', 'AZ', 'TN', 'LK'].map((country) => ({
            ...{ kind: 'blocks' as const, country, count: 10 },
          })),
          rotate: { everyMs: 30 * MINUTE, width: 2 },
        },
      ),
    ],
  },
  operator: {
    ...WEEKS,
    attacks: [
      attack(
        'operator',
        20,
        { startMs: 6 * HOUR, durationMs: 36 * HOUR, attempts: 4_000 },
        {
          targets: [{ kind: 'operator', country: 'GH', prefixes: ['+23326', '+23356'], digits: 3 }],
        },
      ),
    ],
  },
  dead: {
    ...WEEKS,
    attacks: [
      attack(
        'dead',
        12,
        { startMs: 8 * HOUR, durationMs: 6 * HOUR, attempts: 2_000 },
        blocks('ID', 25),
        {
          deadShare: 0.7,
        },
      ),
    ],
  },
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof SHAPES
