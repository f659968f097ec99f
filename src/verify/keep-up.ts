import type { Leader } from '../cluster/leader.js'
import { DAY, MINUTE, SECOND } from '../engine/units.js'
import type { Ledger } from '../ledger/port.js'
import { createRetention, type RetentionAges } from './retention.js'
import type { Gate } from './types.js'
import { startUpkeep, type UpkeepJob } from './upkeep.js'

export interface UpkeepOptions {
  /** maturity and expiry, ms. @default 1 s */
  tickMs?: number
  /** snapshot of the lines, ms. @default 1 min */
  saveMs?: number
  /** ages at which records are deleted, ms. @default requests 90 days, verifications 30 days */
  retention?: RetentionAges
  /** what a clock that was set is told by, ms: as fast as the clock, and never set. @default performance.now */
  monotonic?: () => number
}

const DEFAULT_RETENTION: RetentionAges = { requests: 90 * DAY, verifications: 30 * DAY }

/** What a gate does by the clock. @returns stops it all and waits for what is at work */
export function keepUp(
  { tickMs = SECOND, saveMs = MINUTE, retention = DEFAULT_RETENTION, ...time }: UpkeepOptions,
  parts: {
    gate: Gate
    ledger: Ledger
    leader: Leader
    save: () => Promise<void>
    clock: () => number
    onError: (error: Error) => void
    more: readonly UpkeepJob[]
  },
): () => Promise<void> {
  const { gate, ledger, leader, save, clock, onError, more } = parts
  return startUpkeep(
    [
      { everyMs: tickMs, run: () => gate.tick() },
      { everyMs: saveMs, run: save },
      createRetention({ ledger, ages: retention, leads: leader.leads, clock, ...time }),
      ...more,
    ],
    onError,
  )
}
