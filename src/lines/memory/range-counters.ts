import { decay } from '../../engine/line.js'
import type { RangeCounters } from '../../engine/signals/counters.js'
import { BLOCK_LONG_MS, LONG_MS, SHORT_MS } from '../../engine/signals/decayed.js'
import type { SendOutcome } from '../../engine/state.js'
import { DAY, HOUR } from '../../engine/units.js'
import type { Cells } from './records.js'
import { msOf, secondsOf } from './records.js'

/** What the signals ask of a range, in two slots of sixteen words: `range` has the rates, `tail` what is remembered. */

/** A gap between two sends counts as an hour at most. */
const LONGEST_GAP_MS = HOUR
/** After so long without a send a range begins anew. */
const BEGINS_ANEW_MS = 30 * DAY
const REMEMBERED = 16

/** Words of `range`: 2 second of last change, 3 ms of the last send (mod 2^32), 4 second of the first send, then floats. */
const SENDS_15M = 5
const VERIFIED_15M = 6
const LOST_15M = 7
const SENDS_1H = 8
const VERIFIED_1H = 9
const LOST_1H = 10
const FAILED_1H = 11
const RESENT_LONG = 12
const GAP_SUM = 13
const GAP_SQUARES = 14

/** Words of `tail`: 2 second of last change, 3-10 sixteen numbers, 11 their count, place and neighbours, then floats. */
const NUMBERS = 3
const RING = 11
const DELAY_SUM = 12
const DELAY_SQUARES = 13
const VERIFIED_LONG = 14
const LOST_LONG = 15

/** Sums of a block last a week, of what is above it a day. */
const longOf = (isBlock: boolean): number => (isBlock ? BLOCK_LONG_MS : LONG_MS)
const ageOf = (table: Cells, at: number, now: number): number =>
  Math.max(0, secondsOf(now) - (table.u32[at + 2] as number)) * 1_000

/** Gap since the last send, ms, from its time modulo 2^32. Sends out of order, or a clock that steps back, have none. */
export const gapSince = (lastMs: number, ageMs: number, now: number): number =>
  ageMs >= LONGEST_GAP_MS
    ? LONGEST_GAP_MS
    : Math.max(0, Math.min(LONGEST_GAP_MS, ((now >>> 0) - lastMs) | 0))

export function readRange(
  table: Cells,
  at: number,
  isBlock: boolean,
  now: number,
  out: RangeCounters,
): void {
  const { u32, f32 } = table
  const age = ageOf(table, at, now)
  const quarter = decay(age, SHORT_MS)
  const hour = decay(age, HOUR)
  out.sends15m = (f32[at + SENDS_15M] as number) * quarter
  out.verified15m = (f32[at + VERIFIED_15M] as number) * quarter
  out.lost15m = (f32[at + LOST_15M] as number) * quarter
  out.sends1h = (f32[at + SENDS_1H] as number) * hour
  out.verified1h = (f32[at + VERIFIED_1H] as number) * hour
  out.lost1h = (f32[at + LOST_1H] as number) * hour
  out.failed1h = (f32[at + FAILED_1H] as number) * hour
  out.resentLong = (f32[at + RESENT_LONG] as number) * decay(age, longOf(isBlock))
  out.gaps.n = out.sends1h
  out.gaps.sum = (f32[at + GAP_SUM] as number) * hour
  out.gaps.squares = (f32[at + GAP_SQUARES] as number) * hour
  out.firstSeenDays =
    u32[at + 4] === 0 || age > BEGINS_ANEW_MS ? null : (now - msOf(u32[at + 4] as number)) / DAY
}

export function readTail(
  table: Cells,
  at: number,
  isBlock: boolean,
  now: number,
  out: RangeCounters,
): void {
  const { u32, f32 } = table
  const long = decay(ageOf(table, at, now), longOf(isBlock))
  out.verifiedLong = (f32[at + VERIFIED_LONG] as number) * long
  out.lostLong = (f32[at + LOST_LONG] as number) * long
  out.delays.n = out.verifiedLong
  out.delays.sum = (f32[at + DELAY_SUM] as number) * long
  out.delays.squares = (f32[at + DELAY_SQUARES] as number) * long
  out.remembered = (u32[at + RING] as number) & 0xff
  out.neighbours = (u32[at + RING] as number) >>> 16
}

/** Brings all sums of a `range` to `now`. @returns the age they had, ms */
function ageRange(table: Cells, at: number, isBlock: boolean, now: number): number {
  const { u32, f32 } = table
  if (u32[at + 2] === 0) {
    u32[at + 2] = secondsOf(now)
    return 0
  }
  const age = ageOf(table, at, now)
  if (age === 0) return 0
  const quarter = decay(age, SHORT_MS)
  const hour = decay(age, HOUR)
  for (let k = SENDS_15M; k <= LOST_15M; k++) f32[at + k] = (f32[at + k] as number) * quarter
  for (let k = SENDS_1H; k <= FAILED_1H; k++) f32[at + k] = (f32[at + k] as number) * hour
  for (let k = GAP_SUM; k <= GAP_SQUARES; k++) f32[at + k] = (f32[at + k] as number) * hour
  f32[at + RESENT_LONG] = (f32[at + RESENT_LONG] as number) * decay(age, longOf(isBlock))
  u32[at + 2] = secondsOf(now)
  return age
}

/** The first send of a session. */
export function countSend(table: Cells, at: number, isBlock: boolean, now: number): void {
  const { u32, f32 } = table
  const first = u32[at + 4] === 0
  const age = ageRange(table, at, isBlock, now)
  if (first || age > BEGINS_ANEW_MS) u32[at + 4] = secondsOf(now)
  if (!first) {
    const gap = gapSince(u32[at + 3] as number, age, now)
    f32[at + GAP_SUM] = (f32[at + GAP_SUM] as number) + gap
    f32[at + GAP_SQUARES] = (f32[at + GAP_SQUARES] as number) + gap * gap
  }
  u32[at + 3] = now >>> 0
  f32[at + SENDS_15M] = (f32[at + SENDS_15M] as number) + 1
  f32[at + SENDS_1H] = (f32[at + SENDS_1H] as number) + 1
}

/** The number's last four digits join the last sixteen different ones. */
export function rememberNumber(table: Cells, at: number, digits: number, now: number): void {
  const { u32 } = table
  if (u32[at + 2] === 0) u32[at + 2] = secondsOf(now)
  const ring = u32[at + RING] as number
  let count = ring & 0xff
  let place = (ring >>> 8) & 0xff
  let neighbours = ring >>> 16
  const get = (k: number): number =>
    ((u32[at + NUMBERS + (k >> 1)] as number) >>> ((k & 1) << 4)) & 0xffff
  for (let k = 0; k < count; k++) if (get(k) === digits) return
  const near = (of: number): number => {
    let n = 0
    for (let k = 0; k < count; k++) if (Math.abs(get(k) - of) === 1) n++
    return n
  }
  if (count === REMEMBERED) neighbours -= near(get(place))
  const word = at + NUMBERS + (place >> 1)
  const shift = (place & 1) << 4
  // no number stands in the place that is written while its neighbours are counted
  u32[word] = (((u32[word] as number) & ~(0xffff << shift)) | (0xfffe << shift)) >>> 0
  neighbours += near(digits)
  u32[word] = (((u32[word] as number) & ~(0xffff << shift)) | (digits << shift)) >>> 0
  if (count < REMEMBERED) count++
  place = (place + 1) % REMEMBERED
  u32[at + RING] = (neighbours << 16) | (place << 8) | count
}

export function countRates(
  table: Cells,
  at: number,
  isBlock: boolean,
  { what }: SendOutcome,
  resent: boolean,
  now: number,
): void {
  const { f32 } = table
  ageRange(table, at, isBlock, now)
  const add = (k: number, n: number): void => {
    f32[at + k] = Math.max(0, (f32[at + k] as number) + n)
  }
  if (what === 'failed') add(FAILED_1H, 1)
  else if (what === 'lost') {
    add(LOST_15M, 1)
    add(LOST_1H, 1)
    if (resent) add(RESENT_LONG, 1)
  } else {
    add(VERIFIED_15M, 1)
    add(VERIFIED_1H, 1)
    if (what === 'late') {
      add(LOST_15M, -1)
      add(LOST_1H, -1)
      if (resent) add(RESENT_LONG, -1)
    }
  }
}

export function countTail(
  table: Cells,
  at: number,
  isBlock: boolean,
  { what, delayMs }: SendOutcome,
  now: number,
): void {
  if (what === 'failed') return
  const { u32, f32 } = table
  const long = u32[at + 2] === 0 ? 1 : decay(ageOf(table, at, now), longOf(isBlock))
  for (let k = DELAY_SUM; k <= LOST_LONG; k++) f32[at + k] = (f32[at + k] as number) * long
  u32[at + 2] = secondsOf(now)
  if (what === 'lost') f32[at + LOST_LONG] = (f32[at + LOST_LONG] as number) + 1
  else {
    if (what === 'late') f32[at + LOST_LONG] = Math.max(0, (f32[at + LOST_LONG] as number) - 1)
    f32[at + VERIFIED_LONG] = (f32[at + VERIFIED_LONG] as number) + 1
    f32[at + DELAY_SUM] = (f32[at + DELAY_SUM] as number) + delayMs
    f32[at + DELAY_SQUARES] = (f32[at + DELAY_SQUARES] as number) + delayMs * delayMs
  }
}
