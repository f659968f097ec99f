import type { DeliveryRecord } from '../../desk/alert/deliveries.js'
import type { Alarm } from '../../desk/alert/finding.js'
import type { Handed } from '../../desk/alert/hand-over.js'
import type { QuietHours } from '../../desk/alert/quiet-hours.js'
import type { Severity, Threshold } from '../../desk/alert/rules.js'
import type { SinkPlace } from '../../desk/alert/sink.js'

/** An alert: firing, or resolved. */
export type AlarmView = Omit<Alarm, 'clearSince' | 'holdsUntil'>

export interface AlertsView {
  firing: AlarmView[]
  /** newest first */
  past: AlarmView[]
}

/** A sink without its secret. */
export interface SinkView {
  id: string
  name: string
  enabled: boolean
  place: SinkPlace
  /** there is a secret; it is never shown */
  hasSecret: boolean
  /** messages are signed with the secret before it too until then, Unix ms; `null`: with this one alone */
  oldSecretUntil: number | null
  minimum: Severity
  quiet: QuietHours | null
  reports: ('daily' | 'monthly')[]
  createdAt: number
}

/** What the form of a sink sends. */
export interface SinkInput {
  name: string
  enabled: boolean
  place: SinkPlace
  /** absent: the one that is there stays; `null`: none */
  secret?: string | null
  minimum: Severity
  quiet: QuietHours | null
  reports: ('daily' | 'monthly')[]
}

/** Answer to a new or changed sink. `signingSecret` is shown this once. */
export interface SinkMade {
  sink: SinkView
  signingSecret: string | null
}

export type SinkTested = Handed

export interface DeliveryView {
  id: string
  sink: string
  sinkName: string
  title: string
  kind: string
  state: DeliveryRecord['state']
  attempts: number
  createdAt: number
  nextAt: number
  endedAt: number | null
  held: boolean
  answer: string | null
  status: number | null
}

export interface RuleView {
  id: string
  title: string
  when: string
  action: string
  enabled: boolean
  severity: Severity
  /** as in the catalogue */
  defaultSeverity: Severity
  thresholds: (Threshold & { value: number })[]
  changed: boolean
}

export interface RuleInput {
  enabled: boolean
  severity: Severity
  thresholds: Record<string, number>
}
