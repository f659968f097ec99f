import { LIMIT_CHECKS } from './limits.js'
import { NUMBER_CHECKS } from './numbers.js'
import { READINESS_CHECKS } from './readiness.js'
import { CHECKS, type Check, type CheckId, type ChecklistFacts, type CheckRow } from './row.js'
import { RUNNING_CHECKS } from './running.js'
import { WATCHING_CHECKS } from './watching.js'

const ALL: Record<CheckId, Check> = {
  ...LIMIT_CHECKS,
  ...NUMBER_CHECKS,
  ...WATCHING_CHECKS,
  ...READINESS_CHECKS,
  ...RUNNING_CHECKS,
}

/** The protection checklist, evaluated on what is really configured. */
export const checklistOf = (facts: ChecklistFacts): CheckRow[] =>
  CHECKS.map((id) => {
    const { group, title, of } = ALL[id]
    return { id, group, title, ...of(facts) }
  })
