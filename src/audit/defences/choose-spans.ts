import { DAY, HOUR } from '../../engine/units.js'
import { FOUND, type Judged } from './judged.js'
import type { Survey } from './survey.js'
import type { Part, Stratum } from './tally.js'

/** A stretch of time whose messages are run through the defences. */
export interface Span {
  /** places in the order of time */
  from: number
  to: number
  stratum: Stratum
  /** false: it only warms the defences up before an attack */
  counted: boolean
}

export interface Chosen {
  spans: Span[]
  /** what the log holds, by stratum */
  all: readonly [Part, Part]
  /** days, or hours where a day is too much */
  unitMs: number
  units: number
  counted: number
}

interface Unit {
  from: number
  to: number
  foundMicro: number
  fraudMicro: number
  fine: number
}

/** Units of attack hold so much of the money that was found to be pumped, the worst first. */
const ATTACK_SHARE = 0.98
/** Of what may be replayed, for attacks and the time before them; the rest is for ordinary time. */
const ATTACK_ROOM = 0.75

function unitsOf({ log, prices }: Survey, judged: Judged, unitMs: number): Unit[] {
  const { order, probability, certainty } = judged
  const { at } = log.columns
  const units: Unit[] = []
  let begun = Number.NaN
  let unit: Unit | undefined
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number
    const start = Math.floor((at[row] as number) / unitMs)
    if (unit === undefined || start !== begun) {
      begun = start
      unit = { from: i, to: i, foundMicro: 0, fraudMicro: 0, fine: 0 }
      units.push(unit)
    }
    const fraud = (probability[row] as number) * prices.billed(row)
    unit.to = i + 1
    unit.fraudMicro += fraud
    if ((certainty[row] as number) >= FOUND) unit.foundMicro += fraud
    else if (certainty[row] === 0) unit.fine++
  }
  return units
}

/** The worst units, until they hold nearly all that was found; where nothing is more than unclear, nearly all of that. */
function attacked(units: readonly Unit[]): Set<Unit> {
  const any = units.some((u) => u.foundMicro > 0)
  const weight = (u: Unit): number => (any ? u.foundMicro : u.fraudMicro)
  const worst = units.filter((u) => weight(u) > 0).sort((a, b) => weight(b) - weight(a))
  const found = worst.reduce((sum, u) => sum + weight(u), 0)
  const chosen = new Set<Unit>()
  let held = 0
  for (const unit of worst) {
    if (held >= ATTACK_SHARE * found) break
    held += weight(unit)
    chosen.add(unit)
  }
  return chosen
}

/** Every nth of some units, n the least with which they cost no more than there is room for; at least one of them. */
function spaced(
  units: readonly Unit[],
  room: number,
  costOf: (some: readonly Unit[]) => number,
): Unit[] {
  for (let step = 1; step < units.length; step = Math.ceil(step * 1.25)) {
    const some = units.filter((_, i) => i % step === step >> 1)
    if (costOf(some) <= room) return some
  }
  return units.slice(units.length >> 1, (units.length >> 1) + 1)
}

const sizeOf = ({ from, to }: Unit): number => to - from
const rowsOf = (units: Iterable<Unit>): number => {
  let rows = 0
  for (const unit of units) rows += sizeOf(unit)
  return rows
}
const partOf = (units: readonly Unit[]): Part => ({
  rows: rowsOf(units),
  fraudMicro: units.reduce((sum, { fraudMicro }) => sum + fraudMicro, 0),
  fine: units.reduce((sum, { fine }) => sum + fine, 0),
})

/**
 * What of a log to run through dear defences: the days of attacks with one day before each to warm up on, and evenly
 * spaced other days, at most `most` messages; hours instead of days where these are too large.
 */
export function chooseSpans(survey: Survey, judged: Judged, most: number): Chosen {
  const { order } = judged
  const { at } = survey.log.columns
  const first = at[order[0] ?? 0] ?? 0
  const last = at[order[order.length - 1] ?? 0] ?? 0
  const days = Math.max(1, Math.ceil((last - first) / DAY))
  const unitMs = order.length > most && order.length / days > most / 8 ? HOUR : DAY
  const units = unitsOf(survey, judged, unitMs)
  const attacks = attacked(units)
  const strata = [
    units.filter((unit) => !attacks.has(unit)),
    units.filter((unit) => attacks.has(unit)),
  ] as const

  let counted: readonly [readonly Unit[], readonly Unit[]] = strata
  const warm = new Set<Unit>()
  if (order.length > most) {
    const before = new Map(units.map((unit, i) => [unit, units[i - 1]]))
    /** Units with the one before each. */
    const withWarm = (some: readonly Unit[]): Set<Unit> =>
      new Set(some.flatMap((unit) => [before.get(unit) ?? unit, unit]))
    const worst = spaced(strata[1], most * ATTACK_ROOM, (some) => rowsOf(withWarm(some)))
    for (const unit of withWarm(worst)) warm.add(unit)
    counted = [spaced(strata[0], Math.max(0, most - rowsOf(warm)), rowsOf), worst]
  }
  const chosen = new Set([...counted[0], ...counted[1]])
  const spans: Span[] = []
  let room = Math.max(most, 1)
  for (const unit of units) {
    if (!chosen.has(unit) && !warm.has(unit)) continue
    // one unit may be larger than all there is room for
    const to = Math.min(unit.to, unit.from + room)
    room -= to - unit.from
    if (to > unit.from)
      spans.push({
        from: unit.from,
        to,
        stratum: attacks.has(unit) ? 1 : 0,
        counted: chosen.has(unit),
      })
  }
  return {
    spans,
    all: [partOf(strata[0]), partOf(strata[1])],
    unitMs,
    units: units.length,
    counted: spans.filter((span) => span.counted).length,
  }
}
