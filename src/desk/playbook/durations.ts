import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import { type KeptMeasure, sameTarget } from './kept-measure.js'

const FIRST_MS = HOUR
export const SHORTEST_MS = 5 * MINUTE
export const LONGEST_MS = 7 * DAY
/** A target that is measured again within this time of its last measure is measured for twice as long. */
const AGAIN_MS = DAY

/**
 * How long a measure lasts when nobody says: an hour, twice as long as the last time where the same target was measured
 * within a day before. What was undone was a mistake and lengthens nothing.
 * @param past measures of any target, in any order
 */
export function usualDuration(
  target: KeptMeasure['target'],
  past: readonly KeptMeasure[],
  now: number,
): number {
  let last: KeptMeasure | null = null
  for (const measure of past) {
    if (!sameTarget(measure.target, target) || measure.endedAs === 'undone') continue
    if (Math.min(measure.until, measure.endedAt ?? measure.until) < now - AGAIN_MS) continue
    if (last === null || measure.startedAt > last.startedAt) last = measure
  }
  return last === null ? FIRST_MS : Math.min(LONGEST_MS, 2 * last.durationMs)
}
