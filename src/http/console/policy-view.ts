import type { BacktestProgress, BacktestResult } from '../../desk/backtest/backtest-result.js'

/** One thing wrong with the text, as the editor marks it. */
export interface PolicyProblemView {
  line: number
  column: number
  path: string
  message: string
  hint: string
}

export interface DifferenceView {
  path: string
  before: string | null
  after: string | null
}

/** Where a setting comes from. */
export interface OriginView {
  from: 'built-in' | 'defaults' | 'service'
  line: number | null
}

/** Everything that is in effect in one block of the file: `defaults`, or a service. */
export interface ScopeView {
  name: string
  /** where its own settings stand: `['defaults']` or `['services', name]` */
  path: string[]
  /** in the file's words: `10m`, `50.00 USD` */
  settings: Record<string, unknown>
  /** by path below the block; lists as a whole */
  origins: Record<string, OriginView>
}

export interface LossView {
  hourMicroUsd: number
  dayMicroUsd: number
}

/** The most that an attacker who verifies nothing can make a service spend. */
export interface BoundView {
  service: string
  mode: string
  all: LossView
  abroad: LossView | null
  /** markets and the dearest others */
  countries: { country: string; market: boolean; dayMicroUsd: number }[]
}

/** What a text means. */
export type PolicyCheckView =
  | { ok: false; errors: PolicyProblemView[] }
  | {
      ok: true
      /** in effect, against what is in force */
      differences: DifferenceView[]
      scopes: ScopeView[]
      otherServices: 'default' | 'deny'
      bounds: BoundView[]
    }

export interface VersionView {
  version: number
  at: number
  by: string
  /** a person's name, or what wrote it */
  byName: string
  note: string | null
}

export interface PolicyView extends VersionView {
  /** `null`: it was given by a program as an object and there is no text of it */
  text: string | null
  /** nobody has written it: the text is a beginning that says the same */
  builtIn: boolean
  /** publishing writes this file */
  file: string | null
  check: PolicyCheckView | null
  /** a replay that runs */
  replay: string | null
}

export interface VersionsView {
  versions: VersionView[]
  /** there are older ones than are shown */
  more: boolean
}

export interface VersionDetailView extends VersionView {
  text: string | null
  /** against the version before */
  differences: DifferenceView[]
  previousText: string | null
}

export interface ImpactView {
  requests: number
  since: number
  refusedNow: number
  refusedThen: number
  peopleNow: number
  peopleThen: number
}

export type PublishedView =
  | { ok: true; version: number }
  | { ok: false; why: 'invalid'; errors: PolicyProblemView[] }
  | { ok: false; why: 'unchanged' }
  | {
      ok: false
      why: 'conflict'
      theirs: VersionView
      theirText: string
      changed: DifferenceView[]
      merged: string | null
      overlaps: string[]
    }
  | { ok: false; why: 'warning'; warning: string; impact: ImpactView; phrase: string }
  | { ok: false; why: 'file'; message: string }

export interface ReplayView {
  id: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  startedAt: number
  from: number
  to: number
  enforce: boolean
  /** SHA-256 of the text, hex */
  textHash: string
  progress: BacktestProgress | null
  result: BacktestResult | null
  error: string | null
}
