import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { Decided } from './replay-decided.js'
import { createTopRanges, type TopRange } from './timeline-ranges.js'
import type { LabelRow, TrafficRow } from './traffic.js'

/** How a request ended: went out, went out after a challenge, its challenge was not passed, held or denied. */
export const ENDS = ['sent', 'proven', 'unsolved', 'refused'] as const
export type End = (typeof ENDS)[number]

/** Whose requests they are; `unlabelled` where nobody says. */
export const GROUPS = ['unlabelled', 'legit', 'attack'] as const
export type Group = (typeof GROUPS)[number]

export interface Slice extends Record<End, number> {
  /** money that went out, micro-USD */
  sentMicroUsd: number
}

export interface TimelineData {
  /** length of a slice, ms */
  stepMs: number
  /** Unix ms of the first slice; `null` without a row */
  from: number | null
  /** one slice after the other, of the groups that occur */
  slices: Partial<Record<Group, Slice[]>>
  ranges: TopRange[]
}

export interface Timeline {
  count(row: TrafficRow, decided: Decided, label: LabelRow['label'] | null): void
  result(): TimelineData
}

/** Lengths a slice can have; the longest holds ten million hours' worth of nothing more than a row a day. */
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  6 * HOUR,
  DAY,
  7 * DAY,
  28 * DAY,
  364 * DAY,
] as const
/** More slices than this no chart shows. */
const MOST_SLICES = 1_500

const empty = (): Slice => ({ sent: 0, proven: 0, unsolved: 0, refused: 0, sentMicroUsd: 0 })

function endOf({ decision: { verdict, sent } }: Decided): End {
  if (sent) return verdict === 'challenge' ? 'proven' : 'sent'
  return verdict === 'challenge' ? 'unsolved' : 'refused'
}

function addTo(into: Slice, other: Slice): void {
  for (const end of ENDS) into[end] += other[end]
  into.sentMicroUsd += other.sentMicroUsd
}

/** Counts a replay over time: by the minute, and coarser as it grows longer, so that it takes the same memory. */
export function createTimeline(): Timeline {
  const ranges = createTopRanges()
  const found: Partial<Record<Group, Slice[]>> = {}
  let step = 0
  let from: number | null = null

  const stepMs = (): number => STEPS[step] ?? DAY

  function coarsen(): void {
    const before = stepMs()
    const first = from ?? 0
    step++
    from = Math.floor(first / stepMs()) * stepMs()
    for (const group of GROUPS) {
      const slices = found[group]
      if (slices === undefined) continue
      const merged: Slice[] = []
      for (const [i, slice] of slices.entries()) {
        const at = Math.floor((first + i * before - from) / stepMs())
        while (merged.length <= at) merged.push(empty())
        addTo(merged[at] as Slice, slice)
      }
      found[group] = merged
    }
  }

  return {
    count(row, decided, label) {
      from ??= Math.floor(row.at / stepMs()) * stepMs()
      while ((row.at - from) / stepMs() >= MOST_SLICES && step < STEPS.length - 1) coarsen()
      const at = Math.floor((row.at - from) / stepMs())
      const group = label ?? 'unlabelled'
      found[group] ??= []
      const slices = found[group]
      while (slices.length <= at) slices.push(empty())
      const slice = slices[at] as Slice
      slice[endOf(decided)]++
      if (decided.decision.sent) slice.sentMicroUsd += decided.priceMicroUsd
      ranges.count(row, decided)
    },
    result() {
      const longest = Math.max(0, ...Object.values(found).map((slices) => slices.length))
      for (const slices of Object.values(found))
        while (slices.length < longest) slices.push(empty())
      return { stepMs: stepMs(), from, slices: found, ranges: ranges.top() }
    },
  }
}
