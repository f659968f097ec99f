import type { Notice } from '../finding.js'
import type { Post, PostAnswer } from '../post.js'
import type { Severity } from '../rules.js'
import type { OpenSink } from '../sink.js'
import type { Words } from '../wording.js'

const SUMMARY = 1024

/**
 * An event of the Events API v2: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 * An alarm is one PagerDuty alert over its life by its `dedup_key`; resolving it twice does nothing.
 */
export interface PagerDutyEvent {
  routing_key: string
  event_action: 'trigger' | 'resolve'
  dedup_key: string
  payload?: {
    summary: string
    source: string
    severity: Severity
    timestamp: string
    component?: string
    class: string
    custom_details: Record<string, unknown>
  }
  client?: string
  client_url?: string
  links?: { href: string; text: string }[]
}

function pagerDutyEvent(
  routingKey: string,
  notice: Notice,
  { subject, lines, action, url }: Words,
): PagerDutyEvent {
  const isAlarm = notice.type === 'alarm'
  const dedup = isAlarm ? notice.alarm.id : `report.${notice.kind}@${notice.of}`
  if (isAlarm && notice.kind === 'resolved')
    return { routing_key: routingKey, event_action: 'resolve', dedup_key: dedup }
  const service = isAlarm ? notice.alarm.service : null
  return {
    routing_key: routingKey,
    event_action: 'trigger',
    dedup_key: dedup,
    payload: {
      summary: subject.slice(0, SUMMARY),
      source: 'tollgate',
      severity: isAlarm ? notice.alarm.severity : 'info',
      timestamp: new Date(notice.at).toISOString(),
      ...(service !== null && { component: service }),
      class: isAlarm ? notice.alarm.rule : `report.${notice.kind}`,
      custom_details: { details: lines, ...(action !== null && { what_to_do: action }) },
    },
    client: 'Tollgate',
    ...(url !== null && {
      client_url: url,
      links: [{ href: url, text: 'Open in Tollgate' }],
    }),
  }
}

export const toPagerDuty = (
  sink: OpenSink & { place: { type: 'pagerduty' } },
  notice: Notice,
  words: Words,
  post: Post,
): Promise<PostAnswer> =>
  post(sink.place.url, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(pagerDutyEvent(sink.secret ?? '', notice, words)),
  })
