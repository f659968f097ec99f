import { periodNumber } from '../../engine/calendar.js'
import type { DistinctSpec, SpendSpec, WindowSpec } from '../../engine/state.js'
import type { Cells } from './records.js'
import { bucketMs, msOf, secondsOf, WINDOW_BUCKETS } from './records.js'

/** Sliding windows and distinct counts in one slot each. `at` is a word offset from `find` or `claim`. */

const bucketOf = (seconds: number, length: number): number => Math.floor(msOf(seconds) / length)

/** Messages in the window that ends now; between one and one and a quarter window lengths are counted. */
export function readWindow(
  table: Cells,
  at: number,
  { windowMs }: WindowSpec,
  now: number,
): number {
  const length = bucketMs(windowMs)
  const written = bucketOf(table.u32[at + 2] as number, length)
  const current = Math.max(written, bucketOf(secondsOf(now), length))
  let sum = 0
  for (
    let b = Math.max(written - WINDOW_BUCKETS + 1, current - WINDOW_BUCKETS + 1);
    b <= written;
    b++
  ) {
    sum += table.u32[at + 3 + (b % WINDOW_BUCKETS)] as number
  }
  return sum
}

export function countWindow(table: Cells, at: number, { windowMs }: WindowSpec, now: number): void {
  const length = bucketMs(windowMs)
  const { u32 } = table
  const written = u32[at + 2] === 0 ? 0 : bucketOf(u32[at + 2] as number, length)
  const seconds = Math.max(u32[at + 2] as number, secondsOf(now))
  const current = bucketOf(seconds, length)
  for (let b = Math.max(written + 1, current - WINDOW_BUCKETS + 1); b <= current; b++) {
    u32[at + 3 + (b % WINDOW_BUCKETS)] = 0
  }
  const slot = at + 3 + (current % WINDOW_BUCKETS)
  u32[slot] = Math.min(0xffffffff, (u32[slot] as number) + 1)
  u32[at + 2] = seconds
}

/** Linear counting, by how many of 64 bits are empty: n = -64 ln(empty/64); with none empty, as many as it can tell. */
const COUNTED = Float64Array.from({ length: 65 }, (_, empty) =>
  empty === 0 ? Math.round(64 * Math.log(64)) : -64 * Math.log(empty / 64),
)

const ones = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333)
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Linear counting (Whang 1990) over two half windows of 64 bits: nearly exact to ten values, within some 10 % to a
 * hundred, saturates at 266. `bit` is where this request's own value falls: it is counted.
 */
export function readDistinct(
  table: Cells,
  at: number,
  spec: DistinctSpec,
  bit: number,
  now: number,
): number {
  let low = bit < 32 ? 1 << bit : 0
  let high = bit < 32 ? 0 : 1 << (bit - 32)
  if (at >= 0) {
    const behind = halvesBehind(table, at, spec, now)
    if (behind === 0) {
      low |= (table.u32[at + 3] as number) | (table.u32[at + 5] as number)
      high |= (table.u32[at + 4] as number) | (table.u32[at + 6] as number)
    } else if (behind === 1) {
      low |= table.u32[at + 3] as number
      high |= table.u32[at + 4] as number
    }
  }
  return COUNTED[64 - ones(low) - ones(high)] as number
}

export function countDistinct(
  table: Cells,
  at: number,
  spec: DistinctSpec,
  bit: number,
  now: number,
): void {
  const { u32 } = table
  const behind = u32[at + 2] === 0 ? 2 : halvesBehind(table, at, spec, now)
  if (behind > 0) {
    u32[at + 5] = behind === 1 ? (u32[at + 3] as number) : 0
    u32[at + 6] = behind === 1 ? (u32[at + 4] as number) : 0
    u32[at + 3] = 0
    u32[at + 4] = 0
  }
  if (bit < 32) u32[at + 3] = (u32[at + 3] as number) | (1 << bit)
  else u32[at + 4] = (u32[at + 4] as number) | (1 << (bit - 32))
  u32[at + 2] = Math.max(u32[at + 2] as number, secondsOf(now))
}

const halvesBehind = (
  table: Cells,
  at: number,
  { windowMs }: DistinctSpec,
  now: number,
): number => {
  const half = windowMs / 2
  return Math.max(0, bucketOf(secondsOf(now), half) - bucketOf(table.u32[at + 2] as number, half))
}

/** Where a period's sum lies: the latest one's, the one's before, or nowhere. */
const sumOf = (table: Cells, at: number, period: number): number => {
  const behind = (table.u32[at + 3] as number) - period
  return behind === 0 ? at / 2 + 2 : behind === 1 ? at / 2 + 3 : -1
}

/** Micro-USD spent in the period that holds `now`; also where a clock that stepped on was set back into it. */
export function readSpend(table: Cells, at: number, spec: SpendSpec, now: number): number {
  const sum = sumOf(table, at, periodNumber(spec.period, now))
  return sum < 0 ? 0 : (table.f64[sum] as number)
}

/** @param time of the spend, Unix ms: a refund only counts while its period lasts, or the next one */
export function addSpend(
  table: Cells,
  at: number,
  { period }: SpendSpec,
  amount: number,
  time: number,
  now: number,
): void {
  const { u32, f64 } = table
  const current = periodNumber(period, time)
  if (sumOf(table, at, current) < 0) {
    const before = (u32[at + 3] as number) - current
    if (before > 0 && amount <= 0) return
    // a sum of a time that is long to come was begun by a clock that was wrong: it would hold no cap until then
    f64[at / 2 + 3] = before === -1 ? (f64[at / 2 + 2] as number) : 0
    f64[at / 2 + 2] = 0
    u32[at + 3] = current
  }
  const sum = sumOf(table, at, current)
  f64[sum] = Math.max(0, (f64[sum] as number) + amount)
  u32[at + 2] = secondsOf(now)
}
