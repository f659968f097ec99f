import type { DeskParts } from '../parts.js'

/** Recorded traffic of this ledger under another policy. */
export function createBacktest(parts: DeskParts) {
  return { parts }
}

export type Backtest = ReturnType<typeof createBacktest>
