import type { CheckRow } from '../../report/checklist/row.js'

export type { CheckRow, Remedy } from '../../report/checklist/row.js'

export interface ChecklistView {
  rows: CheckRow[]
  /** version of the policy that was looked at */
  version: number
  at: number
}
