import { DAY, HOUR, MINUTE, SECOND } from '../engine/units.js'
import type { Actor } from '../lab/actors/actor.js'
import { people } from '../lab/actors/people.js'
import { type CrowdData, crowd } from '../lab/actors/people-crowd.js'
import { hashOf } from '../lab/actors/people-spread.js'
import { PLATFORMS, type PlatformName } from '../lab/scenarios/platforms.js'
import { createWorld } from '../lab/world/create-world.js'
import type { Gate } from '../verify/types.js'
import { createApplication } from './application.js'
import { LOOKED_AT } from './business.js'
import type { Phones } from './phones.js'
import { type Event, openEvent } from './programme.js'
import { createTimeline, type DemoClock } from './timeline.js'

export interface SimulationOptions {
  gate: Gate
  clock: DemoClock
  phones: Phones
  platform: PlatformName
  /** people's sessions on a mean day */
  sessionsPerDay: number
  /** begins at the clock's time, ends here: from then on things happen, Unix ms */
  liveFrom: number
  /** this much history before the live part is made as the live part is: what is open at its start looks alike, ms @default 30 min */
  eveMs?: number
  /** one after the other, then from the start again */
  events: readonly Event[]
  /** of simulated time before the first event, ms */
  firstMs: number
  /** of simulated time between two events, ms */
  quietMs: number
  seed: number
  /** people of countries that the policy has looked at by a person come too @default true */
  newcomers?: boolean
  /** told when an event begins and ends */
  happens?: (event: Event, what: 'begins' | 'ends', at: number) => void
}

/** Simulated time between two rounds of upkeep: seldom in history, so that it is played fast. */
const HISTORY_STEP_MS = MINUTE
const LIVE_STEP_MS = 2 * SECOND
/** Share of sessions run whole by the gate, code and check included: all would make history slow. */
const WHOLE = { history: 0.03, live: 0.3 }
/** The programme ends after so long; nobody watches a demo for that long. */
const LONGEST_MS = 365 * DAY

/** Whoever looks at the review queue finds two or three of them there. */
const NEWCOMERS: CrowdData = {
  ...{ kind: 'crowd', name: 'newcomers', startMs: -HOUR / 2, durationMs: LONGEST_MS },
  ...{ sessions: (5 * LONGEST_MS) / HOUR, countries: LOOKED_AT },
}

/** A platform with its people, and what happens to it, played against a gate. */
export function createSimulation(options: SimulationOptions) {
  const { gate, clock, phones, events, quietMs, liveFrom, seed, happens } = options
  const world = createWorld()
  const eve = liveFrom - (options.eveMs ?? HOUR / 2)
  const application = createApplication({
    gate,
    clock: clock.now,
    phones,
    isWhole(session) {
      if (session.startsWith(NEWCOMERS.name)) return true
      const share = clock.now() < eve ? WHOLE.history : WHOLE.live
      return hashOf(session, 0) < share * 2 ** 32
    },
  })
  const timeline = createTimeline({ clock, gate, application, passing })
  timeline.add(
    people({
      ...PLATFORMS[options.platform],
      ...{ world, seed, sessionsPerDay: options.sessionsPerDay },
      ...{ from: clock.now(), to: liveFrom + LONGEST_MS },
    }),
  )
  if (options.newcomers !== false)
    timeline.add(crowd(NEWCOMERS, { world, seed, dayStart: liveFrom }))
  let happened = 0
  let next = liveFrom + options.firstMs
  let current: { event: Event; actors: Actor[]; endsAt: number } | null = null

  function passing(now: number): void {
    if (current !== null && now >= current.endsAt) {
      for (const actor of current.actors) timeline.remove(actor)
      happens?.(current.event, 'ends', now)
      next = now + quietMs
      current = null
    }
    const event = events[happened % events.length]
    if (event === undefined || current !== null || now < next) return
    const actors = openEvent(event, now, world, ++happened)
    for (const actor of actors) timeline.add(actor)
    current = { event, actors, endsAt: now + event.lastsMs }
    happens?.(event, 'begins', now)
  }

  return {
    asked: timeline.asked,
    /** Plays up to this time as fast as the gate answers. */
    async playTo(until: number): Promise<void> {
      if (clock.now() < eve) await timeline.playTo(Math.min(until, eve), HISTORY_STEP_MS)
      if (clock.now() < until) await timeline.playTo(until, LIVE_STEP_MS)
    },
    settled: application.settled,
  }
}

export type Simulation = ReturnType<typeof createSimulation>
