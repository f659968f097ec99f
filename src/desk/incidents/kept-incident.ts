import type { Incident } from '../../engine/detect/change.js'

const TIMELINE_EVENTS = [
  'first send',
  'opened',
  'reopened',
  'range added',
  'quarantine begun',
  'quarantine ended',
  'outage begun',
  'outage ended',
  'measure applied',
  'measure extended',
  'measure undone',
  'measure replaced',
  'measure over',
  'contained',
  'closed',
] as const
export type TimelineEvent = (typeof TIMELINE_EVENTS)[number]

export interface TimelineEntry {
  at: number
  event: TimelineEvent
  /** ranges or targets it speaks of, the first few */
  subjects: string[]
  /** of them in all */
  count: number
  /** who, where a person or the playbook did it */
  by: string | null
  detail: string | null
}

export interface IncidentNote {
  at: number
  by: string
  text: string
}

/** An incident as it is kept: the detector's figures as they were told last, and what people did about it. */
export interface KeptIncident extends Incident {
  timeline: TimelineEntry[]
  notes: IncidentNote[]
  updatedAt: number
}

/** Entries, notes and ranges that are kept of one incident: a document stays some 50 kB at most. */
export const MAX_ENTRIES = 200
export const MAX_NOTES = 100
export const MAX_RANGES = 250
/** Entries of one kind within this time are one. */
const TOGETHER_MS = 60_000
const SUBJECTS = 5

/** Adds an entry; the like of the last one joins it. The first entries, which say how it began, are never dropped. */
export function withEntry(
  timeline: readonly TimelineEntry[],
  entry: Omit<TimelineEntry, 'count'>,
): TimelineEntry[] {
  const last = timeline.at(-1)
  if (
    last !== undefined &&
    last.event === entry.event &&
    last.by === entry.by &&
    last.detail === entry.detail &&
    entry.at - last.at < TOGETHER_MS
  ) {
    const subjects = [...last.subjects, ...entry.subjects].slice(0, SUBJECTS)
    const joined = { ...last, subjects, count: last.count + entry.subjects.length }
    return [...timeline.slice(0, -1), joined]
  }
  const { subjects } = entry
  const added = [
    ...timeline,
    { ...entry, subjects: subjects.slice(0, SUBJECTS), count: subjects.length },
  ]
  const HEAD = 20
  return added.length <= MAX_ENTRIES
    ? added
    : [...added.slice(0, HEAD), ...added.slice(HEAD + added.length - MAX_ENTRIES)]
}
