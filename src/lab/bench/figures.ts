import { share } from './cell.js'
import type { JobResult } from './job.js'
import type { Results } from './results.js'

export type HarmKind = 'denied' | 'challenged' | 'lost'

/** Figures of one contender on any draw of seeds, by their place in `results.seeds`. Shares 0 to 1. */
export interface Figures {
  /** leaked share of each attack, in the order of `attacks` */
  leaks(draw: readonly number[]): number[]
  /** share of all legitimate requests of all scenarios */
  harm(draw: readonly number[], kind: HarmKind): number
}

export const attacksOf = (results: Results): string[] =>
  results.scenarios.filter((scenario) => results.kindOf(scenario) === 'attack')

/** Sums are made once; a draw only adds them up. */
export function figuresOf(results: Results, contender: string): Figures {
  const { seeds, scenarios } = results
  const column = (scenario: string, of: (result: JobResult) => number): number[] =>
    seeds.map((seed) => {
      const result = results.at(scenario, contender, seed)
      return result === undefined ? 0 : of(result)
    })
  const attacks = attacksOf(results).map((scenario) => ({
    leaked: column(scenario, (r) => r.attack.sentMicroUsd),
    attempted: column(scenario, (r) => r.attack.attemptedMicroUsd),
  }))
  const all = (of: (result: JobResult) => number): number[] =>
    scenarios
      .map((scenario) => column(scenario, of))
      .reduce(
        (sums, more) => sums.map((sum, i) => sum + (more[i] ?? 0)),
        seeds.map(() => 0),
      )
  const requests = all((r) => r.legit.requests)
  const hit: Record<HarmKind, number[]> = {
    denied: all((r) => r.legit.denied),
    challenged: all((r) => r.legit.challenged),
    lost: all((r) => r.legit.lost),
  }
  const total = (values: readonly number[], draw: readonly number[]): number => {
    let sum = 0
    for (const i of draw) sum += values[i] ?? 0
    return sum
  }
  return {
    leaks: (draw) =>
      attacks.map(({ leaked, attempted }) => share(total(leaked, draw), total(attempted, draw))),
    harm: (draw, kind) => share(total(hit[kind], draw), total(requests, draw)),
  }
}
