import type { KeptMeasure } from '../../desk/playbook/kept-measure.js'
import { AUTOMATIC } from '../../desk/playbook/kept-measure.js'
import { targetLabel } from '../../desk/playbook/read-target.js'
import type { Target } from '../../engine/measures.js'
import type { MeasureView, TargetView } from './playbook-view.js'

export const showTarget = (target: Target, full: boolean): TargetView => ({
  kind: target.kind,
  key: full ? target.key : targetLabel(target),
  service: target.service,
})

/** @param full numbers in full: not for viewers */
export const showMeasure = (measure: KeptMeasure, full: boolean): MeasureView => ({
  id: measure.id,
  target: showTarget(measure.target, full),
  action: measure.action,
  limit: measure.limit,
  startedAt: measure.startedAt,
  until: measure.until,
  by: measure.by.name,
  automatic: measure.by.id === AUTOMATIC.id,
  incidentId: measure.incidentId,
  note: measure.note,
  endedAt: measure.endedAt,
  endedAs: measure.endedAs,
  endedBy: measure.endedBy?.name ?? null,
})
