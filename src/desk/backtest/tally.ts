import type { Verdict } from '../../engine/decision.js'
import { hash64 } from '../../engine/hash.js'
import { HOUR } from '../../engine/units.js'
import type { Decided } from '../../lab/replay-decided.js'
import type { ReplayRow } from './assemble.js'
import type {
  BacktestResult,
  ChangedRequest,
  CountryCompared,
  Figures,
  VerdictChange,
} from './backtest-result.js'

/** Countries listed by themselves; the others are one line. */
const COUNTRIES = 60
/** Shown requests of each change: people, and others. */
const SAMPLES = 12
/** Numbers remembered as counted; of more the oldest may be counted again within the hour. */
const NUMBERS = 100_000

const figures = (): Figures => ({
  requests: 0,
  allowed: 0,
  challenged: 0,
  held: 0,
  denied: 0,
  sent: 0,
  verified: 0,
  verifiedRefused: 0,
  verifiedChallenged: 0,
  unknownRefused: 0,
  spendMicroUsd: 0,
  wastedMicroUsd: 0,
})

const COUNTED = {
  allow: 'allowed',
  challenge: 'challenged',
  hold: 'held',
  deny: 'denied',
} as const satisfies Record<Verdict, keyof Figures>

/** Counts a number once an hour: who tries five times is one person. */
function onceAnHour() {
  const counted = new Map<string, number>()
  return (key: string, at: number): boolean => {
    if (at < (counted.get(key) ?? Number.NEGATIVE_INFINITY) + HOUR) return false
    counted.delete(key)
    counted.set(key, at)
    if (counted.size > NUMBERS) for (const oldest of counted.keys()) return counted.delete(oldest)
    return true
  }
}

interface Sample {
  rank: number
  request: ChangedRequest
}

/** Keeps those whose ids hash lowest: a fair sample, the same each time, in memory that changes bound and not rows. */
function keep(samples: Sample[], request: ChangedRequest): void {
  const rank = hash64(request.id, 0).low
  const last = samples.at(-1)
  if (samples.length >= SAMPLES && last !== undefined && rank >= last.rank) return
  const at = samples.findIndex((sample) => sample.rank > rank)
  samples.splice(at < 0 ? samples.length : at, 0, { rank, request })
  if (samples.length > SAMPLES) samples.pop()
}

/** What the two policies made of the requests. */
export function createTally() {
  const total = { current: figures(), proposed: figures() }
  const countries = new Map<string, { current: Figures; proposed: Figures }>()
  const reasons = new Map<string, { current: number; proposed: number }>()
  const changes = new Map<string, VerdictChange & { samples: [Sample[], Sample[]] }>()
  const once = { current: onceAnHour(), proposed: onceAnHour() }
  let rows = 0
  let hashed = 0

  function count(side: 'current' | 'proposed', replayed: ReplayRow, decided: Decided): void {
    const { person, unknown, recorded } = replayed
    const { decision, priceMicroUsd } = decided
    const { country, service, number, at, outcome } = recorded
    const { verdict, sent } = decision
    const key = `${service}|${number}`
    const refusedPerson = person && !sent && once[side](`r${key}`, at)
    const challengedPerson = person && sent && verdict === 'challenge' && once[side](`c${key}`, at)
    // what no provider took was not billed, whichever policy let it through
    const out = sent && outcome.what !== 'unsent'
    for (const of of [total[side], entry(country)[side]]) {
      of.requests++
      of[COUNTED[verdict]]++
      if (out) {
        of.sent++
        of.spendMicroUsd += priceMicroUsd
        if (person) of.verified++
        else of.wastedMicroUsd += priceMicroUsd
      }
      if (refusedPerson) of.verifiedRefused++
      if (challengedPerson) of.verifiedChallenged++
      if (!sent && unknown) of.unknownRefused++
    }
    if (verdict === 'allow') return
    for (const { code } of decision.reasons) {
      const said = reasons.get(code) ?? { current: 0, proposed: 0 }
      reasons.set(code, said)
      said[side]++
    }
  }

  function entry(country: string): { current: Figures; proposed: Figures } {
    const known = countries.get(country)
    if (known !== undefined) return known
    const made = { current: figures(), proposed: figures() }
    countries.set(country, made)
    return made
  }

  function compare({ recorded, person }: ReplayRow, one: Decided, other: Decided): void {
    const [before, after] = [one.decision.verdict, other.decision.verdict]
    if (before === after && one.decision.sent === other.decision.sent) return
    const key = `${before} ${after}`
    const change = changes.get(key) ?? {
      before,
      after,
      requests: 0,
      people: 0,
      samples: [[], []] satisfies [Sample[], Sample[]],
    }
    changes.set(key, change)
    change.requests++
    if (person) change.people++
    const stricter = other.decision.sent && after === 'allow' ? one : other
    const { id, at, service, country, priceMicroUsd } = recorded
    keep(change.samples[person ? 0 : 1], {
      ...{ id, at, service, country, before, after, priceMicroUsd },
      wasVerified: person,
      reason: stricter.decision.reasons[0]?.code ?? null,
    })
  }

  return {
    /** @param one by the current policy @param other by the proposed; `null`: the request would not have been made */
    count(replayed: ReplayRow, one: Decided | null, other: Decided | null): void {
      rows++
      if (/^[^+]/.test(replayed.recorded.number)) hashed++
      if (one !== null) count('current', replayed, one)
      if (other !== null) count('proposed', replayed, other)
      if (one !== null && other !== null) compare(replayed, one, other)
    },
    rows: () => rows,
    /** requests of numbers that are kept as hashes */
    hashed: () => hashed,
    summary(): Pick<
      BacktestResult,
      'current' | 'proposed' | 'byCountry' | 'byReason' | 'changes' | 'changed'
    > {
      const differing = [...changes.values()].sort((a, b) => b.requests - a.requests)
      return {
        ...total,
        byCountry: listed(countries),
        byReason: [...reasons]
          .map(([code, said]) => ({ code, ...said }))
          .sort(
            (a, b) =>
              Math.abs(b.proposed - b.current) - Math.abs(a.proposed - a.current) ||
              b.proposed - a.proposed ||
              (a.code < b.code ? -1 : 1),
          ),
        changes: differing.map(({ before, after, requests, people }) => ({
          before,
          after,
          requests,
          people,
        })),
        changed: differing.flatMap(({ samples: [people, others] }) =>
          [...people, ...others].map(({ request }) => request),
        ),
      }
    },
  }
}

function listed(
  countries: ReadonlyMap<string, { current: Figures; proposed: Figures }>,
): CountryCompared[] {
  const all = [...countries]
    .map(([country, of]) => ({ country, ...of }))
    .sort((a, b) => b.current.requests - a.current.requests || (a.country < b.country ? -1 : 1))
  const rest = all.slice(COUNTRIES)
  if (rest.length === 0) return all
  const others = { country: '*', current: figures(), proposed: figures() }
  for (const of of rest)
    for (const side of ['current', 'proposed'] as const)
      for (const name of Object.keys(others[side]) as (keyof Figures)[])
        others[side][name] += of[side][name]
  return [...all.slice(0, COUNTRIES), others]
}
