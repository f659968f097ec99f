import type { Verdict } from '../engine/decision.js'
import type { Decided } from './replay-decided.js'
import type { Label } from './score-labels.js'
import type { TrafficRow } from './traffic.js'

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

/** Everybody, and with labels each side. */
export interface Sides {
  all: Side
  legit?: Side
  attack?: Side
}

export interface DaySides extends Sides {
  /** UTC, as 2026-11-21 */
  day: string
}

export interface CountrySides extends Sides {
  /** ISO 3166 alpha-2 of the number; '' where it has none */
  country: string
}

export interface ReplayScore extends Sides {
  rows: number
  /** rows not asked: their first try was verified */
  skipped: number
  from: number | null
  to: number | null
  verdicts: Record<Verdict, number>
  byReason: Record<string, number>
  /** in order of time */
  byDay: DaySides[]
  /** most requests first */
  byCountry: CountrySides[]
}

const side = (): Side => ({
  requests: 0,
  sent: 0,
  sentMicroUsd: 0,
  challenged: 0,
  denied: 0,
  lost: 0,
})
const DAY_OF_ISO = 10

function add(to: Side, { decision, priceMicroUsd }: Decided): void {
  to.requests++
  if (decision.sent) {
    to.sent++
    to.sentMicroUsd += priceMicroUsd
  } else to.lost++
  if (decision.verdict === 'challenge') to.challenged++
  if (decision.verdict === 'deny') to.denied++
}

/** Counts a replay, in memory that days and countries bound, not rows. */
export function createScore({ labelled = false }: { labelled?: boolean } = {}) {
  const sides = (): Sides =>
    labelled ? { all: side(), legit: side(), attack: side() } : { all: side() }
  const total = sides()
  const days = new Map<string, Sides>()
  const countries = new Map<string, Sides>()
  const verdicts: Record<Verdict, number> = { allow: 0, challenge: 0, hold: 0, deny: 0 }
  const byReason: Record<string, number> = {}
  let rows = 0
  let skipped = 0
  let from: number | null = null
  let to: number | null = null
  let day = ''
  let dayEnds = Number.NEGATIVE_INFINITY

  function entry(of: Map<string, Sides>, key: string): Sides {
    const found = of.get(key)
    if (found !== undefined) return found
    const made = sides()
    of.set(key, made)
    return made
  }

  function dayOf(at: number): string {
    if (at < dayEnds) return day
    day = new Date(at).toISOString().slice(0, DAY_OF_ISO)
    dayEnds = Date.parse(`${day}T23:59:59.999Z`) + 1
    return day
  }

  return {
    /** @param decided `null`: the row was skipped @param label `null`: it has none */
    count(row: TrafficRow, decided: Decided | null, label: Label | null): void {
      rows++
      from ??= row.at
      to = row.at
      if (decided === null) {
        skipped++
        return
      }
      verdicts[decided.decision.verdict]++
      for (const { code } of decided.decision.reasons) byReason[code] = (byReason[code] ?? 0) + 1
      for (const of of [
        total,
        entry(days, dayOf(row.at)),
        entry(countries, decided.number.country),
      ]) {
        add(of.all, decided)
        const its = label === null ? undefined : of[label]
        if (its !== undefined) add(its, decided)
      }
    },
    lastAt: (): number => to ?? 0,
    summary: (): ReplayScore => ({
      rows,
      skipped,
      from,
      to,
      verdicts,
      ...total,
      byReason,
      byDay: [...days].map(([name, of]) => ({ day: name, ...of })),
      byCountry: [...countries]
        .map(([country, of]) => ({ country, ...of }))
        .sort((a, b) => b.all.requests - a.all.requests || (a.country < b.country ? -1 : 1)),
    }),
  }
}
