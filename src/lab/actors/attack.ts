import { createRandom, type Random } from '../random.js'
import type { TrafficRow } from '../traffic.js'
import type { World } from '../world/world.js'
import type { Actor, Seen } from './actor.js'
import { type Adapts, createAdaptation } from './attack/adaptation.js'
import {
  createDestinations,
  type Destination,
  type Destinations,
  type Rotation,
} from './attack/destinations.js'
import { createPace, type Pace } from './attack/pace.js'
import { potentialOf, type Solves, type Verifies } from './attack/potential.js'
import { createSources, type Identity, type Sources } from './attack/sources.js'

/** One stretch of an attack with a rate and a purpose of its own: probing, building trust, burning it. */
export interface Phase extends Pace {
  /** in place of that of the destinations */
  rotate?: Rotation
  /** codes he enters meanwhile; absent: none */
  verifies?: Verifies
}

/** An attacker, in full, as plain data: survives JSON, and with a seed always makes the same requests. */
export interface AttackData {
  kind: 'attack'
  campaign: string
  /** flow that he asks for codes @default signup */
  service?: string
  /** in time order, one ends before the next begins */
  phases: readonly Phase[]
  destinations: Destinations
  sources: Sources
  solves: Solves
  /** numbers that nobody has: sends to them fail, 0 to 1 @default 0 */
  deadShare?: number
  /** absent: a script that goes on whatever the answers are */
  adapts?: Adapts
}

export interface AttackContext {
  world: World
  /** midnight UTC of the day of the attack, Unix ms; phases count from here */
  from: number
  seed: number
  /** in place of one made of the seed */
  random?: Random
}

/** A number he has asked for, and may ask for again. */
interface Asked extends Destination {
  dead: boolean
  identity: Identity
  /** first request, Unix ms */
  since: number
  /** next request, Unix ms */
  again: number
  left: number
}

function checkOrder(phases: readonly Phase[], campaign: string): void {
  phases.forEach((phase, i) => {
    const before = phases[i - 1]
    if (before !== undefined && before.startMs + before.durationMs > phase.startMs)
      throw new RangeError(`${campaign}: phase ${i + 1} begins before phase ${i} is over`)
  })
}

/** Somebody who asks for codes to be paid for the messages. A time that `nextAt` has given stands, whatever he is told. */
export function attacker(data: AttackData, context: AttackContext): Actor {
  const { world, from } = context
  const { repeats } = data.destinations
  checkOrder(data.phases, data.campaign)
  const random = context.random ?? createRandom(context.seed)
  const destinations = createDestinations(data.destinations, world, random)
  const sources = createSources(data.sources, world, random)
  const stretches = data.phases.map((phase) => ({
    phase,
    pace: createPace(phase, from, random),
    owners: sources.owners(phase.verifies?.devices ?? 0),
  }))
  const start = stretches[0]?.pace.begin ?? from
  const adaptation = createAdaptation(data.adapts ?? {}, start, destinations, sources)
  /** Numbers to be asked for again: all wait equally long, so the first comes first. */
  const waiting: Asked[] = []
  let current = 0
  let due: number | null = null
  let rows = 0
  let last: { id: string; asked: Asked } | null = null

  function nextAt(): number {
    if (due !== null) return due
    due = Number.POSITIVE_INFINITY
    if (adaptation.over()) return due
    for (; current < stretches.length; current++) {
      const pace = stretches[current]?.pace
      pace?.skipTo(adaptation.restsUntil())
      due = pace?.next(adaptation.speed()) ?? due
      if (due !== Number.POSITIVE_INFINITY) break
    }
    return due
  }

  /** The next number whose turn it is again, of ranges that are still worth it. */
  function waited(now: number): Asked | undefined {
    for (let next = waiting[0]; next !== undefined && next.again <= now; next = waiting[0]) {
      waiting.shift()
      if (destinations.isLive(next.range)) return next
    }
    return undefined
  }

  function choose(now: number, phase: Phase, owner: string | undefined): Asked {
    const before = waited(now)
    if (before !== undefined) {
      if (repeats?.sameSession !== true)
        before.identity = sources.identity(before.range.country, owner)
      return before
    }
    // With no range left a request whose time was given already goes where the last one went.
    const aim = destinations.next(now, phase.rotate) ?? last?.asked
    if (aim === undefined) throw new RangeError(`${data.campaign}: has nowhere to send to`)
    return {
      to: aim.to,
      range: aim.range,
      dead: random.chance(data.deadShare ?? 0),
      identity: sources.identity(aim.range.country, owner),
      since: now,
      again: now,
      left: repeats?.times ?? 1,
    }
  }

  return {
    nextAt,

    ask() {
      const at = Math.round(nextAt())
      const stretch = stretches[current]
      if (stretch === undefined || !Number.isFinite(at))
        throw new RangeError(`${data.campaign}: there is no request left to make`)
      due = null
      const { phase, owners } = stretch
      const verifies: Verifies | null =
        phase.verifies !== undefined && random.chance(phase.verifies.share) ? phase.verifies : null
      const owner = verifies !== null && owners.length > 0 ? random.pick(owners) : undefined
      const asked = choose(at, phase, owner)
      const { identity, range } = asked
      const { sessionAgeMs } = identity
      const row: TrafficRow = {
        id: `${data.campaign}:${rows++}`,
        at,
        service: data.service ?? 'signup',
        to: asked.to,
        ...identity,
        sessionAgeMs: sessionAgeMs === null ? null : sessionAgeMs + at - asked.since,
        priceMicroUsd: world.price(range.country),
        // He wants every message: one that came does not keep him from asking for the next.
        retryOf: null,
        potential: potentialOf(verifies, data.solves, asked.dead, random),
      }
      if (--asked.left > 0 && repeats !== undefined) {
        asked.again = at + repeats.gapMs
        waiting.push(asked)
      }
      last = { id: row.id, asked }
      return { row, label: 'attack', campaign: data.campaign }
    },

    told(row: TrafficRow, seen: Seen) {
      if (last?.id === row.id) adaptation.told(row, last.asked.range, seen)
    },
  }
}
