import type { JobResult } from './job.js'

/** Results by scenario, contender and seed. */
export interface Results {
  /** those that every contender has played */
  scenarios: readonly string[]
  contenders: readonly string[]
  /** seeds of which every contender has played every scenario: only these are compared */
  seeds: readonly number[]
  of(scenario: string, contender: string): readonly JobResult[]
  at(scenario: string, contender: string, seed: number): JobResult | undefined
  kindOf(scenario: string): JobResult['kind']
}

/** @param contenders whose results are looked at @default all, in the order of the results */
export function createResults(
  all: readonly JobResult[],
  contenders: readonly string[] = [...new Set(all.map((r) => r.contender))],
): Results {
  const wanted = new Set(contenders)
  const rows = all.filter((r) => wanted.has(r.contender))
  const byCell = new Map<string, Map<number, JobResult>>()
  const kinds = new Map<string, JobResult['kind']>()
  const cell = (scenario: string, contender: string): string => `${scenario}|${contender}`
  for (const row of rows) {
    kinds.set(row.scenario, row.kind)
    const key = cell(row.scenario, row.contender)
    const seeds = byCell.get(key) ?? new Map<number, JobResult>()
    seeds.set(row.seed, row)
    byCell.set(key, seeds)
  }
  const scenarios = [...kinds.keys()].filter((s) => contenders.every((c) => byCell.has(cell(s, c))))
  const at = (scenario: string, contender: string, seed: number): JobResult | undefined =>
    byCell.get(cell(scenario, contender))?.get(seed)
  const seeds = [...new Set(rows.map((r) => r.seed))]
    .sort((a, b) => a - b)
    .filter((seed) => scenarios.every((s) => contenders.every((c) => at(s, c, seed) !== undefined)))
  return {
    scenarios,
    contenders,
    seeds,
    of: (scenario, contender) =>
      [...(byCell.get(cell(scenario, contender))?.values() ?? [])].sort((a, b) => a.seed - b.seed),
    at,
    kindOf: (scenario) => kinds.get(scenario) ?? 'clean',
  }
}
