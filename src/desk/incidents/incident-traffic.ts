import type { Incident } from '../../engine/detect/change.js'
import type { ConsoleStore } from '../../ledger/console-port.js'
import type { RequestRow } from '../../ledger/rows.js'
import { targetOf } from '../playbook/automatic.js'
import { trafficOf } from '../playbook/target-traffic.js'

/** Pages of rows that are read for one answer, over all ranges. */
const PAGES = 24
/** Ranges that are looked into, those with most sends first. */
const MAX_RANGES = 24

export interface IncidentTraffic {
  /** oldest first */
  rows: RequestRow[]
  /** `false`: a part of it, the newest of each range */
  complete: boolean
}

/** End of an incident: its close, or now. */
export const endOf = ({ closedAt }: Pick<Incident, 'closedAt'>, now: number): number =>
  Math.min(closedAt ?? now, now)

/** Requests to the ranges of an incident while it ran; a bounded number of them. */
export async function incidentTraffic(
  ledger: Pick<ConsoleStore, 'search'>,
  incident: Incident,
  now: number,
): Promise<IncidentTraffic> {
  const { service, firstSendAt } = incident
  const ranges = [...incident.ranges].sort((a, b) => b.sent - a.sent)
  const targets = ranges
    .slice(0, MAX_RANGES)
    .flatMap((range) =>
      range.level === 'abroad'
        ? incident.countries.map((key) => ({ kind: 'country' as const, key, service }))
        : (targetOf(range, service) ?? []),
    )
    .slice(0, MAX_RANGES)
  const rows = new Map<string, RequestRow>()
  let complete = ranges.length <= MAX_RANGES
  const pages = Math.max(1, Math.floor(PAGES / Math.max(1, targets.length)))
  for (const target of targets) {
    const found = await trafficOf(ledger, target, firstSendAt, endOf(incident, now), pages)
    for (const row of found.rows) rows.set(row.id, row)
    complete &&= found.complete
  }
  return { rows: [...rows.values()].sort((a, b) => a.at - b.at), complete }
}
