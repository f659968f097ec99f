/**
 * The line of credit: every formula of it, and nowhere else.
 *
 * A line has two time scales, fast (half-life 1 h) and slow (24 h, or 7 days on narrow destination lines), each with
 * what its sends earned (verified) and lost (matured without a verification), and one amount reserved by sends in
 * flight. Destination lines count micro-USD, source lines messages.
 */
import { HOUR } from './units.js'

export const FAST_HALF_LIFE_MS = HOUR
/** The slow scale opens with this many times the fast opening. */
export const SLOW_OPENING = 1.5
/** Verified messages a line needs for half of its trust, when it lost none. */
const TRUST_PRIOR_MESSAGES = 6
/** Share of what is in flight that full trust disregards. */
const TRUST_DISCOUNT = 0.95

/**
 * Messages an unverified session is charged on lines where resends count: about a third of people who got no code ask
 * again, some twice, while a verified session earns once.
 */
export const SENDS_PER_UNVERIFIED = 1.4

/** What is left of an amount after `ageMs`. A clock that steps back decays nothing. */
export const decay = (ageMs: number, halfLifeMs: number): number =>
  ageMs <= 0 ? 1 : Math.exp((-Math.LN2 * ageMs) / halfLifeMs)

/**
 * Unverified sends that one verified send pays for.
 * @param p baseline conversion, lower confidence bound, 0.40 to 0.90
 * @param margin over the break-even (1-p)/p
 */
export const kappaOf = (p: number, margin: number): number => (margin * (1 - p)) / p

/** Credit on one scale: opening, what was earned, and the room its chance fluctuation needs (z standard deviations). */
export const limitOf = (
  opening: number,
  earned: number,
  kappa: number,
  z: number,
  unit: number,
): number => {
  const credit = kappa * earned
  return opening + credit + z * Math.sqrt(credit * unit)
}

/**
 * Share over its limit that a line still gives to a solved challenge where strangers' verifications made the limit:
 * an attacker must not ride twice what real customers of other ranges earned.
 */
const RIDDEN_ZONE = 1.25

/**
 * Debt at which a line closes: `hard` times its limit; on lines whose credit strangers can ride, `hard` times what the
 * line opens with, or a little over the limit that was earned, whichever is more.
 */
export const closingOf = (opening: number, limit: number, hard: number, ridden: boolean): number =>
  ridden ? Math.max(hard * opening, Math.min(hard, RIDDEN_ZONE) * limit) : hard * limit

/** 0 for a line that verified nothing (or lost much), towards 1 for one that verifies. */
export const trustOf = (earnedSlow: number, lostSlow: number, unit: number): number =>
  // a number that cannot be sent to has no price: without a unit nothing was earned, and 0/0 would undo every limit
  earnedSlow > 0 ? earnedSlow / (earnedSlow + lostSlow + TRUST_PRIOR_MESSAGES * unit) : 0

/** Share of the reserved amount that counts as debt: a cold line counts what is in flight in full. */
export const inFlightWeight = (trust: number): number => 1 - TRUST_DISCOUNT * trust

/** Time until a debt has decayed to what leaves room for one more send within the opening, ms. */
export const freesAfter = (
  debt: number,
  opening: number,
  cost: number,
  halfLifeMs: number,
): number => {
  const room = Math.max(opening - cost, cost / 20)
  return debt <= room ? 0 : halfLifeMs * Math.log2(debt / room)
}

/**
 * Largest opening with which one line, never verified, cannot be made to lose more than `budget` in a day: it fills
 * its slow scale to `hard` times the limit and keeps it full while it decays.
 */
export const openingForDailyLoss = (
  budget: number,
  hard: number,
  slowHalfLifeMs: number,
  dayMs: number,
): number => budget / (hard * SLOW_OPENING * (1 + (Math.LN2 * dayMs) / slowHalfLifeMs))

/**
 * The most that can be lost in `spanMs` on one scale whose limit is `limit` throughout: it is filled to `hard` times
 * the limit at once, and kept full while it decays.
 */
export const scaleLoss = (
  limit: number,
  hard: number,
  halfLifeMs: number,
  spanMs: number,
): number => hard * limit * (1 + (Math.LN2 * spanMs) / halfLifeMs)

/** The most a line that never verifies can lose in `spanMs`: both scales hold. */
export const worstLoss = (
  opening: number,
  hard: number,
  slowHalfLifeMs: number,
  spanMs: number,
): number =>
  Math.min(
    scaleLoss(opening, hard, FAST_HALF_LIFE_MS, spanMs),
    scaleLoss(SLOW_OPENING * opening, hard, slowHalfLifeMs, spanMs),
  )
