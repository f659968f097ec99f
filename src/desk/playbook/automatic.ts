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

/** The target that stands for a range of an incident; `null` for all of abroad, which is no range. */
export function targetOf({ level, key }: NamedRange, service: string): Target | null {
  if (level === 'abroad') return null
  const kind = level === 'operator' || level === 'country' ? level : 'range'
  return { kind, key, service }
}

/** What the policy orders for an incident as it stands. */
export function ordersFor(
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

/** The automatic playbook: each rule measures each range of an incident once. */
export function createAutomatic({ gate }: Pick<DeskParts, 'gate'>, playbook: Playbook) {
  const done = new Map<string, Set<string>>()

  return async function act(incident: Incident): Promise<void> {
    const rules = gate.policy.service(incident.service)?.policy.playbook.automatic ?? []
    if (rules.length === 0) return
    const had = done.get(incident.id) ?? new Set<string>()
    done.set(incident.id, had)
    const oldest = done.keys().next().value
    if (done.size > REMEMBERED && oldest !== undefined) done.delete(oldest)
    for (const { rule, target } of ordersFor(incident, rules)) {
      const { action, forMs } = rules[rule] as AutomaticMeasure
      const mark = `${rule} ${target.kind} ${target.key}`
      if (had.has(mark)) continue
      had.add(mark)
      await playbook.apply({
        target,
        action,
        durationMs: forMs,
        incidentId: incident.id,
        by: AUTOMATIC,
      })
    }
  }
}
