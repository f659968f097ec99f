import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Core } from '../verify/core.js'
import type { GateRequest } from '../verify/types.js'
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
  const outcomes = createOutcomes(core)
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
      if (sent) outcomes.sent(row, evaluation)
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
    finish: () => outcomes.advance(Number.POSITIVE_INFINITY),
  }
}

const requestOf = (row: TrafficRow): GateRequest => {
  const request: GateRequest = { service: row.service, to: row.to }
  if (row.ip) request.ip = row.ip
  if (row.deviceId) request.deviceId = row.deviceId
  if (row.accountId) request.accountId = row.accountId
  if (row.sessionId) request.sessionId = row.sessionId
  if (row.userAgent) request.userAgent = row.userAgent
  if (row.sessionAgeMs !== null && row.sessionAgeMs !== undefined)
    request.sessionAgeMs = row.sessionAgeMs
  if (row.precedingEvents !== null && row.precedingEvents !== undefined)
    request.precedingEvents = row.precedingEvents
  if (row.priceMicroUsd !== null && row.priceMicroUsd !== undefined)
    request.priceMicroUsd = row.priceMicroUsd
  return request
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
