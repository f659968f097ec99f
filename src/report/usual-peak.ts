import { median } from '../engine/median.js'
import { DAY, HOUR } from '../engine/units.js'

/** Days that are looked back at, and hours of them that must be known before anything is usual. */
export const USUAL_DAYS = 7
const LEAST_HOURS = 24
/** Slots of five minutes in an hour. */
const SLOTS = 12

export interface UsualPeak {
  /** requests of a usual day's busiest hour */
  hourly: number
  /** requests of that hour's busiest five minutes */
  fiveMinutes: number
  /** days it was learned from */
  days: number
}

/**
 * The usual peak: the busiest hour of each of the last seven days, and of those the median, so that one day of an attack
 * moves nothing. Its busiest five minutes are a twelfth of it and three standard deviations of a Poisson count.
 *
 * @param hours requests by hour, of any order; buckets without requests may be missing
 * @param now Unix ms
 * @returns `null` while less than a day is known
 */
export function usualPeak(
  hours: Iterable<{ at: number; requests: number }>,
  now: number,
): UsualPeak | null {
  const end = Math.floor(now / HOUR) * HOUR
  const busiest = new Map<number, number>()
  let first = end
  for (const { at, requests } of hours) {
    if (at >= end || at < end - USUAL_DAYS * DAY || requests === 0) continue
    first = Math.min(first, at)
    const day = Math.floor((end - 1 - at) / DAY)
    busiest.set(day, Math.max(busiest.get(day) ?? 0, requests))
  }
  if (end - first < LEAST_HOURS * HOUR) return null
  const hourly = median([...busiest.values()])
  const mean = hourly / SLOTS
  return { hourly, fiveMinutes: mean + 3 * Math.sqrt(mean), days: busiest.size }
}
