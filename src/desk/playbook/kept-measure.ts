import type { Measure } from '../../engine/measures.js'

/** Who orders: a person or key of the console, or the policy's automatic playbook. */
export interface Orderer {
  /** as in the audit log */
  id: string
  name: string
}

/** The automatic playbook, as the audit log and the console name it. */
export const AUTOMATIC: Orderer = { id: 'playbook', name: 'automatic playbook' }

export type MeasureEnd =
  /** its time was over */
  | 'over'
  | 'undone'
  /** another measure of the same target took its place */
  | 'replaced'

/** A measure as it is kept: the order, who gave it and how it ended. */
export interface KeptMeasure extends Measure {
  startedAt: number
  /** as it was ordered, ms; extensions lengthen `until` alone */
  durationMs: number
  by: Orderer
  /** incident it was ordered on; `null` for none */
  incidentId: string | null
  note: string | null
  endedAt: number | null
  endedAs: MeasureEnd | null
  endedBy: Orderer | null
}

/** `parent` of the documents: those in force are read at the start, the others page by page. */
export const IN_FORCE = 'in force'
export const PAST = 'past'

export const sameTarget = (a: Measure['target'], b: Measure['target']): boolean =>
  a.kind === b.kind && a.key === b.key && a.service === b.service
