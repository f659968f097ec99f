import { LINES } from '../../engine/policy.js'
import {
  emptyRange,
  type RangeCounters,
  type SourceCounters,
} from '../../engine/signals/counters.js'
import {
  type Demand,
  type DistinctSpec,
  type Gathered,
  LINE_WIDTH,
  NO_SPEND_CEILINGS,
  type Query,
} from '../../engine/state.js'
import {
  addSpend,
  countDistinct,
  countWindow,
  readDistinct,
  readSpend,
  readWindow,
} from './counters.js'
import type { KeyHashes } from './keys.js'
import { RANGES, type Refilled, SOURCES, type Wanted } from './layout.js'
import { readLine, reserve } from './line-slots.js'
import { sourceHashes, sourcesKnown } from './numbers.js'
import { countSend, readRange, readTail, rememberNumber } from './range-counters.js'
import type { Cells } from './records.js'
import { msOf } from './records.js'
import { carryOne, openSession } from './sessions.js'
import { countSourceSend, readSource } from './source-counters.js'

/** Not in the table. */
export const ABSENT = -1

/** A request that was only asked: it costs nothing and opens nothing. */
export const ASKED: Demand = {
  costs: new Float64Array(LINES.length),
  ceilings: new Float64Array(LINES.length),
  spendCeilings: NO_SPEND_CEILINGS,
  priceMicroUsd: 0,
  opensSession: false,
  carried: false,
  as: 'asked',
  throttled: false,
}

/** One request being read or charged. */
export interface Access {
  query: Query
  state: Gathered
  hashes: KeyHashes
  seed: number
  now: number
}

const EMPTY = emptyRange()
const bitOf = (spec: DistinctSpec, hashes: KeyHashes): number =>
  spec.of === 'numbers' ? hashes.numberBit : hashes.countryBit

/** What a record says, into the state of the request. Its own value counts in a distinct count that does not exist yet. */
export function readRecord(
  { query, state, hashes, seed, now }: Access,
  table: Cells,
  slot: number,
  record: Wanted,
): void {
  switch (record.is) {
    case 'line':
      if (slot === ABSENT) return
      readLine(
        table,
        slot,
        query.layout.slowHalfLifeMs[record.index] as number,
        now,
        state.lines,
        record.index * LINE_WIDTH,
      )
      return
    case 'window':
      if (slot !== ABSENT) state.windows[record.index] = readWindow(table, slot, record.spec, now)
      return
    case 'distinct':
      state.distinct[record.index] = readDistinct(
        table,
        slot,
        record.spec,
        bitOf(record.spec, hashes),
        now,
      )
      return
    case 'spend':
      if (slot !== ABSENT) state.spend[record.index] = readSpend(table, slot, record.spec, now)
      return
    case 'number':
      if (slot !== ABSENT) readNumber(table, slot, query, state, seed, now)
      return
    case 'range': {
      const range = rangeOf(state, record)
      if (slot === ABSENT) forgetRates(range)
      else readRange(table, slot, record.index === 0, now, range)
      return
    }
    case 'tail': {
      const range = rangeOf(state, record)
      if (slot === ABSENT) forgetTail(range)
      else readTail(table, slot, record.index === 0, now, range)
      return
    }
    case 'source': {
      const source = state.counters[SOURCES[record.index] ?? 'ip']
      if (source === null) return
      // its line was read before it
      const line = record.line * LINE_WIDTH
      source.verifiedLong = state.lines[line + 2] as number
      source.lostLong = state.lines[line + 3] as number
      if (slot === ABSENT) forgetSource(source)
      else readSource(table, slot, source.verifiedLong, now, source)
    }
  }
}

function readNumber(
  table: Cells,
  slot: number,
  query: Query,
  state: Gathered,
  seed: number,
  now: number,
): void {
  const verified = table.u32[slot + 2] as number
  const opened = table.u32[slot + 3] as number
  const carried = table.u32[slot + 7] as number
  if (opened > 0 && now - msOf(opened) < query.layout.sessionMs) state.sessionAt = msOf(opened)
  state.carriedAt = carried === 0 ? 0 : msOf(carried)
  if (verified === 0) return
  state.verifiedAt = msOf(verified)
  state.sourceKnown = sourcesKnown(table, slot, sourceHashes(query.sources, seed))
}

const rangeOf = (state: Gathered, record: Wanted): RangeCounters =>
  state.counters[RANGES[record.index] ?? 'block']

function forgetRates(range: RangeCounters): void {
  range.sends15m = 0
  range.verified15m = 0
  range.lost15m = 0
  range.sends1h = 0
  range.verified1h = 0
  range.lost1h = 0
  range.failed1h = 0
  range.resentLong = 0
  range.firstSeenDays = EMPTY.firstSeenDays
  range.gaps.n = 0
  range.gaps.sum = 0
  range.gaps.squares = 0
}

function forgetTail(range: RangeCounters): void {
  range.verifiedLong = 0
  range.lostLong = 0
  range.delays.n = 0
  range.delays.sum = 0
  range.delays.squares = 0
  range.neighbours = 0
  range.remembered = 0
}

function forgetRange(range: RangeCounters): void {
  forgetRates(range)
  forgetTail(range)
}

function forgetSource(source: SourceCounters): void {
  source.gaps.n = 0
  source.gaps.sum = 0
  source.gaps.squares = 0
  source.delays.n = 0
  source.delays.sum = 0
  source.delays.squares = 0
}

/** A state as it is before the records of a request are read into it. */
export function blankState({ state, sources, ranges }: Refilled, query: Query): void {
  state.lines.fill(0)
  state.windows.fill(0)
  state.distinct.fill(0)
  state.spend.fill(0)
  state.verifiedAt = 0
  state.sourceKnown = false
  state.sessionAt = 0
  state.carriedAt = 0
  // a source that the request does not carry has no counters, a range it does not carry empty ones
  for (const { name, subject } of ranges)
    if (query.keys[subject] === '') forgetRange(state.counters[name])
  for (const { name, subject, counters } of sources)
    state.counters[name] = query.keys[subject] === '' ? null : counters
}

/** A charge leaves its mark on this record. */
export const isCharged = (record: Wanted, demand: Demand): boolean => {
  switch (record.is) {
    case 'line':
      return demand.costs[record.index] !== 0
    case 'number':
      return demand.opensSession || demand.carried
    case 'range':
    case 'tail':
    case 'source':
      return demand.as === 'asked' || demand.opensSession
    case 'distinct':
      return true
    default:
      return demand.as !== 'asked'
  }
}

export function chargeRecord(
  { query, hashes, now }: Access,
  table: Cells,
  slot: number,
  record: Wanted,
  demand: Demand,
): void {
  switch (record.is) {
    case 'line':
      reserve(table, slot, demand.costs[record.index] as number, now)
      return
    case 'window':
      countWindow(table, slot, record.spec, now)
      return
    case 'distinct':
      countDistinct(table, slot, record.spec, bitOf(record.spec, hashes), now)
      return
    case 'spend':
      addSpend(table, slot, record.spec, demand.priceMicroUsd, now, now)
      return
    case 'number':
      if (demand.opensSession) openSession(table, slot, now)
      else carryOne(table, slot)
      return
    case 'range':
      countSend(table, slot, record.index === 0, now)
      return
    case 'tail':
      if (record.index === 0 && query.subscriber >= 0)
        rememberNumber(table, slot, query.subscriber, now)
      return
    case 'source':
      countSourceSend(table, slot, now)
  }
}
