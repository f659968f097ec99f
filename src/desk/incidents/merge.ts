import type { Incident } from '../../engine/detect/change.js'
import { type KeptIncident, MAX_RANGES, type TimelineEntry, withEntry } from './kept-incident.js'

/** The detector's figures, with the ranges that carry most of them where there are too many to keep. */
function figures(incident: Incident): Incident {
  const { ranges } = incident
  if (ranges.length <= MAX_RANGES) return { ...incident }
  return { ...incident, ranges: [...ranges].sort((a, b) => b.sent - a.sent).slice(0, MAX_RANGES) }
}

/** What the detector says now, merged into what is kept. @param kept `null`: it is new */
export function merged(kept: KeptIncident | null, incident: Incident, now: number): KeptIncident {
  let timeline: TimelineEntry[] = kept?.timeline ?? []
  const add = (
    at: number,
    event: TimelineEntry['event'],
    subjects: string[] = [],
    detail: string | null = null,
  ): void => {
    timeline = withEntry(timeline, { at, event, subjects, by: null, detail })
  }
  if (kept === null) {
    add(incident.firstSendAt, 'first send', incident.countries)
    add(
      incident.openedAt,
      'opened',
      incident.ranges.map(({ key }) => key),
    )
  } else {
    const had = new Set(kept.ranges.map(({ key }) => key))
    const added = incident.ranges.flatMap(({ key }) => (had.has(key) ? [] : [key]))
    if (added.length > 0) add(now, 'range added', added)
    if (kept.state === 'contained' && incident.state === 'open') add(now, 'reopened')
  }
  const before = kept?.state ?? 'open'
  if (incident.containedAt !== null && (kept?.containedAt ?? null) !== incident.containedAt)
    add(incident.containedAt, 'contained')
  if (incident.state === 'closed' && before !== 'closed')
    add(incident.closedAt ?? now, 'closed', [], incident.closedAs)
  return { ...figures(incident), timeline, notes: kept?.notes ?? [], updatedAt: now }
}

/** The gateway was started again and its detector does not know of it any more. */
export function forgotten(kept: KeptIncident, now: number): KeptIncident {
  const detail = 'the gateway was restarted without its state: whether it went on is not known'
  const entry = { at: now, event: 'closed' as const, subjects: [], by: null, detail }
  return {
    ...kept,
    state: 'closed',
    closedAt: now,
    timeline: withEntry(kept.timeline, entry),
    updatedAt: now,
  }
}
