import type { Incident, NamedRange, RangeLevel } from '../../engine/detect/change.js'
import type { Target } from '../../engine/measures.js'
import type { AutomaticMeasure } from '../../engine/policy.js'
import type { DeskParts } from '../parts.js'
import { AUTOMATIC } from './kept-measure.js'
import type { Playbook } from './playbook.js'

const DEPTH: Record<RangeLevel, number> = {
  subBlock: 0,
  block: 1,
  operator: 2,
  country: 3,
  abroad: 4,
}
/** Incidents whose measures are remembered: what people undo is not ordered again by the same incident. */
const REMEMBERED = 1_000
/** Past measures that are read back when an incident of an earlier process goes on. */
const READ_BACK = 500

/** The target that stands for a range of an incident; `null` for all of abroad, which is no range. */
export function targetOf({ level, key }: NamedRange, service: string): Target | null {
  if (level === 'abroad') return null
  const kind = level === 'operator' || level === 'country' ? level : 'range'
  return { kind, key, service }
}

/** What the policy orders for an incident as it stands. */
function ordersFor(
  { kind, state, service, lostMicroUsd, ranges }: Incident,
  rules: readonly AutomaticMeasure[],
): { rule: number; target: Target }[] {
  if (kind !== 'attack' || state === 'closed') return []
  return rules.flatMap(({ lostMicroUsd: from, widest }, rule) =>
    lostMicroUsd < from
      ? []
      : ranges.flatMap((range) => {
          const target = targetOf(range, service)
          return target === null || DEPTH[range.level] > DEPTH[widest] ? [] : [{ rule, target }]
        }),
  )
}

const markOf = (action: AutomaticMeasure['action'], { kind, key }: Target): string =>
  `${action} ${kind} ${key}`

/** The automatic playbook: each range of an incident gets an action once, whatever people do about it then. */
export function createAutomatic({ gate }: Pick<DeskParts, 'gate'>, playbook: Playbook) {
  const done = new Map<string, Set<string>>()

  /** What it has ordered on an incident; of an earlier process as far as the book is read back. */
  async function orderedOn(incidentId: string): Promise<Set<string>> {
    const known = done.get(incidentId)
    if (known !== undefined) return known
    const marks = new Set<string>()
    for (const measure of [...playbook.inForce(), ...(await playbook.past(READ_BACK))])
      if (measure.incidentId === incidentId && measure.by.id === AUTOMATIC.id)
        marks.add(markOf(measure.action as AutomaticMeasure['action'], measure.target))
    done.set(incidentId, marks)
    const oldest = done.keys().next().value
    if (done.size > REMEMBERED && oldest !== undefined) done.delete(oldest)
    return marks
  }

  return async function act(incident: Incident): Promise<void> {
    const rules = gate.policy.service(incident.service)?.policy.playbook.automatic ?? []
    if (rules.length === 0) return
    const had = await orderedOn(incident.id)
    for (const { rule, target } of ordersFor(incident, rules)) {
      const { action, forMs } = rules[rule] as AutomaticMeasure
      const mark = markOf(action, target)
      if (had.has(mark)) continue
      await playbook.apply({
        target,
        action,
        durationMs: forMs,
        incidentId: incident.id,
        by: AUTOMATIC,
      })
      // only now: what failed is ordered when the incident is told of again
      had.add(mark)
    }
  }
}
