import { PROGRESS_ROWS } from './replay.js'
import type { Decided, Decider, RowDecision } from './replay-decided.js'
import { createScore, type ReplayScore } from './score.js'
import { createLabels, type Label } from './score-labels.js'
import type { LabelRow, TrafficRow } from './traffic.js'

/** Requests that two rule sets treat differently, and how. */
export interface Difference {
  /** alike where both challenged and only one was followed by a message */
  first: RowDecision['verdict']
  second: RowDecision['verdict']
  requests: number
  /** with labels only */
  legit?: number
  attack?: number
  /** went out by one and not by the other, micro-USD: what the second spends more (or, below zero, less) */
  moreMicroUsd: number
}

export interface Comparison {
  first: ReplayScore
  second: ReplayScore
  /** asked by both and answered differently */
  changed: number
  /** most requests first */
  differences: Difference[]
  /** over requests answered differently: what each said that the other did not, most first */
  reasons: { first: [code: string, requests: number][]; second: [code: string, requests: number][] }
}

export interface CompareOptions {
  first: Decider
  second: Decider
  traffic: AsyncIterable<TrafficRow>
  labels?: AsyncIterable<LabelRow>
  onProgress?: (rows: number, at: number) => void
}

const mostFirst = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))

function noteMissing(into: Map<string, number>, one: RowDecision, other: RowDecision): void {
  const said = new Set(other.reasons.map(({ code }) => code))
  for (const { code } of one.reasons) if (!said.has(code)) into.set(code, (into.get(code) ?? 0) + 1)
}

/** Streams traffic through two rule sets side by side, each with its own state and its own outcomes. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { first, second, traffic, onProgress } = options
  const labelOf = options.labels === undefined ? null : createLabels(options.labels)
  const labelled = labelOf !== null
  const scores = [createScore({ labelled }), createScore({ labelled })] as const
  const differences = new Map<string, Difference>()
  const missing = [new Map<string, number>(), new Map<string, number>()] as const
  let changed = 0
  let rows = 0

  function note(one: Decided, other: Decided, label: Label | null): void {
    const [a, b] = [one.decision, other.decision]
    if (a.verdict === b.verdict && a.sent === b.sent) return
    changed++
    noteMissing(missing[0], a, b)
    noteMissing(missing[1], b, a)
    const key = `${a.verdict} ${b.verdict}`
    const difference = differences.get(key) ?? {
      first: a.verdict,
      second: b.verdict,
      requests: 0,
      ...(labelled && { legit: 0, attack: 0 }),
      moreMicroUsd: 0,
    }
    differences.set(key, difference)
    difference.requests++
    if (label !== null) difference[label] = (difference[label] ?? 0) + 1
    difference.moreMicroUsd += (Number(b.sent) - Number(a.sent)) * other.priceMicroUsd
  }

  for await (const row of traffic) {
    const one = await first.decide(row)
    const other = await second.decide(row)
    if (++rows % PROGRESS_ROWS === 0) onProgress?.(rows, row.at)
    const label = labelOf === null ? null : await labelOf(row.id)
    scores[0].count(row, one, label)
    scores[1].count(row, other, label)
    if (one !== null && other !== null) note(one, other, label)
  }
  await first.finish()
  await second.finish()
  onProgress?.(rows, scores[0].lastAt())
  return {
    first: scores[0].summary(),
    second: scores[1].summary(),
    changed,
    differences: [...differences.values()].sort((a, b) => b.requests - a.requests),
    reasons: { first: mostFirst(missing[0]), second: mostFirst(missing[1]) },
  }
}
