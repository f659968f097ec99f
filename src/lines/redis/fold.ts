import type { Demand, Gathered, Layout, Query, SendOutcome } from '../../engine/state.js'
import { addSpend } from '../memory/counters.js'
import { createKeyHashes } from '../memory/keys.js'
import { moveLine } from '../memory/line-slots.js'
import { rememberVerified } from '../memory/numbers.js'
import { countRates, countTail } from '../memory/range-counters.js'
import { type Access, ASKED, chargeRecord, isCharged } from '../memory/record-access.js'
import { bucketMs, type Cells, msOf, secondsOf, WINDOW_BUCKETS } from '../memory/records.js'
import { endSession, failFirst } from '../memory/sessions.js'
import { countSourceDelay } from '../memory/source-counters.js'
import type { Entity, Placed } from './entities.js'
import {
  bytesOf,
  type Charge,
  EVENT,
  FAILS,
  type Moved,
  OUTCOMES,
  readCharge,
  readMove,
  readRefund,
  readVerified,
  timeOf,
} from './events.js'
import { addInFlight } from './in-flight.js'
import { eventsFrom } from './value.js'

/** Cells of the requests that are read together: the same words seen as narrow and as wide records. */
export interface Both {
  narrow: Cells
  wide: Cells
}

export const cellsOf = (words: number): Both => {
  const bytes = new ArrayBuffer(Math.max(16, words) * 4)
  const u32 = new Uint32Array(bytes)
  const f32 = new Float32Array(bytes)
  const f64 = new Float64Array(bytes)
  return { narrow: { u32, f32, f64, words: 8 }, wide: { u32, f32, f64, words: 16 } }
}

export const cellsFor = ({ narrow, wide }: Both, { words }: Placed): Cells =>
  words === 16 ? wide : narrow

const charge: Charge = {
  numberBit: 0,
  countryBit: 0,
  opens: false,
  carried: false,
  subscriber: -1,
  cost: 0,
  price: 0,
}
const moved: Moved = {
  since: 0,
  outcome: 0,
  resent: false,
  delayMs: 0,
  reserved: 0,
  earned: 0,
  lost: 0,
}
const hashes = createKeyHashes()
const sent: Demand = { ...ASKED, as: 'send' }
const asked = { subscriber: -1 } as Query
const access: Access = { query: asked, state: {} as Gathered, hashes, seed: 0, now: 0 }

/** Applies all events of a value to the cells of its entity, in their order. @returns how many there were */
export function fold(
  entity: Entity,
  layout: Layout,
  value: Buffer,
  cells: Both,
  at: number,
): number {
  let n = 0
  for (let o = eventsFrom(value); o < value.length; n++) {
    const next = o + bytesOf(value, o)
    // the head of an event whose rest is missing is not of our making
    if (next > value.length) throw new Error('lines: a value in Redis ends within an event')
    applyEvent(entity, layout, value, o, cells, at)
    o = next
  }
  return n
}

/** Applies the event that begins at `o`. */
export function applyEvent(
  entity: Entity,
  layout: Layout,
  value: Buffer,
  o: number,
  cells: Both,
  at: number,
): void {
  const now = timeOf(value, o)
  const kind = value[o] as number
  switch (kind) {
    case EVENT.charge:
    case EVENT.asked:
      readCharge(value, o, charge)
      countCharge(entity, kind === EVENT.asked, now, cells, at)
      return
    case EVENT.undo:
      readCharge(value, o, charge)
      undoCharge(entity, now, cells, at)
      return
    case EVENT.move:
      readMove(value, o, moved)
      move(entity, layout, now, cells, at)
      return
    case EVENT.refund: {
      const { at: then, price } = readRefund(value, o)
      refund(entity, then, price, now, cells, at)
      if (entity.number === null) return
      const slot = at + entity.number.offset
      if (price === FAILS) failFirst(cells.narrow, slot, then)
      else endSession(cells.narrow, slot, then)
      return
    }
    case EVENT.verified:
      for (const { record, offset } of entity.kept)
        if (record.is === 'number')
          rememberVerified(cells.narrow, at + offset, readVerified(value, o), now)
  }
}

function countCharge(entity: Entity, isAsked: boolean, now: number, cells: Both, at: number): void {
  hashes.numberBit = charge.numberBit
  hashes.countryBit = charge.countryBit
  asked.subscriber = charge.subscriber
  sent.priceMicroUsd = charge.price
  sent.opensSession = charge.opens
  sent.carried = charge.carried
  access.now = now
  const demand = isAsked ? ASKED : sent
  for (const placed of entity.kept) {
    const { record, offset } = placed
    const slots = cellsFor(cells, placed)
    if (record.is === 'line') {
      if (isAsked || charge.cost === 0) continue
      addInFlight(slots, at + offset, charge.cost, now)
      if (slots.u32[at + offset + 2] === 0) slots.u32[at + offset + 2] = secondsOf(now)
    } else if (isCharged(record, demand)) chargeRecord(access, slots, at + offset, record, demand)
  }
}

/** Takes back what was charged at that time, but for what signals count: it was asked for. */
function undoCharge(entity: Entity, then: number, cells: Both, at: number): void {
  for (const placed of entity.kept) {
    const { record } = placed
    const from = at + placed.offset
    const slots = cellsFor(cells, placed)
    if (record.is === 'line') addInFlight(slots, from, -charge.cost, then)
    else if (record.is === 'spend')
      addSpend(slots, from, record.spec, -charge.price, then, msOf(slots.u32[from + 2] as number))
    else if (record.is === 'window') uncount(slots, from, record.spec.windowMs, then)
    else if (record.is === 'number' && charge.opens) endSession(slots, from, secondsOf(then))
  }
}

function uncount({ u32 }: Cells, at: number, windowMs: number, then: number): void {
  const length = bucketMs(windowMs)
  const bucket = Math.floor(msOf(secondsOf(then)) / length)
  const written = Math.floor(msOf(u32[at + 2] as number) / length)
  if (bucket > written || bucket <= written - WINDOW_BUCKETS) return
  const i = at + 3 + (bucket % WINDOW_BUCKETS)
  if ((u32[i] as number) > 0) u32[i] = (u32[i] as number) - 1
}

function refund(
  entity: Entity,
  then: number,
  price: number,
  now: number,
  { narrow }: Both,
  at: number,
): void {
  for (const { record, offset } of entity.kept) {
    if (record.is === 'spend') addSpend(narrow, at + offset, record.spec, -price, msOf(then), now)
  }
}

/** A move on the line, then what came of the send on the counters beside it. */
function move(entity: Entity, layout: Layout, now: number, cells: Both, at: number): void {
  const line = entity.kept.find(({ record }) => record.is === 'line')
  if (line === undefined) return
  const { record: of, offset } = line
  const slots = cellsFor(cells, line)
  const since = msOf(moved.since)
  const { earned, lost } = moved
  const amounts = { earned, lost, reserved: 0, since }
  // in flight is kept by hours; the embedded store's one amount is one of them
  moveLine(slots, at + offset, amounts, layout.slowHalfLifeMs[of.index] as number, now)
  if (moved.reserved !== 0) addInFlight(slots, at + offset, moved.reserved, since)
  const what = OUTCOMES[moved.outcome] ?? 'none'
  if (what === 'none') return
  count(
    entity,
    { what, delayMs: moved.delayMs },
    slots.f32[at + offset + 5] as number,
    now,
    cells,
    at,
  )
}

function count(
  entity: Entity,
  outcome: SendOutcome,
  earnedSlow: number,
  now: number,
  { narrow, wide }: Both,
  at: number,
): void {
  const range = entity.kept.find(({ record }) => record.is === 'range')
  // nothing was counted here yet
  const seen = range !== undefined && wide.u32[at + range.offset + 2] !== 0
  for (const { record, offset } of entity.kept) {
    const slot = at + offset
    const isBlock = record.index === 0
    if (record.is === 'range' && seen) countRates(wide, slot, isBlock, outcome, moved.resent, now)
    else if (record.is === 'tail' && seen) countTail(wide, slot, isBlock, outcome, now)
    else if (record.is === 'source' && outcome.delayMs > 0 && narrow.u32[slot + 2] !== 0)
      countSourceDelay(narrow, slot, outcome.delayMs, Math.max(0, earnedSlow - moved.earned))
  }
}
