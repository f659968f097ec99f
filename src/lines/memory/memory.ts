import { randomInt } from 'node:crypto'
import { hash64 } from '../../engine/hash.js'
import { LINES, SUBJECTS } from '../../engine/policy.js'
import { leftOnRanges } from '../../engine/settle.js'
import type {
  Demand,
  EarnCap,
  Gathered,
  Layout,
  LostFirst,
  Query,
  Settlement,
} from '../../engine/state.js'
import type { LineStore } from '../port.js'
import { addSpend, readSpend } from './counters.js'
import { grant, roomOf } from './earn-caps.js'
import { createKeyHashes, hashKeys, overflowKey, salted, subjectSeed, tagged } from './keys.js'
import {
  finishCounters,
  type KeyRecords,
  type PlacedLayout,
  placeLayout,
  type Wanted,
  WIDE,
  WIDE_LINES,
} from './layout.js'
import { moveLine } from './line-slots.js'
import { rememberVerified, sourceHashes } from './numbers.js'
import { countOutcome } from './outcome-counters.js'
import {
  ABSENT,
  type Access,
  ASKED,
  blankState,
  chargeRecord,
  isCharged,
  readRecord,
} from './record-access.js'
import {
  type Ageing,
  isIdle,
  KIND,
  lineKind,
  NARROW_WORDS,
  secondsOf,
  WIDE_WORDS,
} from './records.js'
import { endSession, failFirst, hasCarried } from './sessions.js'
import { SlotTable } from './slot-table.js'
import { countThrottles, isWithin, type Places, readThrottles } from './throttles.js'

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
  count(query: Query, now: number): void
  settle(settlement: Settlement, now: number): void
  close(): void
  /** Consistent image of everything, to be written to disk. */
  dump(): Uint8Array[]
  /** Replaces everything by an image. @throws RangeError when it is cut short */
  load(image: Uint8Array): void
  stats(): { records: number; bytes: number }
}

/** It is not known where a record lies. */
const ELSEWHERE = -2
/** More records than this no key has. */
const MAX_HITS = 256
const WIDE_CAPACITY = 500_000
const NUMBER = SUBJECTS.indexOf('number')
const COUNTRY = SUBJECTS.indexOf('country')
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

  const counters = new SlotTable({ words: WIDE_WORDS, capacity, isIdle: idle })
  /** in the order of NARROW, WIDE, COUNTERS */
  const tables: readonly SlotTable[] = [narrow, wide, counters]
  const moves = (): number => narrow.moves + wide.moves + counters.moves

  // hashes and places of the request looked at last: gather and charge of one decision share them
  const hashes = createKeyHashes()
  /** where each record of that request lies, in the order of its layout */
  let slots = new Int32Array(0)
  const hits = new Int32Array(MAX_HITS)
  let hashed: Query | null = null
  let places: PlacedLayout | null = null
  /** some record has found no room; `shared` is set while a request reads a shared one */
  let overflowed = false
  /** charges and settlements so far, and how many there were at the last gather */
  let changes = 0
  let changesAtGather = -1
  let movesAtGather = -1
  let shared = false
  let access: Access | null = null

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
    return at >= 0 || !overflowed ? at : findShared(table, kind)
  }

  const throttled: Places = {
    table: narrow,
    seed: () => seed,
    find: (high, low) => find(narrow, high, low, KIND.throttle),
    claim: (high, low, now) => claim(narrow, high, low, KIND.throttle, now),
  }

  function findShared(table: SlotTable, kind: number): number {
    shared = true
    const common = overflowKey(kind)
    return table.find(common.high, common.low)
  }

  function gather(query: Query, now: number): Gathered {
    const at = prepare(query)
    changesAtGather = changes
    movesAtGather = moves()
    const { high, low } = hashes
    const { state, keys } = at
    shared = false
    blankState(at, query)
    access = { query, state, hashes, seed, now }
    if (slots.length < at.records) slots = new Int32Array(at.records)
    for (let k = 0; k < keys.length; k++) {
      const { subject, table } = keys[k] as KeyRecords
      if (table !== WIDE && query.keys[subject] !== '')
        tables[table]?.touch(high[subject] as number)
    }
    for (let k = 0; k < keys.length; k++) {
      const { subject, table: index, records, from } = keys[k] as KeyRecords
      if (query.keys[subject] === '') continue
      const table = tables[index] as SlotTable
      const n = table.scan(high[subject] as number, hits)
      const { u32 } = table
      for (let r = 0; r < records.length; r++) {
        const record = records[r] as Wanted
        const tag = tagged(salted(low[subject] as number, record.salt), record.kind)
        let slot = ABSENT
        for (let h = 0; h < n; h++) {
          if (u32[(hits[h] as number) + 1] === tag) {
            slot = hits[h] as number
            break
          }
        }
        slots[from + r] = slot
        if (slot === ABSENT && overflowed) {
          slots[from + r] = ELSEWHERE
          readRecord(access, table, findShared(table, record.kind), record)
          table.lookAt(high[subject] as number)
        } else readRecord(access, table, slot, record)
      }
    }
    finishCounters(state, at.sources)
    state.throttled = readThrottles(throttled, query.throttles, now)
    state.degraded = shared
    return state
  }

  /** Leaves the marks of a charge, or of a request that was only asked, on its records. */
  function mark(
    at: PlacedLayout,
    query: Query,
    demand: Demand,
    untouched: boolean,
    now: number,
  ): void {
    const { high, low } = hashes
    access = { query, state: at.state, hashes, seed, now }
    for (let k = 0; k < at.keys.length; k++) {
      const { subject, table: index, records, from } = at.keys[k] as KeyRecords
      if (query.keys[subject] === '') continue
      const table = tables[index] as SlotTable
      for (let r = 0; r < records.length; r++) {
        const record = records[r] as Wanted
        if (!record.counts || !isCharged(record, demand)) continue
        const h = high[subject] as number
        let slot = ELSEWHERE
        if (untouched && movesAtGather === moves()) slot = slots[from + r] as number
        if (slot >= 0) table.lookAt(h)
        else slot = claim(table, h, salted(low[subject] as number, record.salt), record.kind, now)
        chargeRecord(access, table, slot, record, demand)
      }
    }
  }

  function count(query: Query, now: number): void {
    const untouched = hashed === query && changesAtGather === changes
    const at = prepare(query)
    // a resend of what was sent counts nowhere: people ask again
    if ((untouched ? at.state : gather(query, now)).sessionAt > 0) return
    changes++
    mark(at, query, ASKED, untouched, now)
  }

  function fits(demand: Demand, { spend }: PlacedLayout, now: number): boolean {
    for (let i = 0; i < LINES.length; i++) {
      const cost = demand.costs[i] as number
      const ceiling = demand.ceilings[i] as number
      if (cost === 0 || ceiling === Number.POSITIVE_INFINITY) continue
      const table = WIDE_LINES[i] ? wide : narrow
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
    for (const { subject, salt, kind, index, spec } of spend) {
      const ceiling = demand.spendCeilings[index] ?? Number.POSITIVE_INFINITY
      if (ceiling === Number.POSITIVE_INFINITY) continue
      const low = salted(hashes.low[subject] as number, salt)
      const at = find(wide, hashes.high[subject] as number, low, kind)
      const spent = at < 0 ? 0 : readSpend(wide, at, spec, now)
      if (spent + demand.priceMicroUsd > ceiling) return false
    }
    return true
  }

  function charge(query: Query, demand: Demand, now: number): boolean {
    const untouched = hashed === query && changesAtGather === changes
    const at = prepare(query)
    // nothing has moved since this request was read: what it was decided on still stands
    if (!untouched && !fits(demand, at, now)) return false
    if (demand.throttled && !isWithin(throttled, query.throttles, now)) return false
    changes++
    mark(at, query, demand, untouched, now)
    countThrottles(throttled, query.throttles, now)
    return true
  }

  /** What is left of a session that loses its first message. @returns whether it carried another one */
  function loseFirst({ numberKey, at: began, ends }: LostFirst, keySeed: number): boolean {
    const { high, low } = hash64(numberKey, subjectSeed(keySeed, NUMBER))
    const at = narrow.find(high, tagged(low, KIND.number))
    if (at < 0) return false
    const opened = secondsOf(began)
    const carried = hasCarried(narrow, at, opened)
    if (ends) endSession(narrow, at, opened)
    else failFirst(narrow, at, opened)
    return carried
  }

  function settle(settlement: Settlement, now: number): void {
    changes++
    const to = placesOf(settlement.layout)
    const keySeed = serviceSeed(settlement.service)
    const { refund, lostFirst } = settlement
    const carried = lostFirst !== null && loseFirst(lostFirst, keySeed)
    for (const move of carried && lostFirst.leaves
      ? leftOnRanges(settlement.moves)
      : settlement.moves) {
      const i = LINES.indexOf(move.line)
      const { high, low } = hash64(move.key, subjectSeed(keySeed, i))
      let { earned, lost } = move
      if (earned > 0 && move.caps.length > 0) {
        if (move.surplusLost)
          lost += Math.max(0, earned - roomOf(narrow, move.caps[0] as EarnCap, keySeed))
        earned = grant(
          narrow,
          (high, low) => claim(narrow, high, low, KIND.cap, now),
          move.caps,
          earned,
          keySeed,
          now,
        )
      }
      const table = WIDE_LINES[i] ? wide : narrow
      const at = claim(table, high, low, lineKind(i), now)
      const amounts = { earned, lost, reserved: move.reserved, since: move.since }
      moveLine(table, at, amounts, settlement.layout.slowHalfLifeMs[i] as number, now)
    }
    if (settlement.outcome !== null)
      countOutcome({ narrow, counters }, settlement.moves, settlement.outcome, keySeed, now)
    if (settlement.verified !== null) {
      const { numberKey, sources } = settlement.verified
      const { high, low } = hash64(numberKey, subjectSeed(keySeed, NUMBER))
      const at = claim(narrow, high, low, KIND.number, now)
      rememberVerified(narrow, at, sourceHashes(sources, seed), now)
    }
    if (refund !== null) {
      const { country, priceMicroUsd, at } = refund
      for (const { spec, subject, salt, kind, counts } of to.spend) {
        if (!counts) continue
        const { high, low } =
          subject === GLOBAL
            ? hash64('global', subjectSeed(seed, GLOBAL))
            : hash64(
                subject === COUNTRY ? country : settlement.service,
                subjectSeed(keySeed, subject),
              )
        const slot = claim(wide, high, salted(low, salt), kind, now)
        addSpend(wide, slot, spec, -priceMicroUsd, at, now)
      }
    }
  }

  return {
    gather,
    charge,
    count,
    settle,
    close: () => {
      hashed = null
    },
    dump: () => [
      new Uint8Array(Uint32Array.of(seed).buffer),
      ...tables.flatMap((table) => table.dump()),
    ],
    load(image) {
      seed = new Uint32Array(new Uint8Array(image.subarray(0, 4)).buffer)[0] ?? 0
      hashed = null
      let at = 4
      for (const table of tables) at = table.load(image, at)
    },
    stats: () => ({
      records: tables.reduce((sum, table) => sum + table.size, 0),
      bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
    }),
  }
}
