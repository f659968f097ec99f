import type { RollupPoint } from '../ledger/console-port.js'

/** One bucket of a course. Money in micro-USD. */
export interface CoursePoint {
  at: number
  requests: number
  sends: number
  verified: number
  /** requests that were not sent */
  refused: number
  spend: number
  saved: number
}

/** The course of a key over its buckets, services together. */
export function courseOf(
  points: readonly RollupPoint[],
  buckets: readonly number[],
): CoursePoint[] {
  const course = new Map<number, CoursePoint>(
    buckets.map((at) => [
      at,
      { at, requests: 0, sends: 0, verified: 0, refused: 0, spend: 0, saved: 0 },
    ]),
  )
  for (const point of points) {
    const sum = course.get(point.at)
    if (sum === undefined) continue
    sum.requests += point.requests
    sum.sends += point.sends
    sum.verified += point.verified
    sum.refused += point.requests - point.sends
    sum.spend += point.spendMicroUsd
    sum.saved += point.savedMicroUsd
  }
  return [...course.values()]
}
