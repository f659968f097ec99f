import type { DailyReport, DailySources } from '../../report/daily.js'
import type { MonthlyReport } from '../../report/monthly.js'

export interface ReportLine {
  id: string
  kind: 'daily' | 'monthly'
  /** date or month */
  of: string
  sends: number
  conversion: number | null
  spendMicroUsd: number
  wastedMicroUsd: number
  savedMicroUsd: number
  incidents: number
  madeAt: number
}

export interface ReportsView {
  rows: ReportLine[]
  next: string | null
  timeZone: string
}

export type ReportView =
  | {
      kind: 'daily'
      report: DailyReport
      /** numbers masked for viewers; `null` when they were deleted with their requests */
      sources: DailySources | null
      /** of a day that is not over, or was not kept */
      preview: boolean
    }
  | { kind: 'monthly'; report: MonthlyReport }
