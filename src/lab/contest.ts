import type { Facts } from '../engine/facts.js'
import { MINUTE } from '../engine/units.js'
import type { Actor } from './actors/actor.js'
import type { Contender } from './contender.js'
import { type ContestScore, createContestScore, type Span } from './contest-score.js'
import { createOutcomes } from './outcomes.js'
import type { RowFacts } from './row-facts.js'
import type { TrafficRow } from './traffic.js'

export interface ContestOptions {
  /** whoever asks: a platform's people, an attacker, or all of a scenario merged */
  source: Actor
  contender: Contender
  /** one for many contests: it remembers what it has parsed */
  rowFacts: RowFacts
  /** while the attack or trap lasts: harm is counted in it by itself @default nowhere */
  span?: Span | null
  onProgress?: (requests: number, at: number) => void
  /** monotonic, ms: measures how long deciding takes @default nothing is measured */
  clock?: () => number
}

export interface ContestResult extends ContestScore {
  contender: string
  /** when the contender first called it an attack, Unix ms; `null`: never, or it has no word for it */
  incidentAt: number | null
  /** time taken by facts, decisions and outcomes, not by making the traffic, ms; 0 without a clock */
  decidingMs: number
}

/** Age at which an unverified message counts as matured for rules that name none. */
const MATURITY_MS = 2 * MINUTE
/** Requests between two calls of `onProgress`. */
const PROGRESS = 10_000

/**
 * One contender against one source under virtual time. A challenge is passed by whoever would pass it; whoever asks
 * learns how each request was answered before the next one is made, so that an attacker can move on.
 */
export async function contest(options: ContestOptions): Promise<ContestResult> {
  const { source, contender, rowFacts, span = null, onProgress, clock = () => 0 } = options
  let decidingMs = 0
  const score = createContestScore(span)
  const outcomes = createOutcomes<{ row: TrafficRow; facts: Facts }>((what, { row, facts }, at) =>
    contender.outcome(row, facts, what, at),
  )
  for (let asked = 1; source.nextAt() !== Number.POSITIVE_INFINITY; asked++) {
    const labelled = source.ask()
    const { row } = labelled
    const begun = clock()
    const due = outcomes.advance(row.at)
    if (due instanceof Promise) await due
    if (asked % PROGRESS === 0) onProgress?.(asked, row.at)
    if (row.retryOf !== null && outcomes.wasVerified(row.retryOf)) {
      decidingMs += clock() - begun
      score.skip()
      continue
    }
    const facts = rowFacts(row)
    const answer = contender.decide(row, facts, false)
    const first = answer instanceof Promise ? await answer : answer
    const solved = first.verdict === 'challenge' && row.potential.solves[first.proof ?? 'pow']
    const last = solved ? await contender.decide(row, facts, true) : first
    const sent = last.verdict === 'allow'
    if (sent) outcomes.sent(row, { row, facts }, last.maturityMs ?? MATURITY_MS)
    decidingMs += clock() - begun
    score.count(labelled, facts, first, last)
    source.told?.(row, sent ? 'sent' : last.verdict === 'deny' ? 'refused' : 'challenged')
  }
  await outcomes.advance(Number.POSITIVE_INFINITY)
  return {
    contender: contender.name,
    ...score.result(),
    incidentAt: contender.incidentAt?.() ?? null,
    decidingMs,
  }
}
