import { scenarioNamed } from '../scenarios/catalogue.js'
import { ABLATION_NAMES, type AblationName, singlesAndPairs } from './ablations.js'
import { type Cell, cellOf } from './cell.js'
import { CONTENDERS, type ContenderSpec, CURVES, nameOf, TOLLGATE } from './contenders.js'
import { atFixedHarm, type FixedHarms, type Point, pointOf } from './curve.js'
import { type Beaten, beatenIn, type Headline, headlines } from './headline.js'
import type { JobResult } from './job.js'
import type { Part } from './parts.js'
import { createResults } from './results.js'

/** The contenders that a part of the report needs. */
export function contendersOf(part: Part): readonly ContenderSpec[] {
  if (part === 'headline') return CONTENDERS
  if (part === 'curves') return CURVES.flatMap(({ points }) => points)
  return [
    TOLLGATE,
    ...singlesAndPairs().map((without): ContenderSpec => ({ kind: 'tollgate', without })),
  ]
}

export interface Curve {
  name: string
  points: Point[]
}

/** Everybody on the scenarios of one set. */
export interface SetHeadlines {
  set: JobResult['set']
  seeds: readonly number[]
  rows: readonly Headline[]
}

export interface Ablated extends Point {
  without: readonly AblationName[]
}

/** What the bench found out, for any page. */
export interface Report {
  /** seeds of curves and of ablations */
  seeds: Partial<Record<Part, readonly number[]>>
  /** names of those in the headlines */
  contenders: readonly string[]
  cells: readonly Cell[]
  /** the set that figures are claimed on comes first */
  headlines: readonly SetHeadlines[]
  beaten: readonly Beaten[]
  curves: readonly Curve[]
  fixedHarm: FixedHarms | null
  ablations: readonly Ablated[]
  /** one row a tenth of the score, of Tollgate over all scenarios */
  reliability: readonly { from: number; to: number; requests: number; attacks: number }[]
}

const REFERENCE = nameOf(TOLLGATE)

function reliabilityOf(all: readonly JobResult[]): Report['reliability'] {
  const bins: { from: number; to: number; requests: number; attacks: number }[] = []
  for (const { contender, reliability } of all) {
    if (contender !== REFERENCE) continue
    reliability.forEach(({ requests, attacks }, i) => {
      bins[i] ??= { from: i * 10, to: i === 9 ? 100 : i * 10 + 9, requests: 0, attacks: 0 }
      const bin = bins[i]
      bin.requests += requests
      bin.attacks += attacks
    })
  }
  return bins
}

/** @param all results, in any order; a part whose contenders are not all there is left out */
export function reportOf(all: readonly JobResult[], parts: readonly Part[]): Report {
  const present = new Set(all.map((r) => r.contender))
  const of = (part: Part) => {
    const names = [...new Set(contendersOf(part).map(nameOf))]
    const played = names.filter((name) => present.has(name))
    // a headline of some is one; half a curve is none
    const enough = part === 'headline' ? played.length > 0 : played.length === names.length
    return parts.includes(part) && enough ? createResults(all, played) : null
  }
  const main = of('headline')
  const curved = of('curves')
  const ablated = of('ablations')
  const cells = (main?.scenarios ?? []).flatMap((scenario) =>
    (main?.contenders ?? []).flatMap((contender) => {
      const [first, ...rest] = main?.of(scenario, contender) ?? []
      const affected = scenarioNamed(scenario)?.affected ?? []
      return first === undefined ? [] : [cellOf([first, ...rest], affected)]
    }),
  )
  return {
    seeds: {
      ...(curved && { curves: curved.seeds }),
      ...(ablated && { ablations: ablated.seeds }),
    },
    cells,
    contenders: main?.contenders ?? [],
    headlines: (['report', 'tune'] as const).flatMap((set) => {
      const rows = all.filter((r) => r.set === set)
      if (main === null || rows.length === 0) return []
      const results = createResults(rows, main.contenders)
      return [{ set, seeds: results.seeds, rows: headlines(results, REFERENCE) }]
    }),
    beaten: beatenIn(cells, REFERENCE),
    curves:
      curved === null
        ? []
        : CURVES.map(({ name, points }) => ({
            name,
            points: points.map((spec) => pointOf(curved, nameOf(spec))),
          })),
    fixedHarm:
      curved === null
        ? null
        : atFixedHarm(
            all,
            CURVES.map(({ name, points }) => ({ name, settings: points.map(nameOf) })),
          ),
    ablations:
      ablated === null
        ? []
        : [[], ...singlesAndPairs(ABLATION_NAMES)].map((without) => ({
            without,
            ...pointOf(ablated, nameOf({ kind: 'tollgate', without })),
          })),
    reliability: reliabilityOf(all),
  }
}
