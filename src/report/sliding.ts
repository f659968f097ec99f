import { MINUTE } from '../engine/units.js'

/** Sums of minutes over windows that end at any of them. */
export interface Sliding {
  /** minutes that are known, the last one is now's */
  length: number
  /** sum of the `window` minutes that end with minute `end` (0 the oldest); minutes before the first are nothing */
  sum: (name: SlidingName, end: number, window: number) => number
  /** start of a minute, Unix ms */
  at: (minute: number) => number
}

const NAMES = ['requests', 'sends', 'verified', 'failed'] as const
export type SlidingName = (typeof NAMES)[number]

/** @param points by minute, any order, missing ones are nothing @param now Unix ms @param minutes how far back */
export function slidingOf(
  points: Iterable<{ at: number } & Record<SlidingName, number>>,
  now: number,
  minutes: number,
): Sliding {
  const first = Math.floor(now / MINUTE) - minutes + 1
  const sums = Object.fromEntries(
    NAMES.map((name) => [name, new Float64Array(minutes + 1)]),
  ) as Record<SlidingName, Float64Array>
  for (const point of points) {
    const i = Math.floor(point.at / MINUTE) - first
    if (i < 0 || i >= minutes) continue
    for (const name of NAMES) sums[name][i + 1] = (sums[name][i + 1] ?? 0) + point[name]
  }
  for (const name of NAMES)
    for (let i = 1; i <= minutes; i++)
      sums[name][i] = (sums[name][i] ?? 0) + (sums[name][i - 1] ?? 0)
  const upTo = (name: SlidingName, end: number): number =>
    sums[name][Math.min(minutes, Math.max(0, end))] ?? 0
  return {
    length: minutes,
    sum: (name, end, window) => upTo(name, end + 1) - upTo(name, end + 1 - window),
    at: (minute) => (first + minute) * MINUTE,
  }
}
