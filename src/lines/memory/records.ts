import { LINES } from '../../engine/policy.js'
import type { SlotTable } from './slot-table.js'

/** Where records lie, by word offset: a table of this process, or what was read of a shared one. */
export type Cells = Pick<SlotTable, 'u32' | 'f32' | 'f64' | 'words'>

/** Kinds of record, the low five bits of a slot's second word. Lines are 1 to 13, in the order of LINES. */
export const KIND = {
  window: 20,
  distinct: 21,
  number: 22,
  cap: 23,
  spend: 24,
  range: 25,
  tail: 26,
  source: 27,
  throttle: 28,
} as const
export const lineKind = (line: number): number => line + 1

/** Seconds since 2020-01-01: 32 bits last until 2156. Decay runs in whole seconds. */
const EPOCH_SECONDS = 1_577_836_800
export const secondsOf = (ms: number): number => Math.max(0, Math.floor(ms / 1_000) - EPOCH_SECONDS)
export const msOf = (seconds: number): number => (seconds + EPOCH_SECONDS) * 1_000

/** A window is held in five buckets of a quarter: the oldest, partly over, counts in full. Never over-admits. */
export const WINDOW_BUCKETS = 5
export const bucketMs = (windowMs: number): number =>
  Math.max(1_000, windowMs / (WINDOW_BUCKETS - 1))

/** Remembered sources per number. */
export const NUMBER_SOURCES = 3

/** A line's amounts have decayed to a thousandth after ten half-lives: no decision can tell it from a new one. */
export const FORGOTTEN_HALF_LIVES = 10
export const DAY_SECONDS = 86_400
/** How long after its last write a record other than a line still says something, seconds. */
export const KEPT_SECONDS: Record<number, number> = {
  [KIND.number]: 90 * DAY_SECONDS,
  [KIND.cap]: 2 * DAY_SECONDS,
  [KIND.spend]: 40 * DAY_SECONDS,
  [KIND.range]: 30 * DAY_SECONDS,
  [KIND.tail]: 30 * DAY_SECONDS,
  [KIND.source]: 2 * DAY_SECONDS,
  [KIND.throttle]: 7_200,
}

/**
 * Word layouts.
 * line, narrow table: 2 second of last change, 3-7 as 32-bit floats: earnedFast lostFast earnedSlow lostSlow reserved
 * line, wide table:   2 second of last change, 4-13 the same as 64-bit floats (sums in micro-USD pass 2^24)
 * window, throttle: 2 second of last write, 3-7 buckets      distinct: 2 second of last write, 3-4 current, 5-6 previous half
 * number:   2 second verified, 3 and 7 its session (sessions.ts), 4-6 hashes of its sources
 * cap:      2 second of last write, 3 amount earned today (float)
 * spend:    2 second of last write, 3 number of the period, 4-5 micro-USD, 6-7 of the period before (64-bit floats)
 */
export const WIDE_WORDS = 16
export const NARROW_WORDS = 8

/** What ageing needs to know of the services: the longest slow half-life per line and the longest window, ms. */
export interface Ageing {
  halfLifeMs: Float64Array
  windowMs: number
}

/** A record that is back at its opening state: a decayed line, a window or count that is over, an old verification. */
export function isIdle(table: SlotTable, at: number, now: number, ageing: Ageing): boolean {
  const { u32, f32, f64, words } = table
  const kind = (u32[at + 1] as number) & 31
  const age = secondsOf(now) - (u32[at + 2] as number)
  if (kind <= LINES.length) {
    const wide = words === WIDE_WORDS
    const reserved = wide ? (f64[at / 2 + 6] as number) : (f32[at + 7] as number)
    if (reserved > 0) return false
    const earned = wide ? (f64[at / 2 + 4] as number) : (f32[at + 5] as number)
    const lost = wide ? (f64[at / 2 + 5] as number) : (f32[at + 6] as number)
    if (earned === 0 && lost === 0) return true
    return age * 1_000 > FORGOTTEN_HALF_LIVES * (ageing.halfLifeMs[kind - 1] as number)
  }
  if (kind === KIND.number) {
    const opened = secondsOf(now) - (u32[at + 3] as number)
    // a number that never verified is only its open session: made-up numbers must not fill the store for months
    const kept = u32[at + 2] === 0 ? DAY_SECONDS : (KEPT_SECONDS[kind] as number)
    return Math.min(age, opened) > kept
  }
  return age > (KEPT_SECONDS[kind] ?? ageing.windowMs / 1_000)
}
