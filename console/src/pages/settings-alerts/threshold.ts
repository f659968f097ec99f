import type { RuleView } from '../../../../src/http/console/alerts-view'
import { count, percent } from '../../kit'

type Threshold = RuleView['thresholds'][number]

/** A threshold as people read it. */
export function shownThreshold({ unit, value, says }: Threshold): string {
  if (unit === 'usd') return value === 0 ? 'no budget of a day' : `USD ${count(value)} ${says}`
  const shown = unit === 'share' ? percent(value) : unit === 'times' ? String(value) : count(value)
  return `${shown} ${says}`
}
