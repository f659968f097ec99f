import type { CapView } from '../../desk/alert/evaluate.js'
import type { InvoiceCheck } from '../../desk/reports/check-invoice.js'
import type { CostOfMonth } from '../../desk/reports/success-costs.js'
import type { Forecast } from '../../report/forecast.js'
import type { MoneyOfMonth } from '../../report/money.js'

/** The Money page: a month, UTC. Micro-USD. */
export interface MoneyView extends MoneyOfMonth {
  /** months with traffic, newest first */
  months: string[]
  /** of the current month: what is spent when it ends; `null` while nothing can be said */
  forecast: Forecast | null
  /** of the policy in force, with what is used now and, for months, at the end */
  caps: (CapView & { forecastMicroUsd: number | null })[]
  costs: CostOfMonth[]
}

export type InvoiceView = InvoiceCheck & { file: string }
