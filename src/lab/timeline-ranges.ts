import type { Decided } from './replay-decided.js'
import type { TrafficRow } from './traffic.js'

/** A block of 10,000 numbers and what was asked of it. */
export interface TopRange {
  /** E.164 without the last four digits */
  block: string
  country: string
  requests: number
  sent: number
  sentMicroUsd: number
  /** of the sent: the code was entered */
  verified: number
  refused: number
  /** price of all requests, and of those whose code nobody would enter (what the order goes by), micro-USD */
  attemptedMicroUsd: number
  idleMicroUsd: number
}

/** Ranges shown. */
const SHOWN = 20
/** Fewer requests to a range say nothing about it. */
const FEWEST = 5
/** Ranges remembered; at twice as many the lighter half is forgotten (heavy hitters, as in lossy counting). */
const KEPT = 20_000

const heaviest = (ranges: Iterable<TopRange>, n: number): TopRange[] =>
  [...ranges]
    .sort((a, b) => b.idleMicroUsd - a.idleMicroUsd || (a.block < b.block ? -1 : 1))
    .slice(0, n)

/** The ranges that cost or would have cost most for nothing, in bounded memory. */
export function createTopRanges() {
  let byBlock = new Map<string, TopRange>()
  return {
    count({ potential }: TrafficRow, { decision, priceMicroUsd, number }: Decided): void {
      const { block, country } = number
      let range = byBlock.get(block)
      if (range === undefined) {
        if (byBlock.size >= 2 * KEPT)
          byBlock = new Map(heaviest(byBlock.values(), KEPT).map((kept) => [kept.block, kept]))
        range = {
          block,
          country,
          requests: 0,
          sent: 0,
          sentMicroUsd: 0,
          verified: 0,
          refused: 0,
          attemptedMicroUsd: 0,
          idleMicroUsd: 0,
        }
        byBlock.set(block, range)
      }
      const entered = potential.verifiedMs !== null
      range.requests++
      range.attemptedMicroUsd += priceMicroUsd
      if (decision.sent) {
        range.sent++
        range.sentMicroUsd += priceMicroUsd
        if (entered) range.verified++
      } else range.refused++
      if (!entered) range.idleMicroUsd += priceMicroUsd
    },
    /** Those of which most would not be entered. */
    top: (): TopRange[] =>
      heaviest(
        [...byBlock.values()].filter(
          ({ requests, attemptedMicroUsd, idleMicroUsd }) =>
            requests >= FEWEST && 2 * idleMicroUsd > attemptedMicroUsd,
        ),
        SHOWN,
      ),
  }
}
