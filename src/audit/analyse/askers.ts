import { DAY_S } from './season.js'
import type { Stretch, Traffic } from './traffic.js'

/** One number signs in so often a day: at home, at work, on the way and twice by mistake. More is no person's habit. */
const HABIT_PER_DAY = 5

/**
 * Sessions of one block that surprise: each number once, for whoever signs in by code comes back, and of a number what
 * exceeds a person's habit. Masked numbers look alike, so all their sessions count.
 */
export function askersOf(t: Traffic, { from, to }: Stretch): number {
  if (t.masked || to - from < 2) return to - from
  const seconds = (t.second[to - 1] as number) - (t.second[from] as number)
  const habit = HABIT_PER_DAY * Math.ceil((seconds + 1) / DAY_S)
  const sessionsOf = new Map<number, number>()
  let askers = 0
  for (let i = from; i < to; i++) {
    const number = t.last[i] as number
    const before = sessionsOf.get(number) ?? 0
    sessionsOf.set(number, before + 1)
    if (before === 0 || before >= habit) askers++
  }
  return askers
}
