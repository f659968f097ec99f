import { contest } from '../contest.js'
import type { Containment } from '../contest-containment.js'
import type { ContestSide, ScoreBin } from '../contest-score.js'
import type { RowFacts } from '../row-facts.js'
import { scenarioNamed } from '../scenarios/catalogue.js'
import { openScenario, type ScenarioData } from '../scenarios/scenario.js'
import type { World } from '../world/world.js'
import { type ContenderSpec, createContender, nameOf } from './contenders.js'

/** One contender on one scenario with one seed: what a thread is given. */
export interface Job {
  scenario: string
  seed: number
  contender: ContenderSpec
  /** multiple of the platform's people @default 1 */
  scale?: number
}

/** How legitimate requests to one country fared. */
export interface Harm {
  requests: number
  challenged: number
  denied: number
  lost: number
}

/** One line of the results. Money in micro-USD, times in ms. */
export interface JobResult {
  bench: 'detection'
  scenario: string
  kind: ScenarioData['kind']
  set: ScenarioData['set']
  seed: number
  contender: string
  requests: number
  legit: ContestSide
  attack: ContestSide
  /** legitimate requests by country of the number, and those of them while the attack or trap lasted */
  countries: Record<string, Harm>
  during: Record<string, Harm>
  containment: Containment
  /** from the first request of the attack to the first incident; `null`: none, or the contender has no such thing */
  incidentAfterMs: number | null
  /** incidents are false where there is no attack */
  incidents: boolean
  reliability: ScoreBin[]
  /** wall time of facts, decisions and outcomes, without making the traffic */
  decidingMs: number
}

export const keyOf = (result: { scenario: string; seed: number; contender: string }): string =>
  `${result.scenario}|${result.seed}|${result.contender}`

export const jobKey = ({ scenario, seed, contender }: Job): string =>
  keyOf({ scenario, seed, contender: nameOf(contender) })

const harms = (sides: readonly (readonly [string, Harm])[]): Record<string, Harm> =>
  Object.fromEntries(
    sides.flatMap(([country, { requests, challenged, denied, lost }]) =>
      requests === 0 ? [] : [[country, { requests, challenged, denied, lost }]],
    ),
  )

/** What the jobs of a thread share: numbers, addresses and ranges are looked up once. */
export interface Laboratory {
  rowFacts: RowFacts
  world: World
  /** monotonic, ms: only for how long a run took */
  clock: () => number
}

/** @throws RangeError for a scenario that the catalogue does not have */
export async function runJob(job: Job, { rowFacts, world, clock }: Laboratory): Promise<JobResult> {
  const scenario = scenarioNamed(job.scenario)
  if (scenario === undefined) throw new RangeError(`there is no scenario "${job.scenario}"`)
  const { source, policyMarkets, attackFrom, attackTo } = openScenario(scenario, {
    seed: job.seed,
    scale: job.scale ?? 1,
    world,
  })
  const contender = createContender(job.contender, policyMarkets)
  const {
    legit,
    attack,
    byCountry,
    during,
    containment,
    incidentAt,
    requests,
    reliability,
    decidingMs,
  } = await contest({
    source,
    contender,
    rowFacts,
    clock,
    span: attackFrom === null || attackTo === null ? null : { from: attackFrom, to: attackTo },
  })
  const { startedAt: attackAt } = containment
  return {
    bench: 'detection',
    scenario: job.scenario,
    kind: scenario.kind,
    set: scenario.set,
    seed: job.seed,
    contender: contender.name,
    requests,
    legit,
    attack,
    countries: harms(Object.entries(byCountry).map(([country, { legit }]) => [country, legit])),
    during: harms(Object.entries(during)),
    containment,
    incidentAfterMs: incidentAt === null || attackAt === null ? null : incidentAt - attackAt,
    incidents: incidentAt !== null,
    reliability,
    decidingMs,
  }
}
