import type { AnalysisState } from '../../desk/incidents/analysis-state.js'
import type { BoundBy, Findings, MoneyPoint } from '../../desk/incidents/findings.js'
import type { IncidentNote, TimelineEntry } from '../../desk/incidents/kept-incident.js'
import type { Incident, NamedRange, NamedSource } from '../../engine/detect/change.js'
import type { MeasureView } from './playbook-view.js'

/** An incident in a list. Money in micro-USD. */
export interface IncidentRow
  extends Pick<
    Incident,
    | 'id'
    | 'kind'
    | 'state'
    | 'service'
    | 'countries'
    | 'firstSendAt'
    | 'openedAt'
    | 'containedAt'
    | 'closedAt'
    | 'closedAs'
    | 'lostMicroUsd'
    | 'savedMicroUsd'
    | 'refusedNumbers'
    | 'falsePositives'
  > {
  /** ranges it names */
  ranges: number
  /** first ranges, for people who know theirs */
  topRanges: string[]
  /** measures in force that were ordered for it */
  measures: number
}

export interface IncidentsView {
  running: IncidentRow[]
  rows: IncidentRow[]
  next: string | null
}

export interface IncidentRange extends NamedRange {
  requests: number
  sends: number
  denied: number
  challenged: number
  spendMicroUsd: number
  lostMicroUsd: number
  savedMicroUsd: number
  /** what is in force on it by the playbook */
  measures: MeasureView[]
}

export interface IncidentView extends IncidentRow {
  /** the range as the detector names it, with its tallies since the hour of the first send */
  rangeRows: IncidentRange[]
  sources: NamedSource[]
  timeline: TimelineEntry[]
  notes: IncidentNote[]
  findings: Omit<Findings, 'boundBy'> & { boundBy: (BoundBy & { sentence: string })[] }
  /** `false`: the findings are of a part of its requests */
  complete: boolean
  money: { period: 'minute' | 'hour' | 'day'; points: MoneyPoint[] }
  measureRows: MeasureView[]
  analysis: AnalysisState
  /** the service is in monitor mode: nothing is refused */
  monitor: boolean
}
