import type { Skipped } from '../audit-result.js'

/** Rows of the logs that are not in the figures; what was skipped of a file of outcomes is no message. */
export const leftOut = (skipped: readonly Skipped[]): number =>
  skipped.reduce((sum, { why, rows }) => (why.startsWith('outcomes_') ? sum : sum + rows), 0)
