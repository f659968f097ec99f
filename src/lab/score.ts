import type { Verdict } from '../engine/decision.js'
import type { LabelRow, ReplayedDecision, TrafficRow } from './traffic.js'

/** Counts of one side (legitimate, attack, or unlabelled). Money in micro-USD at the price of the send. */
export interface Side {
  requests: number
  sent: number
  sentMicroUsd: number
  challenged: number
  denied: number
  /** denied, or challenged and not solved */
  lost: number
}

export interface ReplayScore {
  rows: number
  /** rows not asked: their first try was verified */
  skipped: number
  from: number | null
  to: number | null
  verdicts: Record<Verdict, number>
  all: Side
  /** with labels only */
  legit?: Side
  attack?: Side
  byReason: Record<string, number>
}

const side = (): Side => ({
  requests: 0,
  sent: 0,
  sentMicroUsd: 0,
  challenged: 0,
  denied: 0,
  lost: 0,
})
/** Labels read ahead of their rows at most; files in the same order need one. */
const LOOK_AHEAD = 1_000_000

export function createScore(labels?: AsyncIterable<LabelRow>) {
  const all = side()
  const sides = { legit: side(), attack: side() }
  const verdicts: Record<Verdict, number> = { allow: 0, challenge: 0, hold: 0, deny: 0 }
  const byReason: Record<string, number> = {}
  const ahead = new Map<string, LabelRow['label']>()
  const stream = labels?.[Symbol.asyncIterator]()
  let rows = 0
  let skipped = 0
  let from: number | null = null
  let to: number | null = null

  async function labelOf(id: string): Promise<LabelRow['label'] | null> {
    const known = ahead.get(id)
    if (known !== undefined) {
      ahead.delete(id)
      return known
    }
    while (stream !== undefined && ahead.size < LOOK_AHEAD) {
      const next = await stream.next()
      if (next.done === true) return null
      if (next.value.id === id) return next.value.label
      ahead.set(next.value.id, next.value.label)
    }
    return null
  }

  function add(to_: Side, d: ReplayedDecision, priceMicroUsd: number): void {
    to_.requests++
    if (d.sent) {
      to_.sent++
      to_.sentMicroUsd += priceMicroUsd
    } else to_.lost++
    if (d.verdict === 'challenge') to_.challenged++
    if (d.verdict === 'deny') to_.denied++
  }

  return {
    async count(
      row: TrafficRow,
      decided: { decision: ReplayedDecision; priceMicroUsd: number } | null,
    ): Promise<void> {
      rows++
      from ??= row.at
      to = row.at
      const label = await labelOf(row.id)
      if (decided === null) {
        skipped++
        return
      }
      const { decision, priceMicroUsd } = decided
      verdicts[decision.verdict]++
      for (const { code } of decision.reasons) byReason[code] = (byReason[code] ?? 0) + 1
      add(all, decision, priceMicroUsd)
      if (label !== null) add(sides[label], decision, priceMicroUsd)
    },
    lastAt: (): number => to ?? 0,
    summary: (): ReplayScore => ({
      rows,
      skipped,
      from,
      to,
      verdicts,
      all,
      ...(labels === undefined ? {} : sides),
      byReason,
    }),
  }
}
