import { share } from './cell.js'
import { figuresOf } from './figures.js'
import type { Results } from './results.js'

/** One setting of a contender on both axes. Shares 0 to 1. */
export interface Point {
  contender: string
  /** mean of the leaked shares of all attacks */
  leak: number
  /** of all legitimate requests of all scenarios */
  denied: number
  challenged: number
  lost: number
}

export function pointOf(results: Results, contender: string): Point {
  const places = results.seeds.map((_, i) => i)
  const figures = figuresOf(results, contender)
  const leaks = figures.leaks(places)
  return {
    contender,
    leak: share(
      leaks.reduce((a, b) => a + b, 0),
      leaks.length,
    ),
    denied: figures.harm(places, 'denied'),
    challenged: figures.harm(places, 'challenged'),
    lost: figures.harm(places, 'lost'),
  }
}

/** Harm at which leaks are compared: most of the legitimate requests that may be denied, and challenged. */
export const FIXED_HARM = { denied: 0.001, challenged: 0.01 } as const

/** The point of a curve that leaks least within the fixed harm; `null`: none keeps within it. */
export function atFixedHarm(points: readonly Point[]): Point | null {
  let best: Point | null = null
  for (const point of points) {
    if (point.denied > FIXED_HARM.denied || point.challenged > FIXED_HARM.challenged) continue
    if (best === null || point.leak < best.leak) best = point
  }
  return best
}
