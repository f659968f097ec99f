import { randomInt } from 'node:crypto'
import { periodNumber } from '../../engine/calendar.js'
import { hash64 } from '../../engine/hash.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import {
  type Demand,
  type DistinctSpec,
  type Gathered,
  type Layout,
  LINE_WIDTH,
  type Query,
  type Settlement,
  type SpendSpec,
  type WindowSpec,
} from '../../engine/state.js'
import type { LineStore } from '../port.js'
import { countDistinct, countWindow, readDistinct, readWindow } from './counters.js'
import {
  createKeyHashes,
  hashKeys,
  type KeyHashes,
  overflowKey,
  salted,
  subjectSeed,
  tagged,
} from './keys.js'
import { type Placed, type PlacedLayout, placeLayout } from './layout.js'
import { moveLine, readLine, reserve } from './line-slots.js'
import { rememberVerified, sourceHashes, sourcesKnown } from './numbers.js'
import {
  type Ageing,
  isIdle,
  KIND,
  lineKind,
  msOf,
  NARROW_WORDS,
  secondsOf,
  WIDE_WORDS,
} from './records.js'
import { SlotTable } from './slot-table.js'

export interface MemoryOptions {
  /** Most records (lines, windows, counts) kept at once. @default 10_000_000 (about 450 MB when full) */
  capacity?: number
  /** Secret seed of the key hashes, a 32-bit integer. @default random */
  seed?: number
}

/** The embedded store, with what persistence and metrics need besides the port. All calls answer at once. */
export interface MemoryLines extends LineStore {
  gather(query: Query, now: number): Gathered
  charge(query: Query, demand: Demand, now: number): boolean
  settle(settlement: Settlement, now: number): void
  close(): void
  /** Consistent image of everything, to be written to disk. */
  dump(): Uint8Array[]
  /** Replaces everything by an image. @throws RangeError when it is cut short */
  load(image: Uint8Array): void
  stats(): { records: number; bytes: number }
}

/** Lines whose sums outgrow 32-bit floats: operator, country, abroad, service. There are few of them. */
const WIDE_LINES = LINES.map((name) => ['operator', 'country', 'abroad', 'service'].includes(name))
const WIDE_CAPACITY = 500_000
const NUMBER = SUBJECTS.indexOf('number')
const COUNTRY = SUBJECTS.indexOf('country')
const SERVICE = SUBJECTS.indexOf('service')
const GLOBAL = SUBJECTS.indexOf('global')

export function memoryLines(options: MemoryOptions = {}): MemoryLines {
  const { capacity = 10_000_000 } = options
  let seed = options.seed ?? randomInt(0x1_0000_0000)
  const ageing: Ageing = { halfLifeMs: new Float64Array(LINES.length), windowMs: 0 }
  const placed = new WeakMap<Layout, PlacedLayout>()
  const idle = (table: SlotTable, at: number, now: number): boolean =>
    isIdle(table, at, now, ageing)
  const narrow = new SlotTable({ words: NARROW_WORDS, capacity, isIdle: idle })
  const wide = new SlotTable({
    words: WIDE_WORDS,
    capacity: Math.min(capacity, WIDE_CAPACITY),
    isIdle: idle,
  })
  const tableOf = (line: number): SlotTable => (WIDE_LINES[line] ? wide : narrow)

  // hashes and places of the request looked at last: gather and charge of one decision share them
  const hashes = createKeyHashes()
  let hashed: Query | null = null
  let places: PlacedLayout | null = null
  /** some record has found no room; `shared` is set while a request reads a shared one */
  let overflowed = false
  /** charges and settlements so far, and how many there were at the last gather */
  let changes = 0
  let changesAtGather = -1
  let shared = false

  function placesOf(layout: Layout): PlacedLayout {
    if (places !== null && places.layout === layout) return places
    const had = placed.get(layout)
    if (had !== undefined) {
      places = had
      return had
    }
    const made = placeLayout(layout)
    placed.set(layout, made)
    for (const [i, ms] of layout.slowHalfLifeMs.entries()) {
      ageing.halfLifeMs[i] = Math.max(ageing.halfLifeMs[i] as number, ms)
    }
    for (const { windowMs } of [...layout.windows, ...layout.distinct]) {
      ageing.windowMs = Math.max(ageing.windowMs, 2 * windowMs)
    }
    places = made
    return made
  }

  const serviceSeed = (service: string): number => hash64(service, seed).low

  function prepare(query: Query): PlacedLayout {
    const at = placesOf(query.layout)
    if (hashed === query) return at
    hashKeys(query, serviceSeed(query.service), hashes)
    // all services share one place for what is global
    const h = hash64('global', subjectSeed(seed, GLOBAL))
    hashes.high[GLOBAL] = h.high
    hashes.low[GLOBAL] = h.low
    hashed = query
    return at
  }

  /** A record's place; where the table is full, the one its kind shares. */
  function claim(table: SlotTable, high: number, low: number, kind: number, now: number): number {
    const at = table.claim(high, tagged(low, kind), now)
    if (at >= 0) return at
    overflowed = true
    const common = overflowKey(kind)
    const place = table.claim(common.high, common.low, now)
    if (place < 0)
      throw new Error(`lines: no room for the shared record of kind ${kind}; raise the capacity`)
    return place
  }

  /** A record's place for reading: a key that found no room reads what its kind shares. */
  function find(table: SlotTable, high: number, low: number, kind: number): number {
    const at = table.find(high, tagged(low, kind))
    if (at >= 0 || !overflowed) return at
    shared = true
    const common = overflowKey(kind)
    return table.find(common.high, common.low)
  }

  function gather(query: Query, now: number): Gathered {
    const at = prepare(query)
    changesAtGather = changes
    const { layout } = query
    const { high, low } = hashes
    shared = false
    const { lines, windows, distinct, spend } = at.state
    lines.fill(0)
    windows.fill(0)
    distinct.fill(0)
    spend.fill(0)
    for (let i = 0; i < LINES.length; i++) {
      if (low[i] === 0 && high[i] === 0) continue
      const table = tableOf(i)
      const slot = find(table, high[i] as number, low[i] as number, lineKind(i))
      if (slot >= 0)
        readLine(table, slot, layout.slowHalfLifeMs[i] as number, now, lines, i * LINE_WIDTH)
    }
    for (let w = 0; w < at.windows.length; w++) {
      const { spec, subject, salt } = at.windows[w] as Placed<WindowSpec>
      if (query.keys[subject] === '') continue
      const slot = find(
        narrow,
        high[subject] as number,
        salted(low[subject] as number, salt),
        KIND.window,
      )
      if (slot >= 0) windows[w] = readWindow(narrow, slot, spec, now)
    }
    for (let d = 0; d < at.distinct.length; d++) {
      const { spec, subject, salt } = at.distinct[d] as Placed<DistinctSpec>
      if (query.keys[subject] === '') continue
      const slot = find(
        narrow,
        high[subject] as number,
        salted(low[subject] as number, salt),
        KIND.distinct,
      )
      distinct[d] = readDistinct(narrow, slot, spec, bitOf(spec), now)
    }
    for (let s = 0; s < at.spend.length; s++) {
      const { spec, subject, salt } = at.spend[s] as Placed<SpendSpec>
      if (query.keys[subject] === '') continue
      const slot = find(
        wide,
        high[subject] as number,
        salted(low[subject] as number, salt),
        KIND.spend,
      )
      if (slot >= 0 && wide.u32[slot + 3] === periodNumber(spec.period, now)) {
        spend[s] = wide.f64[slot / 2 + 2] as number
      }
    }
    const { state } = at
    state.verifiedAt = 0
    state.sourceKnown = false
    state.sessionAt = 0
    state.degraded = shared
    if (query.keys[NUMBER] !== '') readNumber(query, state, now)
    return state
  }

  function readNumber(query: Query, state: Gathered, now: number): void {
    const slot = narrow.find(
      hashes.high[NUMBER] as number,
      tagged(hashes.low[NUMBER] as number, KIND.number),
    )
    if (slot < 0) return
    const verified = narrow.u32[slot + 2] as number
    const opened = narrow.u32[slot + 3] as number
    if (opened > 0 && now - msOf(opened) < query.layout.sessionMs) state.sessionAt = msOf(opened)
    if (verified === 0) return
    state.verifiedAt = msOf(verified)
    state.sourceKnown = sourcesKnown(narrow, slot, sourceHashes(query.sources, seed))
  }

  const bitOf = (spec: DistinctSpec): number =>
    spec.of === 'numbers' ? hashes.numberBit : hashes.countryBit

  function fits(demand: Demand): boolean {
    for (let i = 0; i < LINES.length; i++) {
      const cost = demand.costs[i] as number
      const ceiling = demand.ceilings[i] as number
      if (cost === 0 || ceiling === Number.POSITIVE_INFINITY) continue
      const table = tableOf(i)
      const at = find(table, hashes.high[i] as number, hashes.low[i] as number, lineKind(i))
      const reserved =
        at < 0
          ? 0
          : table === wide
            ? (wide.f64[at / 2 + 6] as number)
            : (narrow.f32[at + 7] as number)
      // half a millionth of slack: 32-bit floats round what 64-bit arithmetic decided
      if (reserved + cost > ceiling * (1 + 5e-7)) return false
    }
    return true
  }

  function charge(query: Query, demand: Demand, now: number): boolean {
    const untouched = hashed === query
    const at = prepare(query)
    // nothing has moved since this request was read: what it was decided on still stands
    if (!(untouched && changesAtGather === changes) && !fits(demand)) return false
    changes++
    const { high, low } = hashes
    for (let i = 0; i < LINES.length; i++) {
      const cost = demand.costs[i] as number
      if (cost === 0) continue
      const table = tableOf(i)
      reserve(table, claim(table, high[i] as number, low[i] as number, lineKind(i), now), cost, now)
    }
    for (const { spec, subject, salt, counts } of at.windows) {
      if (!counts || query.keys[subject] === '') continue
      const tag = salted(low[subject] as number, salt)
      countWindow(narrow, claim(narrow, high[subject] as number, tag, KIND.window, now), spec, now)
    }
    for (const { spec, subject, salt, counts } of at.distinct) {
      if (!counts || query.keys[subject] === '') continue
      const tag = salted(low[subject] as number, salt)
      const slot = claim(narrow, high[subject] as number, tag, KIND.distinct, now)
      countDistinct(narrow, slot, spec, bitOf(spec), now)
    }
    addSpend(at, hashes, demand.priceMicroUsd, now, now)
    if (demand.opensSession && query.keys[NUMBER] !== '') {
      const slot = claim(narrow, high[NUMBER] as number, low[NUMBER] as number, KIND.number, now)
      narrow.u32[slot + 3] = secondsOf(now)
    }
    return true
  }

  /** @param at time of the spend: a refund only counts while its period lasts */
  function addSpend(
    to: PlacedLayout,
    keys: KeyHashes,
    amount: number,
    at: number,
    now: number,
  ): void {
    for (const { spec, subject, salt, counts } of to.spend) {
      if (!counts || (keys.high[subject] === 0 && keys.low[subject] === 0)) continue
      const slot = claim(
        wide,
        keys.high[subject] as number,
        salted(keys.low[subject] as number, salt),
        KIND.spend,
        now,
      )
      const period = periodNumber(spec.period, at)
      if ((wide.u32[slot + 3] as number) > period) continue
      if (wide.u32[slot + 3] !== period) {
        wide.u32[slot + 3] = period
        wide.f64[slot / 2 + 2] = 0
      }
      wide.f64[slot / 2 + 2] = Math.max(0, (wide.f64[slot / 2 + 2] as number) + amount)
      wide.u32[slot + 2] = secondsOf(now)
    }
  }

  function settle(settlement: Settlement, now: number): void {
    changes++
    const to = placesOf(settlement.layout)
    const keySeed = serviceSeed(settlement.service)
    for (const move of settlement.moves) {
      const i = LINES.indexOf(move.line)
      const { high, low } = hash64(move.key, subjectSeed(keySeed, i))
      const granted =
        move.earned > 0 && move.caps.length > 0
          ? grant(move.caps, move.earned, keySeed, now)
          : move.earned
      const table = tableOf(i)
      const at = claim(table, high, low, lineKind(i), now)
      moveLine(table, at, move, granted, settlement.layout.slowHalfLifeMs[i] as number, now)
    }
    if (settlement.verified !== null) {
      const { numberKey, sources } = settlement.verified
      const { high, low } = hash64(numberKey, subjectSeed(keySeed, NUMBER))
      const at = claim(narrow, high, low, KIND.number, now)
      rememberVerified(narrow, at, sourceHashes(sources, seed), now)
    }
    if (settlement.refund !== null) {
      const { country, priceMicroUsd, at, session } = settlement.refund
      if (session !== null) {
        const { high, low } = hash64(session, subjectSeed(keySeed, NUMBER))
        const slot = narrow.find(high, tagged(low, KIND.number))
        // a session opened since is another one's
        if (slot >= 0 && narrow.u32[slot + 3] === secondsOf(at)) narrow.u32[slot + 3] = 0
      }
      const scratch = createKeyHashes()
      const put = (subject: number, text: string, with_: number): void => {
        const h = hash64(text, subjectSeed(with_, subject))
        scratch.high[subject] = h.high
        scratch.low[subject] = h.low
      }
      put(COUNTRY, country, keySeed)
      put(SERVICE, settlement.service, keySeed)
      put(GLOBAL, 'global', seed)
      addSpend(to, scratch, -priceMicroUsd, at, now)
    }
  }

  /** The smallest room of all caps, used up in each of them. */
  function grant(
    caps: readonly { key: string; max: number }[],
    wanted: number,
    keySeed: number,
    now: number,
  ): number {
    let room = wanted
    for (const cap of caps) {
      const { high, low } = hash64(cap.key, keySeed)
      const at = narrow.find(high, tagged(low, KIND.cap))
      room = Math.min(room, cap.max - (at < 0 ? 0 : (narrow.f32[at + 3] as number)))
    }
    if (room <= 0) return 0
    for (const cap of caps) {
      const { high, low } = hash64(cap.key, keySeed)
      const at = claim(narrow, high, low, KIND.cap, now)
      narrow.f32[at + 3] = (narrow.f32[at + 3] as number) + room
      narrow.u32[at + 2] = secondsOf(now)
    }
    return room
  }

  return {
    gather,
    charge,
    settle,
    close: () => {
      hashed = null
    },
    dump: () => [new Uint8Array(Uint32Array.of(seed).buffer), ...narrow.dump(), ...wide.dump()],
    load(image) {
      seed = new Uint32Array(new Uint8Array(image.subarray(0, 4)).buffer)[0] ?? 0
      hashed = null
      wide.load(image, narrow.load(image, 4))
    },
    stats: () => ({ records: narrow.size + wide.size, bytes: narrow.bytes + wide.bytes }),
  }
}
