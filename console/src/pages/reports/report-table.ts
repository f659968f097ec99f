import type { ReportLine, ReportsView } from '../../../../src/http/console/reports-view'
import {
  type ExportColumn,
  type ExportedTable,
  exportTable,
  inPercent,
  inUsd,
  inUtc,
} from '../../kit/export-table'

const COLUMNS: readonly ExportColumn<ReportLine>[] = [
  ['of', ({ of }) => of],
  ['messages', ({ sends }) => sends],
  ['conversion_percent', ({ conversion }) => inPercent(conversion)],
  ['spend_usd', ({ spendMicroUsd }) => inUsd(spendMicroUsd)],
  ['wasted_usd', ({ wastedMicroUsd }) => inUsd(wastedMicroUsd)],
  ['saved_usd', ({ savedMicroUsd }) => inUsd(savedMicroUsd)],
  ['incidents', ({ incidents }) => incidents],
  ['made_utc', ({ madeAt }) => inUtc(madeAt)],
]

/** The kept days or months for spreadsheets, a line each. */
export const reportTable = (pages: readonly ReportsView[]): ExportedTable =>
  exportTable(
    COLUMNS,
    pages.flatMap(({ rows }) => rows),
  )
