import type { AuditEntryView } from '../../../../src/http/console/access-view'
import { type ExportColumn, inUtc } from '../../kit/export-table'
import { actionWords } from './action-words'
import { detailWords } from './detail-words'

/** The audit log for spreadsheets: the entries of the page. */
export const AUDIT_COLUMNS: readonly ExportColumn<AuditEntryView>[] = [
  ['entry', ({ seq }) => seq],
  ['at_utc', ({ at }) => inUtc(at)],
  ['action', ({ action }) => action],
  ['what', ({ action }) => actionWords(action)],
  ['actor', ({ actor }) => actor],
  ['actor_name', ({ actorName }) => actorName],
  ['target', ({ target }) => target],
  ['target_name', ({ targetName }) => targetName],
  ['detail', ({ detail }) => detailWords(detail)],
]
