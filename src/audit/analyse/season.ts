import { median } from '../../engine/median.js'

/** Same weekdays around a day that stand for it, and days around it where the log is too short for those. */
const WEEKDAYS = [-21, -14, -7, 7, 14, 21] as const
const NEIGHBOURS = 10
const ENOUGH_WEEKDAYS = 4
export const DAY_S = 86_400

/** What usually comes: level of the day from the days around it, share of the bin from all days. */
export interface Season {
  /** sessions per day that the days around it suggest */
  level: Float64Array
  /** share of a day's sessions in each of its bins, sums to 1 */
  rhythm: Float64Array
  /** sessions usual from the first bin up to each */
  until: Float64Array
}

function levelOf(days: Float64Array, silent: Uint8Array | undefined, day: number): number {
  const seen = (offsets: readonly number[]): number[] => {
    const found: number[] = []
    for (const offset of offsets) {
      const value = days[day + offset]
      if (value !== undefined && silent?.[day + offset] !== 1) found.push(value)
    }
    return found
  }
  const weekdays = seen(WEEKDAYS)
  if (weekdays.length >= ENOUGH_WEEKDAYS) return median(weekdays)
  const near: number[] = []
  for (let offset = 1; offset <= NEIGHBOURS; offset++) near.push(-offset, offset)
  const around = seen(near)
  return around.length > 0 ? median(around) : (days[day] ?? 0)
}

/**
 * @param counts sessions per bin, from midnight
 * @param perDay bins of a day
 * @param silent days of which nothing was recorded say nothing of those around them
 */
export function createSeasonOf(counts: Float64Array, perDay: number, silent?: Uint8Array): Season {
  const count = Math.ceil(counts.length / perDay)
  const days = new Float64Array(count)
  const rhythm = new Float64Array(perDay)
  for (let bin = 0; bin < counts.length; bin++) {
    const day = Math.floor(bin / perDay)
    days[day] = (days[day] as number) + (counts[bin] as number)
  }
  // no day may shape the rhythm by more than three usual ones
  const usualDay = median([...days].filter((n) => n > 0))
  let total = 0
  for (let bin = 0; bin < counts.length; bin++) {
    const day = days[Math.floor(bin / perDay)] as number
    const n = (counts[bin] as number) * Math.min(1, (3 * usualDay) / Math.max(1e-9, day))
    rhythm[bin % perDay] = (rhythm[bin % perDay] as number) + n
    total += n
  }
  for (let i = 0; i < perDay; i++) {
    rhythm[i] = total > 0 ? (rhythm[i] as number) / total : 1 / perDay
  }
  const level = Float64Array.from(days, (_, day) => levelOf(days, silent, day))
  const until = new Float64Array(counts.length + 1)
  for (let bin = 0; bin < counts.length; bin++) {
    const share = rhythm[bin % perDay] as number
    until[bin + 1] = (until[bin] as number) + share * (level[Math.floor(bin / perDay)] as number)
  }
  return { level, rhythm, until }
}

/** Sum up to a second, linear within a bin. @param until sums up to each bin */
export function upTo(until: Float64Array, second: number, binS: number): number {
  const place = Math.min(until.length - 1, second / binS)
  const bin = Math.floor(place)
  const below = until[bin] as number
  return bin + 1 < until.length
    ? below + (place - bin) * ((until[bin + 1] as number) - below)
    : below
}
