import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Change } from '../engine/detect/change.js'
import type { Facts } from '../engine/facts.js'
import { MINUTE, SECOND } from '../engine/units.js'
import type { Core } from '../verify/core.js'
import { createCredit, requestOf } from './credit.js'
import { createOutcomes } from './outcomes.js'
import { type Decided, type Decider, wasRepeated } from './replay-decided.js'
import { createScore, type ReplayScore } from './score.js'
import { createLabels } from './score-labels.js'
import type { Timeline } from './timeline.js'
import { type LabelRow, TrafficError, type TrafficRow } from './traffic.js'

/** Virtual time between two background passes of the core: as often as the gateway makes them. */
const PASS_MS = 5 * SECOND
/** After the last row a code can be entered for so long; the passes go on until then. */
const LAST_CODE_MS = 10 * MINUTE

/** A core that detects, and one that does not. */
type Detecting = Core & { pass?: (now: number) => Change[] }

export interface DeciderOptions {
  /** told of incidents, quarantines and outages as the passes find them */
  onChange?: (change: Change) => void
}

/**
 * Runs the production core over rows under virtual time; a challenge is solved by whoever would solve it. Passes come at
 * whole multiples of five seconds: which rows are read together changes nothing.
 */
export function createDecider(core: Core, { onChange }: DeciderOptions = {}): Decider {
  const credit = createCredit(core)
  const outcomes = createOutcomes<{ row: TrafficRow; facts: Facts }>((what, { row, facts }, at) =>
    credit.outcome(row, facts, what, at),
  )
  let passAt: number | null = null
  let lastAt: number | null = null

  async function advance(now: number): Promise<void> {
    const { pass } = core as Detecting
    if (pass !== undefined) {
      passAt ??= Math.ceil(now / PASS_MS) * PASS_MS
      for (; passAt <= now; passAt += PASS_MS) {
        await outcomes.advance(passAt)
        for (const change of pass(passAt)) onChange?.(change)
      }
    }
    await outcomes.advance(now)
  }

  return {
    async decide(row): Promise<Decided | null> {
      await advance(row.at)
      lastAt = row.at
      if (wasRepeated(row, outcomes)) return null
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
      return {
        decision: {
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
        },
        priceMicroUsd: first.facts.priceMicroUsd,
        number: first.facts.number,
      }
    },
    async finish() {
      if (lastAt !== null) await advance(lastAt + LAST_CODE_MS)
      await outcomes.advance(Number.POSITIVE_INFINITY)
    },
  }
}

export interface ReplayOptions {
  decider: Decider
  traffic: AsyncIterable<TrafficRow>
  /** NDJSON of decisions, one a row of traffic that was asked; none when absent */
  out?: string
  labels?: AsyncIterable<LabelRow>
  timeline?: Timeline
  onProgress?: (rows: number, at: number) => void
}

/** Rows between two calls of `onProgress`. */
export const PROGRESS_ROWS = 10_000

/** Streams traffic through rules. Decisions are written as they fall; the summary comes at the end. */
export async function replay(options: ReplayOptions): Promise<ReplayScore> {
  const { decider, traffic, timeline, onProgress } = options
  const out = options.out === undefined ? null : createWriteStream(options.out)
  // a path that cannot be written ends here, and not as an event that nobody hears
  if (out !== null) await once(out, 'open')
  const labelOf = options.labels === undefined ? null : createLabels(options.labels)
  const score = createScore({ labelled: labelOf !== null })
  let rows = 0
  try {
    for await (const row of traffic) {
      const decided = await decider.decide(row)
      if (++rows % PROGRESS_ROWS === 0) onProgress?.(rows, row.at)
      const label = labelOf === null ? null : await labelOf(row.id)
      score.count(row, decided, label)
      if (decided === null) continue
      timeline?.count(row, decided, label)
      if (out === null) continue
      if (!out.write(`${JSON.stringify(decided.decision)}\n`)) await once(out, 'drain')
    }
    await decider.finish()
  } finally {
    if (out !== null) {
      out.end()
      await finished(out)
    }
  }
  onProgress?.(rows, score.lastAt())
  return score.summary()
}
