import type { Policy } from '../../engine/policy.js'
import type { DeskParts } from '../parts.js'
import type { BacktestProgress, BacktestResult } from './backtest-result.js'

export interface BacktestOptions {
  /** the proposed policy */
  policy: Policy
  /** what it is compared with. @default the policy in force */
  against?: Policy
  /** Unix ms, [from, to) */
  from: number
  to: number
  /** only requests of this service */
  service?: string
  /** both policies as if they enforced what they say. @default false: as they are written */
  enforce?: boolean
  signal?: AbortSignal
  onProgress?: (progress: BacktestProgress) => void
}

/** Another replay is at work: one at a time, so that the gate keeps its processor. */
export class BacktestBusy extends Error {
  override readonly name = 'BacktestBusy'
  constructor() {
    super('another replay is running; wait for its end, or cancel it')
  }
}

/** Recorded traffic of this ledger under another policy. */
export function createBacktest(parts: DeskParts) {
  return {
    /**
     * Replays the requests of a time under the proposed policy and under the current one.
     * @throws BacktestBusy while another is running; the signal's reason when it is cancelled
     */
    async run(options: BacktestOptions): Promise<BacktestResult> {
      options.signal?.throwIfAborted()
      throw new Error(`not yet: ${parts.deployment.version}`)
    },
  }
}

export type Backtest = ReturnType<typeof createBacktest>
