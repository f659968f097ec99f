import { median } from '../../engine/median.js'
import type { Harm, JobResult } from './job.js'

/** What one contender did in one scenario, over all its seeds; its own shares are harm. Money in micro-USD. */
export interface Cell extends Shares {
  scenario: string
  kind: JobResult['kind']
  set: JobResult['set']
  contender: string
  seeds: number
  /** mean of a seed */
  attemptedMicroUsd: number
  leakedMicroUsd: number
  leakedShare: number
  /** most of one seed */
  worstShare: number
  attackSent: number
  /** medians over seeds */
  containedAfterMs: number
  containmentSends: number
  /** share of the seeds in which the attack was contained before it ended */
  contained: number
  /** median over the seeds that had one; `null`: none had */
  incidentAfterMs: number | null
  worstCountry: WorstCountry | null
  /** while it lasted, in the countries on which it fell, or everywhere; `null` on clean days */
  during: Shares | null
  requestsPerSecond: number
}

/** Of so many legitimate requests, shares 0 to 1. */
export interface Shares {
  requests: number
  denied: number
  challenged: number
  lost: number
}

export interface WorstCountry extends Shares {
  country: string
}

/** Under so many legitimate requests, all seeds together, a country's share says nothing. */
const COUNTRY_REQUESTS = 500

export const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
  rows.reduce((total, row) => total + of(row), 0)

/** Harm of some results together. */
const harmOf = (results: readonly { legit: Harm }[]): Harm => ({
  requests: sum(results, (r) => r.legit.requests),
  challenged: sum(results, (r) => r.legit.challenged),
  denied: sum(results, (r) => r.legit.denied),
  lost: sum(results, (r) => r.legit.lost),
})

const sharesOf = ({ requests, denied, challenged, lost }: Harm): Shares => ({
  requests,
  denied: share(denied, requests),
  challenged: share(challenged, requests),
  lost: share(lost, requests),
})

/** The country in which the largest share of legitimate requests came to nothing. */
export function worstCountryOf(results: readonly JobResult[]): WorstCountry | null {
  const countries = new Map<string, Harm[]>()
  for (const { countries: rows } of results) {
    for (const [country, harm] of Object.entries(rows)) {
      const list = countries.get(country)
      if (list === undefined) countries.set(country, [harm])
      else list.push(harm)
    }
  }
  let worst: WorstCountry | null = null
  for (const [country, rows] of countries) {
    const shares = { country, ...sharesOf(harmOf(rows.map((legit) => ({ legit })))) }
    if (shares.requests < COUNTRY_REQUESTS) continue
    if (
      worst === null ||
      shares.lost > worst.lost ||
      (shares.lost === worst.lost && shares.challenged > worst.challenged)
    )
      worst = shares
  }
  return worst
}

function duringOf(results: readonly JobResult[], affected: readonly string[]): Shares | null {
  const rows = results.flatMap(({ during }) =>
    Object.entries(during).flatMap(([country, legit]) =>
      affected.length === 0 || affected.includes(country) ? [{ legit }] : [],
    ),
  )
  return rows.length === 0 ? null : sharesOf(harmOf(rows))
}

/**
 * @param results of one contender in one scenario, one a seed
 * @param affected countries on which the attack or trap falls; none: all
 */
export function cellOf(
  results: readonly [JobResult, ...JobResult[]],
  affected: readonly string[] = [],
): Cell {
  const [{ scenario, kind, set, contender }] = results
  const seeds = results.length
  const attempted = sum(results, (r) => r.attack.attemptedMicroUsd)
  const leaked = sum(results, (r) => r.attack.sentMicroUsd)
  const legit = harmOf(results)
  const incidents = results.flatMap(({ incidentAfterMs }) =>
    incidentAfterMs === null ? [] : [incidentAfterMs],
  )
  return {
    scenario,
    kind,
    set,
    contender,
    seeds,
    attemptedMicroUsd: attempted / seeds,
    leakedMicroUsd: leaked / seeds,
    leakedShare: share(leaked, attempted),
    worstShare: Math.max(
      ...results.map(({ attack }) => share(attack.sentMicroUsd, attack.attemptedMicroUsd)),
    ),
    attackSent: sum(results, (r) => r.attack.sent) / seeds,
    containedAfterMs: median(results.map((r) => r.containment.afterMs)),
    containmentSends: median(results.map((r) => r.containment.sends)),
    contained: share(
      sum(results, (r) => Number(r.containment.contained)),
      seeds,
    ),
    incidentAfterMs: incidents.length === 0 ? null : median(incidents),
    ...sharesOf(legit),
    during: duringOf(results, affected),
    worstCountry: worstCountryOf(results),
    requestsPerSecond: share(
      1_000 * sum(results, (r) => r.requests),
      sum(results, (r) => r.decidingMs),
    ),
  }
}
