import type { Figures } from '../backtest/backtest-result.js'
import type { Proposal } from './proposals.js'

/** What a proposal would have done, to the incident and to the month before it. */
export interface Judged {
  id: Proposal['id']
  title: string
  cost: string
  yaml: string
  /** the same as edits of the policy file */
  edits: Proposal['settings']
  incident: { current: Figures; proposed: Figures }
  month: { current: Figures; proposed: Figures }
  /** share of the traffic of the month that was replayed, 0 to 1 */
  sampled: number
  assumptions: string[]
}

export interface Analysis {
  at: number
  /** version of the policy it was compared with */
  policyVersion: number
  judged: Judged[]
}

export type AnalysisState =
  | { state: 'none' }
  | { state: 'running'; done: number; of: number; share: number }
  | { state: 'failed'; why: string }
  | { state: 'done'; analysis: Analysis }
