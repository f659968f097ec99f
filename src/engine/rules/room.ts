import { FIRST_SOURCE_LINE, SUBJECT_INDEX } from '../compile.js'
import { LINES, type Subject } from '../policy.js'
import { LINE_WIDTH } from '../state.js'
import type { RuleContext } from './context.js'

const { number } = SUBJECT_INDEX

/**
 * What a source has earned widens its counts: each verified send gives its own unit back and pays for kappa
 * unverified ones. This is what lets two hundred phones behind one carrier-grade NAT pass a limit of ten.
 */
export function earnedRoom({ state, readings }: RuleContext, subject: Subject): number {
  const i = SUBJECT_INDEX[subject]
  if (i < FIRST_SOURCE_LINE || i === number || i >= LINES.length) return 0
  return (1 + readings.kappa) * (state.lines[i * LINE_WIDTH] ?? 0)
}
