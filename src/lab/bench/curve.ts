import { share } from './cell.js'
import { figuresOf } from './figures.js'
import type { JobResult } from './job.js'
import { createResults, type Results } from './results.js'

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

/** Harm at which leaks are compared: most legitimate requests of quiet days that may be denied, and challenged. */
export const FIXED_HARM = { denied: 0.001, challenged: 0.01 } as const

/** A curve's setting at the fixed harm. */
export interface FixedHarm {
  name: string
  /** what the setting does on the set it is reported on; `null`: none keeps within the harm */
  point: Point | null
}

type SetName = JobResult['set']

export interface FixedHarms {
  /** sets on which settings were chosen and are reported; the same when only one was played */
  chosenOn: SetName
  reportedOn: SetName
  rows: FixedHarm[]
}

/**
 * Of each curve the setting that leaks least among those that keep within the fixed harm where nobody attacks (traps
 * and clean days). Chosen on the tuning set, told on the other one.
 * @param curves names of the settings of each contender
 */
export function atFixedHarm(
  all: readonly JobResult[],
  curves: readonly { name: string; settings: readonly string[] }[],
): FixedHarms | null {
  const has = (set: SetName, quiet: boolean): boolean =>
    all.some((r) => r.set === set && (r.kind !== 'attack') === quiet)
  const complete = (set: SetName): boolean => has(set, true) && has(set, false)
  const chosenOn = (['tune', 'report'] as const).find(complete)
  const reportedOn = (['report', 'tune'] as const).find(complete)
  if (chosenOn === undefined || reportedOn === undefined) return null
  const names = curves.flatMap(({ settings }) => settings)
  const of = (rows: readonly JobResult[]): Results => createResults(rows, names)
  const quiet = of(all.filter((r) => r.set === chosenOn && r.kind !== 'attack'))
  const tuned = of(all.filter((r) => r.set === chosenOn))
  const told = of(all.filter((r) => r.set === reportedOn))
  const rows = curves.map(({ name, settings }) => {
    let best: Point | null = null
    for (const setting of settings) {
      const { denied, challenged } = pointOf(quiet, setting)
      if (denied > FIXED_HARM.denied || challenged > FIXED_HARM.challenged) continue
      const point = pointOf(tuned, setting)
      if (best === null || point.leak < best.leak) best = point
    }
    return { name, point: best === null ? null : pointOf(told, best.contender) }
  })
  return { chosenOn, reportedOn, rows }
}
