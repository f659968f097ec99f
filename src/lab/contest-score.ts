import type { Facts } from '../engine/facts.js'
import type { LabelledRow } from './actors/actor.js'
import type { ContenderVerdict } from './contender.js'
import { type Containment, createContainment } from './contest-containment.js'
import type { Side } from './score.js'

/** Counts of one side. Money in micro-USD. `denied`: in the end; `lost`: denied, or challenged and nothing came. */
export interface ContestSide extends Side {
  /** money that would have gone out had everything been sent */
  attemptedMicroUsd: number
}

/** Requests whose score fell into one tenth of 0 to 100, and how many of them were an attack's. */
export interface ScoreBin {
  requests: number
  attacks: number
}

export interface ContestScore {
  /** requests that were made */
  requests: number
  /** rows not asked: their first try was verified */
  skipped: number
  /** Unix ms of the first and the last request */
  from: number | null
  to: number | null
  legit: ContestSide
  attack: ContestSide
  /** by ISO 3166 alpha-2 of the number; '' where it has none */
  byCountry: Record<string, { legit: ContestSide; attack: ContestSide }>
  byCampaign: Record<string, ContestSide>
  /** legitimate requests by country while it lasted, whatever it was; empty when no span was named */
  during: Record<string, ContestSide>
  /** what was said against legitimate requests that were not simply sent, and against the attack's */
  byReason: { legit: Record<string, number>; attack: Record<string, number> }
  containment: Containment
  /** ten bins; empty where the contender gives no score */
  reliability: ScoreBin[]
}

const newSide = (): ContestSide => ({
  requests: 0,
  sent: 0,
  sentMicroUsd: 0,
  attemptedMicroUsd: 0,
  challenged: 0,
  denied: 0,
  lost: 0,
})

function add(
  side: ContestSide,
  priceMicroUsd: number,
  first: ContenderVerdict,
  last: ContenderVerdict,
): void {
  side.requests++
  side.attemptedMicroUsd += priceMicroUsd
  if (first.verdict === 'challenge') side.challenged++
  if (last.verdict === 'deny') side.denied++
  if (last.verdict === 'allow') {
    side.sent++
    side.sentMicroUsd += priceMicroUsd
  } else side.lost++
}

/** The entry of a record, made when it is first asked for. */
function entry<T>(record: Map<string, T>, key: string, make: () => T): T {
  let found = record.get(key)
  if (found === undefined) {
    found = make()
    record.set(key, found)
  }
  return found
}

const BINS = 10

/** Unix ms, the end not included. */
export interface Span {
  from: number
  to: number
}

/** @param span in which harm is counted once more, by itself: days before an attack must not thin it */
export function createContestScore(span: Span | null = null) {
  const sides = { legit: newSide(), attack: newSide() }
  const byCountry = new Map<string, { legit: ContestSide; attack: ContestSide }>()
  const byCampaign = new Map<string, ContestSide>()
  const during = new Map<string, ContestSide>()
  const byReason = { legit: new Map<string, number>(), attack: new Map<string, number>() }
  const containment = createContainment()
  const reliability: ScoreBin[] = []
  let skipped = 0
  let from: number | null = null
  let to: number | null = null

  return {
    skip(): void {
      skipped++
    },
    /** @param first answer to the request @param last answer after its challenge, the same where there was none */
    count(
      { row, label, campaign }: LabelledRow,
      { number, priceMicroUsd }: Facts,
      first: ContenderVerdict,
      last: ContenderVerdict,
    ): void {
      from ??= row.at
      to = row.at
      const country = entry(byCountry, number.country, () => ({
        legit: newSide(),
        attack: newSide(),
      }))
      for (const side of [sides[label], country[label]]) add(side, priceMicroUsd, first, last)
      if (label === 'legit' && span !== null && row.at >= span.from && row.at < span.to)
        add(entry(during, number.country, newSide), priceMicroUsd, first, last)
      if (campaign !== null) add(entry(byCampaign, campaign, newSide), priceMicroUsd, first, last)
      if (label === 'attack') containment.count(row.at, priceMicroUsd, last.verdict === 'allow')
      if (first.verdict !== 'allow') {
        const said = byReason[label]
        for (const reason of first.reasons) said.set(reason, (said.get(reason) ?? 0) + 1)
      }
      if (first.score === undefined) return
      while (reliability.length < BINS) reliability.push({ requests: 0, attacks: 0 })
      const bin = reliability[Math.min(BINS - 1, Math.floor(first.score / BINS))]
      if (bin === undefined) return
      bin.requests++
      if (label === 'attack') bin.attacks++
    },
    result: (): ContestScore => ({
      requests: sides.legit.requests + sides.attack.requests,
      skipped,
      from,
      to,
      ...sides,
      byCountry: Object.fromEntries(byCountry),
      byCampaign: Object.fromEntries(byCampaign),
      during: Object.fromEntries(during),
      byReason: {
        legit: Object.fromEntries(byReason.legit),
        attack: Object.fromEntries(byReason.attack),
      },
      containment: containment.result(),
      reliability,
    }),
  }
}
