import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Facts } from '../engine/facts.js'
import type { Core } from '../verify/core.js'
import { createCredit, requestOf } from './credit.js'
import { createOutcomes } from './outcomes.js'
import { createScore, type ReplayScore } from './score.js'
import { type LabelRow, type ReplayedDecision, TrafficError, type TrafficRow } from './traffic.js'

export interface ReplayOptions {
  core: Core
  traffic: AsyncIterable<TrafficRow>
  /** NDJSON of decisions, one a row of traffic that was asked; none when absent */
  out?: string
  labels?: AsyncIterable<LabelRow>
  onProgress?: (rows: number, at: number) => void
}

/** @returns the row's decision and whether a message went out; `null` when it was skipped (its first try verified) */
export type Decider = (
  row: TrafficRow,
) => Promise<{ decision: ReplayedDecision; priceMicroUsd: number } | null>

/** Runs the production core over rows under virtual time; a challenge is solved by whoever would solve it. */
export function createDecider(core: Core): { decide: Decider; finish: () => Promise<void> } {
  const credit = createCredit(core)
  const outcomes = createOutcomes<{ row: TrafficRow; facts: Facts }>((what, { row, facts }, at) =>
    credit.outcome(row, facts, what, at),
  )
  return {
    async decide(row) {
      await outcomes.advance(row.at)
      if (row.retryOf !== null && row.retryOf !== undefined && outcomes.wasVerified(row.retryOf))
        return null
      const service = core.policy.service(row.service)
      if (service === null)
        throw new TrafficError(`row ${row.id}: the policy names no service "${row.service}"`)
      const request = requestOf(row)
      const first = await core.evaluate(request, service, row.at)
      const { verdict, would, score, reasons } = first.decision
      let sent = verdict === 'allow'
      let evaluation = first
      if (verdict === 'challenge' && row.potential.solves.pow) {
        evaluation = await core.evaluate({ ...request, challengePassed: true }, service, row.at)
        sent = evaluation.decision.verdict === 'allow'
      }
      if (sent) {
        credit.sent(row, evaluation)
        outcomes.sent(row, { row, facts: evaluation.facts }, evaluation.maturityMs)
      }
      const decision: ReplayedDecision = {
        id: row.id,
        at: row.at,
        verdict,
        would,
        score,
        reasons: reasons.map(({ code, subject, observed, limit, windowMs }) => ({
          code,
          subject,
          observed,
          limit,
          windowMs,
        })),
        sent,
      }
      return { decision, priceMicroUsd: first.facts.priceMicroUsd }
    },
    finish: async () => outcomes.advance(Number.POSITIVE_INFINITY),
  }
}

/** Rows between two calls of `onProgress`. */
const PROGRESS_ROWS = 10_000

/** Streams traffic through the core. Decisions are written as they fall; the summary comes at the end. */
export async function replay(options: ReplayOptions): Promise<ReplayScore> {
  const { core, traffic, onProgress } = options
  const out = options.out === undefined ? null : createWriteStream(options.out)
  const score = createScore(options.labels)
  const { decide, finish } = createDecider(core)
  let rows = 0
  try {
    for await (const row of traffic) {
      const decided = await decide(row)
      if (++rows % PROGRESS_ROWS === 0) onProgress?.(rows, row.at)
      await score.count(row, decided)
      if (decided === null || out === null) continue
      if (!out.write(`${JSON.stringify(decided.decision)}\n`)) await once(out, 'drain')
    }
    await finish()
  } finally {
    if (out !== null) {
      out.end()
      await finished(out)
    }
  }
  onProgress?.(rows, score.lastAt())
  return score.summary()
}
