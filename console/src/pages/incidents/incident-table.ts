import type { IncidentRow, IncidentsView } from '../../../../src/http/console/incidents-view'
import {
  type ExportColumn,
  type ExportedTable,
  exportTable,
  inUsd,
  inUtc,
} from '../../kit/export-table'

const COLUMNS: readonly ExportColumn<IncidentRow>[] = [
  ['incident', ({ id }) => id],
  ['kind', ({ kind }) => kind],
  ['state', ({ state }) => state],
  ['closed_as', ({ closedAs }) => closedAs],
  ['service', ({ service }) => service],
  ['countries', ({ countries }) => countries.join(' ')],
  ['first_message_utc', ({ firstSendAt }) => inUtc(firstSendAt)],
  ['opened_utc', ({ openedAt }) => inUtc(openedAt)],
  ['contained_utc', ({ containedAt }) => inUtc(containedAt)],
  ['closed_utc', ({ closedAt }) => inUtc(closedAt)],
  ['lost_usd', ({ lostMicroUsd }) => inUsd(lostMicroUsd)],
  ['saved_usd', ({ savedMicroUsd }) => inUsd(savedMicroUsd)],
  ['refused_numbers', ({ refusedNumbers }) => refusedNumbers],
  ['people_refused', ({ falsePositives }) => falsePositives],
  ['ranges', ({ ranges }) => ranges],
  ['top_ranges', ({ topRanges }) => topRanges.join(' ')],
]

/** Incidents for spreadsheets, the running ones first. */
export const incidentTable = (pages: readonly IncidentsView[]): ExportedTable =>
  exportTable(COLUMNS, [...(pages[0]?.running ?? []), ...pages.flatMap(({ rows }) => rows)])
