import { decay, FAST_HALF_LIFE_MS } from '../../engine/line.js'
import type { Move } from '../../engine/state.js'
import type { Cells } from './records.js'
import { secondsOf, WIDE_WORDS } from './records.js'

/** Amounts of a line in its slot: the narrow table keeps 32-bit floats, the wide one 64-bit. */
const amounts = (table: Cells): Float32Array | Float64Array =>
  table.words === WIDE_WORDS ? table.f64 : table.f32
const first = (table: Cells, at: number): number =>
  table.words === WIDE_WORDS ? at / 2 + 2 : at + 3

// The records of one person were mostly written in the same second: the factors of one are those of the next.
let lastAge = -1
let lastHalfLife = -1
let lastFast = 1
let lastSlow = 1

/** Writes the five numbers of a line, decayed to `now`, to `out` from `o` on. */
export function readLine(
  table: Cells,
  at: number,
  slowHalfLifeMs: number,
  now: number,
  out: Float64Array,
  o: number,
): void {
  const age = (secondsOf(now) - (table.u32[at + 2] as number)) * 1_000
  const a = amounts(table)
  const i = first(table, at)
  // most lines are new or at rest: nothing of them decays
  if (age <= 0 || (a[i + 2] === 0 && a[i + 3] === 0)) {
    for (let k = 0; k < 5; k++) out[o + k] = a[i + k] as number
    return
  }
  if (age !== lastAge || slowHalfLifeMs !== lastHalfLife) {
    if (age !== lastAge) lastFast = decay(age, FAST_HALF_LIFE_MS)
    lastSlow = decay(age, slowHalfLifeMs)
    lastAge = age
    lastHalfLife = slowHalfLifeMs
  }
  out[o] = (a[i] as number) * lastFast
  out[o + 1] = (a[i + 1] as number) * lastFast
  out[o + 2] = (a[i + 2] as number) * lastSlow
  out[o + 3] = (a[i + 3] as number) * lastSlow
  out[o + 4] = a[i + 4] as number
}

/** Reserves an amount: needs no decay, since what is in flight does not age. */
export function reserve(table: Cells, at: number, cost: number, now: number): void {
  const a = amounts(table)
  const i = first(table, at) + 4
  a[i] = (a[i] as number) + cost
  if (table.u32[at + 2] === 0) table.u32[at + 2] = secondsOf(now)
}

/**
 * Adds a move's amounts on both scales; `earned` has been bounded by its caps. Amounts taken back have decayed since
 * they were added. Nothing falls below zero; a remainder under a millionth of the amount is rounding and goes too.
 */
export function moveLine(
  table: Cells,
  at: number,
  move: Pick<Move, 'reserved' | 'earned' | 'lost' | 'since'>,
  slowHalfLifeMs: number,
  now: number,
): void {
  const { u32 } = table
  const a = amounts(table)
  const i = first(table, at)
  const seconds = secondsOf(now)
  const then = u32[at + 2] as number
  const age = then === 0 ? 0 : (seconds - then) * 1_000
  const fast = decay(age, FAST_HALF_LIFE_MS)
  const slow = decay(age, slowHalfLifeMs)
  const sinceMs = (seconds - secondsOf(move.since)) * 1_000
  const fastSince = decay(sinceMs, FAST_HALF_LIFE_MS)
  const slowSince = decay(sinceMs, slowHalfLifeMs)
  const add = (k: number, factor: number, delta: number, since: number): void => {
    const had = (a[i + k] as number) * factor
    const left = had + (delta < 0 ? delta * since : delta)
    a[i + k] = left <= Math.abs(delta) * 1e-6 ? 0 : left
  }
  add(0, fast, move.earned, fastSince)
  add(1, fast, move.lost, fastSince)
  add(2, slow, move.earned, slowSince)
  add(3, slow, move.lost, slowSince)
  add(4, 1, move.reserved, 1)
  u32[at + 2] = Math.max(then, seconds)
}
