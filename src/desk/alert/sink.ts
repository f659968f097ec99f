import type { QuietHours } from './quiet-hours.js'
import type { Severity } from './rules.js'

const SINK_TYPES = ['slack', 'email', 'pagerduty', 'webhook'] as const
export type SinkType = (typeof SINK_TYPES)[number]

/** Where a sink is, without its secrets. */
export type SinkPlace =
  /** the URL of an incoming webhook is its secret */
  | { type: 'slack' }
  | {
      type: 'email'
      host: string
      port: number
      /** `tls` from the first byte; `starttls` or nothing; `none`: for a relay on the same machine */
      security: 'tls' | 'starttls' | 'none'
      user: string | null
      from: string
      to: string[]
    }
  | { type: 'pagerduty'; url: string }
  | { type: 'webhook'; url: string }

/** A sink as it is kept. */
export interface Sink {
  name: string
  enabled: boolean
  place: SinkPlace
  /** webhook URL, SMTP password, routing key or signing secret, sealed; `null`: there is none */
  secret: string | null
  /** the secret before it, sealed: messages are signed with it too until this time, Unix ms */
  former?: { secret: string; until: number }
  minimum: Severity
  quiet: QuietHours | null
  reports: ('daily' | 'monthly')[]
  createdAt: number
}

/** With its secret open, to deliver with. Never leaves the server. */
export interface OpenSink extends Omit<Sink, 'secret' | 'former'> {
  id: string
  secret: string | null
  /** the secret before it, while receivers may still know no other */
  former?: string
}

/** What deliveries need to know, beside the message. */
export interface Delivery {
  /** the same over retries, for receivers that drop what they have seen */
  id: string
  /** Unix ms of this attempt */
  at: number
}
