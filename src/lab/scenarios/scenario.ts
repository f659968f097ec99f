import { DAY } from '../../engine/units.js'
import type { Actor } from '../actors/actor.js'
import { type AttackData, attacker } from '../actors/attack.js'
import { merge } from '../actors/merge.js'
import { people } from '../actors/people.js'
import type { Change } from '../actors/people-change.js'
import { type CrowdData, crowd } from '../actors/people-crowd.js'
import { hashOf } from '../actors/people-spread.js'
import { createWorld } from '../world/create-world.js'
import type { World } from '../world/world.js'
import { PLATFORMS, type PlatformName } from './platforms.js'

/** Who asks besides the platform's people. */
export type ActorData = AttackData | CrowdData

/** Days of a platform, with or without something that happens on them. Plain data. */
export interface ScenarioData {
  name: string
  kind: 'clean' | 'attack' | 'trap'
  title: string
  /** what happens, and what makes it hard */
  story: string
  /** where it was seen or published; constructed ones say what against */
  source: string
  platform: PlatformName
  /** days in all, warm days included */
  days: number
  /** days of people only; the day of the attack or the trap begins after them */
  warmDays: number
  /** besides the people of the platform */
  actors: readonly ActorData[]
  /** what happens to the platform's people */
  changes?: readonly Change[]
  /** countries of the platform's own people on which the attack or the trap falls */
  affected?: readonly string[]
  /** defaults are tuned on one set and figures reported on the other */
  set: 'tune' | 'report'
}

export interface OpenOptions {
  seed: number
  /** multiple of the people's usual number; attackers and crowds stay as they are @default 1 */
  scale?: number
  /** days in all: more come before the day of the attack, fewer are first taken from there @default the scenario's */
  days?: number
  /** @default a world of its own: one for many scenarios saves its warming up */
  world?: World
}

export interface OpenScenario {
  source: Actor
  /** what the platform's policy is told */
  policyMarkets: readonly string[]
  /** Unix ms */
  from: number
  to: number
  /** Unix ms of the first and after the last moment of the attack or the trap; `null` on clean days */
  attackFrom: number | null
  attackTo: number | null
}

type Span = Pick<Change, 'startMs' | 'durationMs'>

/** Every scenario begins on a Monday: weeks are comparable between seeds. */
export const START = Date.UTC(2026, 10, 16)

/** Makes the traffic of a scenario. The same seed gives the same traffic, on every machine. */
export function openScenario(scenario: ScenarioData, options: OpenOptions): OpenScenario {
  const { seed, scale = 1, days = scenario.days, world = createWorld() } = options
  const { changes = [], actors } = scenario
  const platform = PLATFORMS[scenario.platform]
  const warmDays = Math.max(0, days - (scenario.days - scenario.warmDays))
  const from = START
  const to = from + days * DAY
  const dayStart = from + warmDays * DAY
  const sessionsPerDay = platform.sessionsPerDay * scale
  // Each actor has a seed of its own: people are the same with an attack and without it.
  const seedOf = (name: string): number => hashOf(name, Math.imul(seed, 0x9e3779b1))
  const everybody = people({
    ...platform,
    ...{ sessionsPerDay, world, from, to, changes, dayStart, seed: seedOf(platform.name) },
  })
  const others = actors.map((data) =>
    data.kind === 'attack'
      ? attacker(data, { world, from: dayStart, seed: seedOf(data.campaign) })
      : crowd(data, { world, dayStart, changes, seed: seedOf(data.name) }),
  )
  const spans: readonly Span[] = [
    ...changes,
    ...actors.flatMap((data): readonly Span[] => (data.kind === 'attack' ? data.phases : [data])),
  ]
  const first = Math.min(...spans.map(({ startMs }) => dayStart + startMs))
  const last = Math.max(...spans.map(({ startMs, durationMs }) => dayStart + startMs + durationMs))
  return {
    source: within(merge([everybody, ...others]), from, to),
    policyMarkets: platform.markets,
    from,
    to,
    attackFrom: spans.length === 0 ? null : Math.max(from, first),
    attackTo: spans.length === 0 ? null : Math.min(to, last),
  }
}

/** The requests from one time to another: those before are made and not asked, those after never are. */
function within(actor: Actor, from: number, to: number): Actor {
  const skip = (): number => {
    let at = actor.nextAt()
    while (at < from) {
      actor.ask()
      at = actor.nextAt()
    }
    return at < to ? at : Number.POSITIVE_INFINITY
  }
  return {
    nextAt: skip,
    ask: () => actor.ask(),
    told: (row, seen) => actor.told?.(row, seen),
  }
}
