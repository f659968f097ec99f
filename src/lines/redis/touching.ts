import type { Gathered, Layout } from '../../engine/state.js'
import { HOUR } from '../../engine/units.js'
import { readWindow } from '../memory/counters.js'
import { type Asked, groupsOf } from './asked.js'
import type { Bases } from './bases.js'
import { eventAt, type Marks } from './charging.js'
import type { Client } from './client.js'
import type { Entity } from './entities.js'
import { timeOf } from './events.js'
import { applyEvent, type Both, cellsOf, fold } from './fold.js'
import { finishReading, readEntity, startReading } from './read.js'
import { TOUCH } from './scripts.js'
import { decodeBase, eventsFrom, headOf } from './value.js'

/**
 * Requests of one script. Those that come while two scripts are on their way go together with the next: what they
 * share (country, operator, network, service) is read, worked out and written once for all of them, and one call of the
 * system sends them. One alone goes at once.
 */
const TOGETHER = 32
const ON_THEIR_WAY = 2

const WINDOW = { subject: 'global', windowMs: HOUR } as const

/** One request: reads all its values as they were before what it appends to them. */
interface Turn {
  asked: Asked
  /** `null`: only reads */
  marks: Marks | null
  now: number
  /** of each of its slots */
  views: View[]
  resolve(state: Gathered): void
  reject(error: unknown): void
}

/** A key of the script, whichever of the requests ask for it. */
interface Place {
  key: string
  tag: string
  views: View[]
  /** what the requests append, in their order */
  events: Buffer[]
  ttlMs: number
  /** requests that are still to be answered from it */
  turns: number
  value: Buffer | null
}

/** A value as the records of one layout: two services that share it may keep different ones. */
interface View {
  place: Place
  entity: Entity
  layout: Layout
  /** first word of its cells */
  from: number
  /** its cells hold something: the value, or what earlier requests of the script appended */
  filled: boolean
}

/** Reads and charges requests, several in one script where they come close together. */
export function touching(client: Client, bases: Bases) {
  const waiting: Turn[] = []
  const onTheirWay = new Set<Promise<void>>()
  let asleep = true
  let cells: Both = cellsOf(4_096)

  function touch(asked: Asked, marks: Marks | null, now: number): Promise<Gathered> {
    return new Promise((resolve, reject) => {
      waiting.push({ asked, marks, now, views: [], resolve, reject })
      wake()
    })
  }

  /** After all that goes on now: what the answers of one script lead to goes together. */
  function wake(): void {
    if (!asleep || waiting.length === 0 || onTheirWay.size >= ON_THEIR_WAY) return
    asleep = false
    process.nextTick(start)
  }

  function start(): void {
    asleep = true
    while (waiting.length > 0 && onTheirWay.size < ON_THEIR_WAY) {
      const turns = waiting.splice(0, TOGETHER)
      const work: Promise<void> = send(turns)
        .catch((error: unknown) => {
          for (const { reject } of turns) reject(error)
        })
        .finally(() => {
          onTheirWay.delete(work)
          wake()
        })
      onTheirWay.add(work)
    }
  }

  /** Every request has its answer. */
  async function done(): Promise<void> {
    while (waiting.length + onTheirWay.size > 0) {
      await Promise.all(onTheirWay)
      await new Promise<void>((resolve) => process.nextTick(resolve))
    }
  }

  async function send(turns: readonly Turn[]): Promise<void> {
    const { places, words } = placesOf(turns)
    await Promise.all(
      groupsOf(places, client.isCluster).map((group) =>
        ask(group.length === places.length ? places : group.map((i) => places[i] as Place)),
      ),
    )
    if (cells.narrow.u32.length < words) cells = cellsOf(2 * words)
    for (const turn of turns) {
      try {
        turn.resolve(answer(turn))
      } catch (error) {
        turn.reject(error)
      }
    }
  }

  async function ask(places: readonly Place[]): Promise<void> {
    const keys: string[] = []
    const events: Buffer[] = []
    const ttls: number[] = []
    const plan = Buffer.allocUnsafe(PLANNED_BYTES * places.length)
    let o = 0
    for (const { key, events: own, ttlMs } of places) {
      keys.push(key)
      let event = 0
      let ttl = 0
      if (own.length > 0) {
        const [only] = own
        const last = own.length === 1 ? (only as Buffer) : Buffer.concat(own)
        // most requests leave one and the same event on many of their keys, one after the other
        event = events.lastIndexOf(last) + 1 || events.push(last)
        ttl = ttls.indexOf(ttlMs) + 1 || ttls.push(ttlMs)
      }
      o = plan.writeUInt16LE(event, o)
      o = plan.writeUInt8(ttl, o)
    }
    const args: (string | Buffer)[] = [plan, headOf(bases.stamp(), 0), String(ttls.length)]
    for (const ttl of ttls) args.push(String(ttl))
    args.push(String(events.length))
    for (const event of events) args.push(event)
    bases.take(keys, args)
    const values = (await client.run(TOUCH, keys, args)) as (Buffer | null)[]
    for (const [i, place] of places.entries()) place.value = values[i] ?? null
  }

  /** What a request reads, after all requests before it. */
  function answer({ asked, marks, now, views }: Turn): Gathered {
    const { plan, slots, query, throttles } = asked
    const reading = startReading(plan, query, asked.hashes, asked.seed, now)
    const firstThrottle = slots.length - throttles
    if (throttles > 0) reading.state.throttled = new Float64Array(throttles)
    for (let i = 0; i < views.length; i++) {
      const view = views[i] as View
      const { place, entity, from } = view
      if (place.value !== null) open(place, now)
      if (view.filled) {
        if (i < firstThrottle) readEntity(reading, entity, cells, from)
        else
          reading.state.throttled[i - firstThrottle] = readWindow(cells.narrow, from, WINDOW, now)
      }
      place.turns--
      const event = place.turns === 0 || marks === null ? null : eventAt(marks, i)
      if (event !== null) append(place, event)
    }
    return finishReading(plan, reading)
  }

  /** Works out what a value comes to. @throws Error for a value that this release cannot read */
  function open(place: Place, now: number): void {
    const value = place.value as Buffer
    for (const view of place.views) {
      const { entity, layout, from } = view
      fill(view)
      decodeBase(entity, value, cells.narrow.u32, from)
      const n = fold(entity, layout, value, cells, from)
      if (view !== place.views[0]) continue
      const o = eventsFrom(value)
      const age = o < value.length ? now - timeOf(value, o) : 0
      bases.offer({ entity, key: place.key, from }, value, n, cells.narrow.u32, age)
    }
    place.value = null
  }

  function append({ views }: Place, event: Buffer): void {
    for (const view of views) {
      if (!view.filled) fill(view)
      applyEvent(view.entity, view.layout, event, 0, cells, view.from)
    }
  }

  function fill(view: View): void {
    cells.narrow.u32.fill(0, view.from, view.from + view.entity.words)
    view.filled = true
  }

  return { touch, done }
}

/** Bytes of the plan for a key: its event (2), the event's TTL (1); from 1, 0 for none. */
const PLANNED_BYTES = 3

function placesOf(turns: readonly Turn[]): { places: Place[]; words: number } {
  const byKey = new Map<string, Place>()
  const places: Place[] = []
  let words = 0
  for (const { asked, marks, views } of turns) {
    const { slots, query } = asked
    for (let i = 0; i < slots.length; i++) {
      const { key, tag, entity } = slots[i] as Asked['slots'][number]
      let place = byKey.get(key)
      if (place === undefined) {
        place = { key, tag, views: [], events: [], ttlMs: 0, turns: 0, value: null }
        byKey.set(key, place)
        places.push(place)
      }
      place.turns++
      let view = place.views.find((v) => v.entity === entity)
      if (view === undefined) {
        view = { place, entity, layout: query.layout, from: words, filled: false }
        place.views.push(view)
        words += entity.words
      }
      views.push(view)
      const event = marks === null ? null : eventAt(marks, i)
      if (event === null) continue
      place.events.push(event)
      place.ttlMs = Math.max(place.ttlMs, entity.ttlMs)
    }
  }
  return { places, words }
}
