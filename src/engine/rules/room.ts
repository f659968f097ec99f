import { FIRST_SOURCE_LINE, SUBJECT_INDEX } from '../compile.js'
import { LINES, type Subject } from '../policy.js'
import { LINE_WIDTH } from '../state.js'
import type { RuleContext } from './context.js'

const { number } = SUBJECT_INDEX

/** A success of an hour ago has decayed to half while its message still counts in full in an hourly window. */
const WINDOW_LAG = 2

/**
 * What a source has earned widens its counts: each verified send gives its own unit back and pays for kappa
 * unverified ones. This is what lets three hundred phones behind one carrier-grade NAT pass a limit of ten.
 */
export function earnedRoom({ state, readings }: RuleContext, subject: Subject): number {
  const i = SUBJECT_INDEX[subject]
  if (i < FIRST_SOURCE_LINE || i === number || i >= LINES.length) return 0
  return WINDOW_LAG * (1 + readings.kappa) * (state.lines[i * LINE_WIDTH] ?? 0)
}
