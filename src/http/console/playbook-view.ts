import type { MeasureAction, TargetKind } from '../../engine/measures.js'

export interface TargetView {
  kind: TargetKind
  /** a whole number is masked for viewers */
  key: string
  /** `null`: in every service */
  service: string | null
}

export interface MeasureView {
  id: string
  target: TargetView
  action: MeasureAction
  /** messages an hour, of a throttle */
  limit: number | null
  startedAt: number
  until: number
  by: string
  automatic: boolean
  incidentId: string | null
  note: string | null
  endedAt: number | null
  endedAs: 'over' | 'undone' | 'replaced' | null
  endedBy: string | null
}

export interface PlaybookView {
  inForce: MeasureView[]
  /** ranges that the detector itself takes no messages for, and when the last of them ends, Unix ms */
  quarantined: number
  quarantinedUntil: number
}

export interface PastMeasuresView {
  rows: MeasureView[]
  next: string | null
}

/** What a measure would have done to the requests of the last hour. Money in micro-USD. */
export interface PreviewView {
  target: TargetView
  action: MeasureAction
  /** actions that this kind of target can have */
  actions: MeasureAction[]
  /** as long as it lasts unless somebody says otherwise, ms */
  durationMs: number
  from: number
  to: number
  /** `false`: there were more requests, and the newest of them were looked at */
  complete: boolean
  requests: number
  stopped: number
  verified: number
  savedMicroUsd: number
  freed: number
  stoppedAlready: number
  verifiedInAll: number
  share: number | null
  /** what has to be typed to order it; `null`: nothing */
  confirm: string | null
  /** services where it would be recorded and refuse nobody */
  monitors: string[]
  /** messages an hour that a throttle would let pass */
  limit: number | null
  /** requests of a usual day's busiest hour, of a throttle; `null` while that is not known */
  usualPeak: number | null
}
