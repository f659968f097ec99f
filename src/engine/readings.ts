import { type CompiledService, FIRST_SOURCE_LINE, LINE_INDEX, RIDDEN_LINES } from './compile.js'
import type { Facts, SourceFacts } from './facts.js'
import {
  closingOf,
  inFlightWeight,
  kappaOf,
  limitOf,
  SENDS_PER_UNVERIFIED,
  SLOW_OPENING,
  trustOf,
} from './line.js'
import type { Norms } from './norms.js'
import { LINES } from './policy.js'
import { type Gathered, LINE_WIDTH, type Query } from './state.js'
import { SECOND } from './units.js'

/** Every line of a request, read: what a decision is made of and what explains it. Arrays in the order of LINES. */
export interface Readings {
  /** what this send needs room for on the line: its price, or one message; 0 for lines without a key */
  asked: Float64Array
  /** what it is charged: as asked, but 0 for the first resends of a session on a range */
  cost: Float64Array
  limitFast: Float64Array
  limitSlow: Float64Array
  debtFast: Float64Array
  debtSlow: Float64Array
  /** debt at which the line closes, `hard` times its limit or a little less */
  closeFast: Float64Array
  closeSlow: Float64Array
  /** 1: this send would bring the line's debt over what closes it */
  closed: Uint8Array
  /** part of the reserved amount that counts as debt, 0.05 to 1 */
  weight: Float64Array
  /** (debt + asked) / limit, the larger of the two scales; 0 for lines without a key */
  utilisation: Float64Array
  /** the line can deny */
  narrow: Uint8Array
  /** highest utilisation of the wide destination lines */
  wide: number
  /** line with the highest utilisation, index of LINES, -1 for none */
  binding: number
  kappa: number
}

const { operator, country, abroad, service: serviceLine, number } = LINE_INDEX
/** How full the wide lines must be before cold narrow lines under them shrink. */
const COUPLING_FROM = 0.5

/**
 * A number that owes more messages than this pays for its resends on the ranges too: the first of a session and two
 * resends leave no more free ones, even decayed over a session. Else one block bears `hard` times its own line of
 * every number in it.
 */
export const FREE_RESEND_DEBT = 2.5

/**
 * A session carries its later messages from this age on, ms. Of two that are asked for at once each pays for itself: the
 * other may only be reserved yet, be refused and leave nothing on the ranges. Sessions begin on whole seconds, so this
 * is one to two seconds.
 */
export const CARRIES_FROM_MS = 2 * SECOND

/**
 * On how many ranges, from the narrowest, the first message of the number's open session stands for later ones: all; of one
 * that failed those that bear it all the same; none once a code of it was entered, for then the ranges have earned it.
 */
export function rangesCarried({
  sessionAt,
  carriedAt,
  verifiedAt,
}: Pick<Gathered, 'sessionAt' | 'carriedAt' | 'verifiedAt'>): number {
  if (sessionAt === 0 || verifiedAt >= sessionAt) return 0
  return carriedAt > sessionAt ? operator : operator + 1
}

/** What one message asks of a line: its price on destination lines, one on the lines of its source. */
export const unitOf = (line: number, priceMicroUsd: number): number =>
  line < FIRST_SOURCE_LINE ? priceMicroUsd : 1

const hourly = (line: number, norms: Norms): number => {
  if (line === operator) return norms.operatorHourlyMicroUsd
  if (line === country) return norms.countryHourlyMicroUsd
  if (line === abroad) return norms.abroadHourlyMicroUsd
  return line === serviceLine ? norms.serviceHourlyMicroUsd : 0
}

const column = (): Float64Array => new Float64Array(LINES.length)
/**
 * One set of columns for all calls: a decision allocates no typed array (each costs 0.1 us). Whoever wants to keep
 * readings past the next decision copies them.
 */
const scratch: Readings = {
  asked: column(),
  cost: column(),
  limitFast: column(),
  limitSlow: column(),
  debtFast: column(),
  debtSlow: column(),
  closeFast: column(),
  closeSlow: column(),
  closed: new Uint8Array(LINES.length),
  weight: column(),
  utilisation: column(),
  narrow: new Uint8Array(0),
  wide: 0,
  binding: -1,
  kappa: 0,
}

/** Valid until the next call. */
export function readLines(
  facts: Pick<Facts, 'priceMicroUsd'> & { source: Pick<SourceFacts, 'hosting'> },
  service: CompiledService,
  query: Query,
  state: Gathered,
  norms: Norms,
  now: number,
): Readings {
  const n = LINES.length
  const { z, margin, sizeShare, hard } = service.policy
  const price = facts.priceMicroUsd
  const outside = query.keys[abroad] !== ''
  const hosting = facts.source.hosting
  const kappa = kappaOf(norms.pLow, margin)
  const r = scratch
  r.narrow = hosting ? service.narrowWhenHosting : service.narrow
  r.wide = 0
  r.binding = -1
  r.kappa = kappa
  const { asked, cost, limitFast, limitSlow, debtFast, debtSlow, weight, utilisation } = r
  const { closeFast, closeSlow, closed } = r
  const lines = state.lines
  const carried = now - state.sessionAt >= CARRIES_FROM_MS ? rangesCarried(state) : 0
  // wide destination lines first (they couple to the narrow ones), so: backwards
  for (let i = n - 1; i >= 0; i--) {
    if (query.keys[i] === '') {
      asked[i] = 0
      cost[i] = 0
      utilisation[i] = 0
      closed[i] = 0
      continue
    }
    const money = i < FIRST_SOURCE_LINE
    const unit = unitOf(i, price)
    asked[i] = unit
    // the first two resends in a session charge sources, country and budget again, but not the ranges
    cost[i] = i < carried && (debtFast[number] as number) < FREE_RESEND_DEBT ? 0 : unit
    const far = money ? outside : hosting
    let opening = (far ? service.openingOutside[i] : service.opening[i]) as number
    if (money && i >= operator) opening = Math.max(opening, sizeShare * hourly(i, norms))
    opening = Math.max(
      opening,
      ((far ? service.atLeastOutside[i] : service.atLeast[i]) as number) * unit,
    )
    const at = i * LINE_WIDTH
    const earnedFast = lines[at] as number
    const lostFast = lines[at + 1] as number
    const earnedSlow = lines[at + 2] as number
    const lostSlow = lines[at + 3] as number
    const reserved = lines[at + 4] as number
    // what one country verified says nothing of a flood into another: abroad, all in flight is debt
    const w = i === abroad ? 1 : inFlightWeight(trustOf(earnedSlow, lostSlow, unit))
    weight[i] = w
    const credit = i < operator ? kappa : kappa * SENDS_PER_UNVERIFIED
    let lf = limitOf(opening, earnedFast, credit, z, unit)
    let ls = limitOf(opening * SLOW_OPENING, earnedSlow, credit, z, unit)
    const df = lostFast + reserved * w
    const ds = lostSlow + reserved * w
    const ridden = RIDDEN_LINES[i] === 1
    const cf = closingOf(opening, lf, hard, ridden)
    const cs = closingOf(opening * SLOW_OPENING, ls, hard, ridden)
    const shut = df + unit > cf || ds + unit > cs
    let u = Math.max((df + unit) / lf, (ds + unit) / ls)
    // a resend that a range is not charged for meets it only where the range is closed: not even to these numbers then
    if (cost[i] === 0 && !shut) u = 0
    // a country's filling line shrinks the openings of cold ranges under it, down to one outstanding message: more is
    // asked to prove itself; only what looks like pumping meets a closed line sooner
    if (i < operator && u > 0 && !shut && r.wide > COUPLING_FROM) {
      const less = opening - Math.max(unit, opening / (1 + r.wide - COUPLING_FROM))
      if (less > 0) {
        lf -= less
        ls -= less * SLOW_OPENING
        u = Math.min(hard, Math.max((df + unit) / lf, (ds + unit) / ls))
      }
    }
    limitFast[i] = lf
    limitSlow[i] = ls
    debtFast[i] = df
    debtSlow[i] = ds
    closeFast[i] = cf
    closeSlow[i] = cs
    closed[i] = shut ? 1 : 0
    utilisation[i] = u
    if (money && i >= operator && u > r.wide) r.wide = u
    if (r.binding < 0 || u > (utilisation[r.binding] as number)) r.binding = i
  }
  return r
}
