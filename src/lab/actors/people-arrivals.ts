import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Random } from '../random.js'
import { draw, totals } from '../world/subscribers.js'
import { rhythmAt } from './attack/pace.js'

/** Sessions of a day of the week over the mean day, from Sunday: leisure at the weekend. An assumption; they add up to 7. */
const WEEK = [1.06, 0.97, 0.97, 0.97, 0.98, 1, 1.05] as const
/** The rate counts as constant for so long, ms. */
const STEP_MS = 5 * MINUTE

/** A country's part of the traffic. */
export interface Part {
  country: string
  /** sessions of a mean day */
  perDay: number
  utcOffsetHours: number
}

/** Rate of people of a clock over their mean, at a time (Unix ms). */
export function rhythm(at: number, utcOffsetHours: number): number {
  const local = at + utcOffsetHours * HOUR
  const day = (Math.floor(local / DAY) + 4) % 7
  return rhythmAt((local % DAY) / HOUR) * (WEEK[day] ?? 1)
}

/**
 * Who comes when: independent people (Poisson) of every country by its own clock.
 *
 * @param surge multiple of the usual rate at a time in a country
 */
export function createArrivals(
  parts: readonly Part[],
  from: number,
  to: number,
  surge: (at: number, country: string) => number,
  random: Random,
) {
  let now = from
  let stepEnd = from
  let sums = totals([])
  let perMs = 0

  function enter(step: number): void {
    const middle = step + STEP_MS / 2
    sums = totals(
      parts.map(
        ({ country, perDay, utcOffsetHours }) =>
          (perDay / DAY) * rhythm(middle, utcOffsetHours) * surge(middle, country),
      ),
    )
    perMs = sums[sums.length - 1] ?? 0
    stepEnd = step + STEP_MS
  }

  return {
    /** @returns time (whole Unix ms) and country of the next one; `null` at the end */
    next(): { at: number; country: string } | null {
      let left = random.exponential(1)
      for (;;) {
        if (now >= to) return null
        if (now >= stepEnd) enter(now)
        const within = perMs * (stepEnd - now)
        if (within >= left) {
          now += left / perMs
          const country = parts[draw(sums, random)]?.country
          if (country === undefined || now >= to) return null
          return { at: Math.floor(now), country }
        }
        left -= within
        now = stepEnd
      }
    },
  }
}
