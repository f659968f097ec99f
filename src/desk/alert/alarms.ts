import { HOUR, MINUTE } from '../../engine/units.js'
import type { Alarm, AlarmNotice, Finding } from './finding.js'
import { atLeastSevere, type RuleId } from './rules.js'

/** A condition that wavers about its threshold must be gone so long before its alert resolves, ms. */
export const CLEAR_MS = 5 * MINUTE
/** An alert that goes on is told again, ms. */
export const REMIND_MS = 4 * HOUR
/** Conditions that are told by events and do not waver resolve at once. */
const SURE: ReadonlySet<RuleId> = new Set(['incident.attack', 'incident.outage', 'measure.applied'])

export const alarmKey = ({ rule, key }: Pick<Finding, 'rule' | 'key'>): string => `${rule}:${key}`

export interface Step {
  /** alarms that changed and are to be kept */
  changed: Alarm[]
  notices: AlarmNotice[]
}

/**
 * One step of all alerts: what is found now against what fires already. Each rule and key has one alert.
 *
 * @param firing alarms that fire, by `alarmKey`
 * @param judged rules that could be judged this time; alarms of others stay as they are
 */
export function stepAlarms(
  firing: ReadonlyMap<string, Alarm>,
  findings: readonly Finding[],
  judged: ReadonlySet<RuleId>,
  now: number,
): Step {
  const step: Step = { changed: [], notices: [] }
  const found = new Map(findings.map((finding) => [alarmKey(finding), finding]))
  const tell = (kind: AlarmNotice['kind'], alarm: Alarm): void => {
    step.notices.push({ type: 'alarm', kind, at: now, alarm })
  }

  for (const [key, finding] of found) {
    const before = firing.get(key)
    if (before === undefined) {
      const alarm: Alarm = {
        ...finding,
        id: `${key}@${now}`,
        state: 'firing',
        firedAt: now,
        clearSince: null,
        resolvedAt: null,
        notifiedAt: now,
      }
      step.changed.push(alarm)
      tell('firing', alarm)
      continue
    }
    const { id, state, firedAt, resolvedAt } = before
    const raised =
      finding.severity !== before.severity && atLeastSevere(finding.severity, before.severity)
    const kind = raised
      ? 'raised'
      : finding.phase !== before.phase
        ? 'update'
        : now - before.notifiedAt >= REMIND_MS
          ? 'reminder'
          : null
    const notifiedAt = kind === null ? before.notifiedAt : now
    const alarm = { ...finding, id, state, firedAt, resolvedAt, notifiedAt, clearSince: null }
    if (kind !== null || before.clearSince !== null || saysOther(before, finding))
      step.changed.push(alarm)
    if (kind !== null) tell(kind, alarm)
  }

  for (const [key, before] of firing) {
    if (found.has(key) || !judged.has(before.rule)) continue
    if (before.holdsUntil !== undefined && before.holdsUntil > now) continue
    const clearSince = before.clearSince ?? now
    if (now - clearSince < (SURE.has(before.rule) ? 0 : CLEAR_MS)) {
      if (before.clearSince === null) step.changed.push({ ...before, clearSince })
      continue
    }
    const alarm: Alarm = { ...before, clearSince, state: 'resolved', resolvedAt: now }
    step.changed.push(alarm)
    tell('resolved', alarm)
  }
  return step
}

const saysOther = (a: Finding, b: Finding): boolean =>
  a.title !== b.title || a.severity !== b.severity || a.facts.join() !== b.facts.join()
