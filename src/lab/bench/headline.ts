import { median } from '../../engine/median.js'
import { createRandom, type Random } from '../random.js'
import { bootstrap, type Estimate } from './bootstrap.js'
import { type Cell, type WorstCountry, worstCountryOf } from './cell.js'
import { attacksOf, type Figures, figuresOf, type HarmKind } from './figures.js'
import type { Results } from './results.js'

/** One contender over all scenarios. Shares 0 to 1. */
export interface Headline {
  contender: string
  /** over attacks: share of the attack's money that went out */
  medianLeak: Estimate
  worstLeak: Estimate
  worstScenario: string | null
  /** over all scenarios, traps and clean days too: share of legitimate requests */
  denied: Estimate
  challenged: Estimate
  lost: Estimate
  worstCountry: (WorstCountry & { scenario: string }) | null
  /** this one's median leak and lost share less the reference's, on the same seeds; `null` for the reference */
  against: { medianLeak: Estimate; lost: Estimate } | null
}

/** Every draw of every figure comes from this one seed: the same results give the same intervals. */
const DRAWS = 20_261_121

const highest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)

function worstCountryIn(results: Results, contender: string): Headline['worstCountry'] {
  let found: Headline['worstCountry'] = null
  for (const scenario of results.scenarios) {
    const worst = worstCountryOf(results.of(scenario, contender))
    if (worst !== null && (found === null || worst.lost > found.lost))
      found = { ...worst, scenario }
  }
  return found
}

/** @param reference contender that the others are compared with, by name */
export function headlines(results: Results, reference: string): Headline[] {
  const places = results.seeds.map((_, i) => i)
  const figures = new Map(results.contenders.map((c) => [c, figuresOf(results, c)] as const))
  const attacks = attacksOf(results)
  const ours = figures.get(reference)
  return [...figures].map(([contender, theirs]) => {
    const random: Random = createRandom(DRAWS)
    const estimate = (figure: (draw: readonly number[]) => number): Estimate =>
      bootstrap(places, figure, random)
    const medianLeak = (of: Figures, draw: readonly number[]): number => median(of.leaks(draw))
    const harm = (kind: HarmKind): Estimate => estimate((draw) => theirs.harm(draw, kind))
    const byAttack = theirs.leaks(places)
    return {
      contender,
      medianLeak: estimate((draw) => medianLeak(theirs, draw)),
      worstLeak: estimate((draw) => highest(theirs.leaks(draw))),
      worstScenario: attacks[byAttack.indexOf(highest(byAttack))] ?? null,
      denied: harm('denied'),
      challenged: harm('challenged'),
      lost: harm('lost'),
      worstCountry: worstCountryIn(results, contender),
      against:
        ours === undefined || contender === reference
          ? null
          : {
              medianLeak: estimate((draw) => medianLeak(theirs, draw) - medianLeak(ours, draw)),
              lost: estimate((draw) => theirs.harm(draw, 'lost') - ours.harm(draw, 'lost')),
            },
    }
  })
}

/** Where somebody leaks less than the reference at no more harm. */
export interface Beaten {
  scenario: string
  by: string
  leaked: { theirs: number; ours: number }
  lost: { theirs: number; ours: number }
}

/** Every attack in which another contender is better on leak at equal or lower harm. */
export function beatenIn(cells: readonly Cell[], reference: string): Beaten[] {
  const ours = new Map(
    cells.filter((c) => c.contender === reference).map((c) => [c.scenario, c] as const),
  )
  return cells.flatMap((theirs) => {
    const our = ours.get(theirs.scenario)
    if (our === undefined || theirs.contender === reference || theirs.kind !== 'attack') return []
    const better =
      theirs.leakedShare < our.leakedShare &&
      theirs.lost <= our.lost &&
      theirs.challenged <= our.challenged
    return better
      ? [
          {
            scenario: theirs.scenario,
            by: theirs.contender,
            leaked: { theirs: theirs.leakedShare, ours: our.leakedShare },
            lost: { theirs: theirs.lost, ours: our.lost },
          },
        ]
      : []
  })
}
