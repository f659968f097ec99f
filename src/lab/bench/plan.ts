import type { ScenarioData } from '../scenarios/scenario.js'
import type { ContenderSpec } from './contenders.js'
import { nameOf } from './contenders.js'
import { type Job, jobKey } from './job.js'
import type { Part } from './parts.js'
import { contendersOf } from './report.js'

export interface PlanOptions {
  parts: readonly Part[]
  scenarios: readonly ScenarioData[]
  /** seeds of the headline: 1 to this */
  seeds: number
  /** multiple of the platforms' people @default 1 */
  scale?: number
  /** names of the only ones that play @default everybody of the parts */
  contenders?: readonly string[]
}

/** Curves and ablations have many contenders: they get a fifth of the seeds, and at least one. */
const FEWER = 5

export const seedsOf = (part: Part, seeds: number): number =>
  part === 'headline' ? seeds : Math.max(1, Math.floor(seeds / FEWER))

/**
 * Every job of the parts, each once, a seed at a time: whoever stops early has whole seeds to compare.
 * Traps and clean days come with every attack, for both axes.
 */
export function jobsOf(options: PlanOptions): Job[] {
  const { parts, scenarios, seeds, scale = 1, contenders } = options
  const jobs = new Map<string, Job>()
  for (let seed = 1; seed <= seeds; seed++) {
    const specs = new Map<string, ContenderSpec>()
    for (const part of parts) {
      if (seed > seedsOf(part, seeds)) continue
      for (const spec of contendersOf(part)) {
        const name = nameOf(spec)
        if (contenders === undefined || contenders.includes(name)) specs.set(name, spec)
      }
    }
    for (const { name } of scenarios) {
      for (const contender of specs.values()) {
        const job: Job = { scenario: name, seed, contender, scale }
        jobs.set(jobKey(job), job)
      }
    }
  }
  return [...jobs.values()]
}
