import { decay } from '../../engine/line.js'
import type { SourceCounters } from '../../engine/signals/counters.js'
import { HOUR } from '../../engine/units.js'
import { gapSince } from './range-counters.js'
import type { Cells } from './records.js'
import { secondsOf } from './records.js'

/**
 * What the signals ask of a source, in one slot: 2 second of the last send, 3 its ms (mod 2^32), 4-6 gaps (number, sum,
 * squares; half-life 1 h), 7 mean and deviation of the delay to verification, 16 bits each in steps of 10 ms.
 */
const STEP_MS = 10
const LONGEST = 0xffff

const ageOf = (table: Cells, at: number, now: number): number =>
  Math.max(0, secondsOf(now) - (table.u32[at + 2] as number)) * 1_000

/** @param verified what the source verified in a day (half-life), messages: the delays are so many */
export function readSource(
  table: Cells,
  at: number,
  verified: number,
  now: number,
  out: SourceCounters,
): void {
  const { u32, f32 } = table
  const hour = decay(ageOf(table, at, now), HOUR)
  out.gaps.n = (f32[at + 4] as number) * hour
  out.gaps.sum = (f32[at + 5] as number) * hour
  out.gaps.squares = (f32[at + 6] as number) * hour
  const mean = ((u32[at + 7] as number) >>> 16) * STEP_MS
  const deviation = ((u32[at + 7] as number) & LONGEST) * STEP_MS
  out.delays.n = verified
  out.delays.sum = verified * mean
  out.delays.squares = verified * (mean * mean + deviation * deviation)
}

/** The first send of a session. */
export function countSourceSend(table: Cells, at: number, now: number): void {
  const { u32, f32 } = table
  if (u32[at + 2] !== 0) {
    const age = ageOf(table, at, now)
    const hour = decay(age, HOUR)
    const gap = gapSince(u32[at + 3] as number, age, now)
    f32[at + 4] = (f32[at + 4] as number) * hour + 1
    f32[at + 5] = (f32[at + 5] as number) * hour + gap
    f32[at + 6] = (f32[at + 6] as number) * hour + gap * gap
  }
  u32[at + 2] = Math.max(u32[at + 2] as number, secondsOf(now))
  u32[at + 3] = now >>> 0
}

/** A code was entered: mean and deviation move by this delay's share among `verified` before it (Welford, weighted). */
export function countSourceDelay(
  table: Cells,
  at: number,
  delayMs: number,
  verified: number,
): void {
  const { u32 } = table
  const share = 1 / (verified + 1)
  const mean = (u32[at + 7] as number) >>> 16
  const deviation = (u32[at + 7] as number) & LONGEST
  const off = Math.min(LONGEST, delayMs / STEP_MS) - mean
  const spread = Math.sqrt((1 - share) * (deviation * deviation + share * off * off))
  u32[at + 7] =
    ((Math.round(mean + share * off) << 16) | Math.min(LONGEST, Math.round(spread))) >>> 0
}
