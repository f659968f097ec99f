import type { RuleId, Severity } from './rules.js'

/** Something that is the case now, by one rule, for one key. */
export interface Finding {
  rule: RuleId
  /** what it is about; with the rule it names the alert */
  key: string
  severity: Severity
  /** a step within the same alert that is worth a message, such as 'contained'; '' without steps */
  phase: string
  /** one line, without full numbers */
  title: string
  /** further lines: amounts, ranges, thresholds */
  facts: string[]
  /** path of the console page to open */
  page: string
  service: string | null
  /** holds at least until then, whether or not it is found again. Unix ms */
  holdsUntil?: number
}

/** An alert as it is kept: fires once, is told again when it changes, and resolves. */
export interface Alarm extends Finding {
  /** stable over its life; names it at sinks that deduplicate */
  id: string
  state: 'firing' | 'resolved'
  /** Unix ms */
  firedAt: number
  /** when it was last not found any more, while it still fires */
  clearSince: number | null
  resolvedAt: number | null
  notifiedAt: number
}

const NOTICE_KINDS = ['firing', 'raised', 'update', 'reminder', 'resolved', 'test'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** What sinks are told of an alarm. */
export interface AlarmNotice {
  type: 'alarm'
  kind: NoticeKind
  /** Unix ms */
  at: number
  alarm: Alarm
}

/** What sinks that ask for reports are told. */
export interface ReportNotice {
  type: 'report'
  kind: 'daily' | 'monthly'
  at: number
  /** date or month of the report */
  of: string
  title: string
  /** plain text, a line each */
  lines: string[]
  page: string
}

export type Notice = AlarmNotice | ReportNotice
