import type { Layout } from '../../engine/state.js'
import { HOUR } from '../../engine/units.js'
import { readWindow } from '../memory/counters.js'
import type { Asked, Slot } from './asked.js'
import type { Bases } from './bases.js'
import type { Marks } from './charging.js'
import type { Client } from './client.js'
import type { Entity } from './entities.js'
import { timeOf } from './events.js'
import { applyEvent, type Both, cellsOf, fold } from './fold.js'
import { Keys } from './keys.js'
import { finishReading, readBlank, readEntity, startReading } from './read.js'
import type { Reading } from './reading.js'
import { TOUCH } from './scripts.js'
import { shardsOf } from './shards-of.js'
import { together } from './together.js'
import { decodeBase, eventsFrom, headOf } from './value.js'

/** Requests of one script. */
const TOGETHER = 16
/** Bytes of a script's plan for a key: its event (2), the event's TTL (1); from 1, 0 for none. */
const PLANNED_BYTES = 3

const WINDOW = { subject: 'global', windowMs: HOUR } as const

/** One request: reads all its values as they were before what it appends to them. */
interface Turn {
  asked: Asked
  /** `null`: only reads */
  marks: Marks | null
  now: number
}

/** A key of the script, whichever of its requests ask for it, and its value as the records of one layout. */
interface Place {
  name: Slot
  entity: Entity
  layout: Layout
  /** first word of its cells */
  from: number
  /** its cells hold something: the value, or what earlier requests of the script appended */
  filled: boolean
  value: Buffer | null
  /** it could not be read */
  error: unknown
  /** what the requests append, in their order */
  event: Buffer | null
  events: Buffer[] | null
  /** requests that are still to be answered from it */
  turns: number
  /** two services that share a value may keep different records of it: the same value once more */
  also: Place | null
}

/**
 * Reads and charges requests, those that come close together in one script. What they share (country, operator,
 * network, service) is read, worked out and written once for all of them, and one call of the system sends them. The
 * first sees what was there before, the others see the first, as if each had had a script of its own.
 */
export function touching(client: Client, bases: Bases) {
  let cells: Both = cellsOf(4_096)
  const { add, done } = together<Turn, Reading>(TOGETHER, async (turns) => {
    const { places, seen, words } = placesOf(turns)
    await Promise.all(shardsOf(places, client.isCluster).map(ask))
    if (cells.narrow.u32.length < words) cells = cellsOf(2 * words)
    let from = 0
    return turns.map((turn) => {
      const first = from
      from += turn.asked.slots.length
      try {
        return answer(turn, seen, first)
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error))
      }
    })
  })

  async function ask(places: readonly Place[]): Promise<void> {
    const names: Slot[] = []
    const events: Buffer[] = []
    const ttls: number[] = []
    const plan = Buffer.allocUnsafe(PLANNED_BYTES * places.length)
    let o = 0
    for (const { name, event, events: several } of places) {
      names.push(name)
      const appended = several === null ? event : Buffer.concat(several)
      // a request leaves one and the same event on many of its keys, one after the other
      const which =
        appended === null ? 0 : events.lastIndexOf(appended) + 1 || events.push(appended)
      const { ttlMs } = name.entity
      const ttl = which === 0 ? 0 : ttls.indexOf(ttlMs) + 1 || ttls.push(ttlMs)
      plan[o] = which & 0xff
      plan[o + 1] = which >>> 8
      plan[o + 2] = ttl
      o += PLANNED_BYTES
    }
    const args: (string | Buffer)[] = [plan, headOf(bases.stamp(), 0), String(ttls.length)]
    for (const ttl of ttls) args.push(String(ttl))
    args.push(String(events.length))
    for (const event of events) args.push(event)
    bases.take(names, args)
    try {
      const values = (await client.run(TOUCH, names, args)) as (Buffer | null)[]
      for (let i = 0; i < places.length; i++) (places[i] as Place).value = values[i] ?? null
    } catch (error) {
      // in a cluster some of the requests may not need this shard
      for (const place of places) place.error = error
    }
  }

  /** What a request reads, after all requests before it. @param first of its places among the seen */
  function answer({ asked, marks, now }: Turn, seen: readonly Place[], first: number): Reading {
    const { slots, throttles } = asked
    const reading = startReading(asked, now)
    const firstThrottle = slots.length - throttles
    reading.state.throttled = new Float64Array(throttles)
    for (let i = 0; i < slots.length; i++) {
      const place = seen[first + i] as Place
      const { entity } = slots[i] as Slot
      if (place.error !== null) throw place.error
      if (place.value !== null) open(place, now)
      const view = viewOf(place, entity)
      if (i >= firstThrottle)
        reading.state.throttled[i - firstThrottle] = view.filled
          ? readWindow(cells.narrow, view.from, WINDOW, now)
          : 0
      else if (view.filled) readEntity(reading, entity, cells, view.from)
      else readBlank(reading, entity)
      place.turns--
      const event = place.turns === 0 || marks === null ? null : marks.of[i]
      if (event) append(place, event)
    }
    finishReading(reading)
    return reading
  }

  /** Works out what a value comes to. @throws Error for a value that this release cannot read */
  function open(place: Place, now: number): void {
    const value = place.value as Buffer
    for (let view: Place | null = place; view !== null; view = view.also) {
      const { name, entity, layout, from } = view
      fill(view)
      decodeBase(entity, value, cells.narrow.u32, from)
      const n = fold(entity, layout, value, cells, from)
      if (view !== place) continue
      const o = eventsFrom(value)
      const age = o < value.length ? now - timeOf(value, o) : 0
      bases.offer({ name, entity, from }, value, n, cells.narrow.u32, age)
    }
    place.value = null
  }

  function append(place: Place, event: Buffer): void {
    for (let view: Place | null = place; view !== null; view = view.also) {
      if (!view.filled) fill(view)
      applyEvent(view.entity, view.layout, event, 0, cells, view.from)
    }
  }

  function fill(view: Place): void {
    cells.narrow.u32.fill(0, view.from, view.from + view.entity.words)
    view.filled = true
  }

  return {
    touch: (asked: Asked, marks: Marks | null, now: number): Promise<Reading> =>
      add({ asked, marks, now }),
    done,
  }
}

function viewOf(place: Place, entity: Entity): Place {
  let view = place
  while (view.entity !== entity && view.also !== null) view = view.also
  return view
}

/** The keys of a script; `seen`: those of its requests, one request after the other. */
function placesOf(turns: readonly Turn[]): { places: Place[]; seen: Place[]; words: number } {
  const keys = new Keys<Slot>()
  const places: Place[] = []
  const seen: Place[] = []
  let words = 0
  const placeOf = (name: Slot, layout: Layout): Place => {
    const place: Place = {
      name,
      entity: name.entity,
      layout,
      from: words,
      filled: false,
      value: null,
      error: null,
      event: null,
      events: null,
      turns: 0,
      also: null,
    }
    words += name.entity.words
    return place
  }
  for (const { asked, marks } of turns) {
    const { slots, query } = asked
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as Slot
      let place = places[keys.at(slot)]
      if (place === undefined) {
        place = placeOf(slot, query.layout)
        places.push(place)
      } else if (viewOf(place, slot.entity).entity !== slot.entity) {
        const also = placeOf(slot, query.layout)
        also.also = place.also
        place.also = also
      }
      seen.push(place)
      place.turns++
      const event = marks === null ? null : marks.of[i]
      if (!event) continue
      if (place.event === null) place.event = event
      else if (place.events === null) place.events = [place.event, event]
      else place.events.push(event)
    }
  }
  return { places, seen, words }
}
