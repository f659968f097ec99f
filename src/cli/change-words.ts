import type { Change } from '../engine/detect/change.js'

/** What a log line says of an incident, a quarantine or an outage. Ranges are prefixes, never full numbers. */
export function wordsOf(change: Change): Record<string, unknown> {
  const { type, event } = change
  if (type === 'outage') return { type, event, service: change.service, country: change.country }
  if (type === 'quarantine') {
    const { service, key, because, until } = change.quarantine
    return { type, event, service, range: key, because, until }
  }
  const { id, kind, service, countries, ranges, lostMicroUsd, savedMicroUsd } = change.incident
  return {
    type,
    event,
    id,
    kind,
    service,
    countries,
    ranges: ranges.slice(0, 10).map(({ key }) => key),
    lostMicroUsd,
    savedMicroUsd,
  }
}
