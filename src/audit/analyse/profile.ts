import { shrink } from '../../engine/detect/predictive.js'
import { addSession, concentrationOf, createSpread } from '../../engine/detect/spread.js'
import { median } from '../../engine/median.js'
import { createSeasonOf, DAY_S, type Season } from './season.js'
import { isKnown, SESSION } from './sessions.js'
import type { Stretch, Traffic } from './traffic.js'

/** Fewer outcomes say nothing of a conversion; of fewer such days or spans of days the wider range speaks. */
const DAY_OUTCOMES = 20
const ENOUGH_DAYS = 4
/** Sessions that the conversion of the wider range is worth. */
const WORTH = 40
/** Conversion is taken to lie within these, as the engine does; a log below them as a whole lowers the floor. */
export const LOWEST = 0.4
const HIGHEST = 0.98
/** Of a range's median absolute deviation, to a standard deviation of a normal law. */
const MAD_TO_SD = 1.4826

/** P(pumped) from which a session without an outcome is no person. */
export const EXPLAINED = 0.9

/** A range's people by time, without what was found to be pumped so far. */
export interface Profile {
  /** sessions of people per bin */
  people: Float64Array
  /** of those with an outcome, and verified ones */
  known: Float64Array
  verified: Float64Array
  /** sessions of people up to each bin: the clock by which its blocks are measured */
  until: Float64Array
  season: Season
  total: number
  knownTotal: number
  failedShare: number
}

export function profileOf(t: Traffic, stretches: readonly Stretch[]): Profile {
  const people = new Float64Array(t.bins)
  const known = new Float64Array(t.bins)
  const verified = new Float64Array(t.bins)
  let total = 0
  let knownTotal = 0
  let failed = 0
  for (const { from, to } of stretches) {
    for (let i = from; i < to; i++) {
      const pumped = t.pumped[i] as number
      const state = t.state[i] as number
      // what is surely pumped has been explained, and by counts its doubt would pass for people
      if (pumped >= EXPLAINED && !isKnown(state)) continue
      const weight = 1 - pumped
      if (weight <= 0) continue
      const bin = Math.floor((t.second[i] as number) / t.binS)
      people[bin] = (people[bin] as number) + weight
      total += weight
      if ((state & SESSION.failed) !== 0) failed += weight
      if (!isKnown(state)) continue
      knownTotal += weight
      known[bin] = (known[bin] as number) + weight
      if ((state & SESSION.verified) !== 0) verified[bin] = (verified[bin] as number) + weight
    }
  }
  const until = new Float64Array(t.bins + 1)
  for (let bin = 0; bin < t.bins; bin++) {
    until[bin + 1] = (until[bin] as number) + (people[bin] as number)
  }
  const season = createSeasonOf(people, DAY_S / t.binS, t.silent)
  const failedShare = failed / Math.max(1, total)
  return { people, known, verified, until, season, total, knownTotal, failedShare }
}

/** What a range's people usually verify. */
export interface Conversion {
  p: number
  /** standard deviation of p between days beyond chance */
  wobble: number
}

/**
 * Robust conversion: the median of its days, shrunk to the range above it. An attack that lasts less than half of the
 * days does not move it.
 * @param above conversion of the range above it
 * @param floor it is never taken to be less
 */
export function conversionOf(
  profile: Profile,
  perDay: number,
  above: number,
  floor = Math.min(LOWEST, 0.6 * above),
): Conversion {
  const { known, verified } = profile
  const days: number[] = []
  const sizes: number[] = []
  let n = 0
  let s = 0
  for (let bin = 0; bin < known.length; bin++) {
    n += known[bin] as number
    s += verified[bin] as number
    if ((bin + 1) % perDay !== 0 && bin + 1 < known.length) continue
    // quiet days are taken together until they say something
    if (n < DAY_OUTCOMES) continue
    days.push(s / n)
    sizes.push(n)
    n = 0
    s = 0
  }
  if (days.length < ENOUGH_DAYS)
    return { p: Math.min(HIGHEST, Math.max(floor, above)), wobble: 0.02 }
  const middle = median([...days])
  const p = shrink(above, WORTH, middle * profile.knownTotal, profile.knownTotal)
  const spread = MAD_TO_SD * median(days.map((x) => Math.abs(x - middle)))
  const chance = Math.sqrt((middle * (1 - middle)) / median(sizes))
  const wobble = Math.sqrt(Math.max(0, spread * spread - chance * chance))
  return { p: Math.min(HIGHEST, Math.max(floor, p)), wobble }
}

/** How alike the blocks of a range are: sessions that its conversion is worth as a prior of one of them. */
export function concentrationBetween(t: Traffic, blocks: Stretch, p: number): number {
  const spread = createSpread()
  for (let block = blocks.from; block < blocks.to; block++) {
    let sessions = 0
    let verified = 0
    for (let i = t.start[block] as number; i < (t.start[block + 1] as number); i++) {
      const state = t.state[i] as number
      if ((t.pumped[i] as number) > 0.5) continue
      if (!isKnown(state)) continue
      const success = (state & SESSION.verified) !== 0
      addSession(spread, success, verified, sessions, p)
      sessions++
      if (success) verified++
    }
  }
  return concentrationOf(spread)
}
