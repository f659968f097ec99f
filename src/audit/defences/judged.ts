/** What the analysis says of every row of a log: the part of it that defences, costs and the policy are reckoned from. */
export interface Judged {
  /** per row: 0 fine, 1 unclear, 2 probably, 3 surely pumped */
  certainty: Uint8Array
  /** P(pumped) per row, 0 to 1 */
  probability: Float32Array
  /** rows by time */
  order: Uint32Array
}

/** Certainty from which a message counts as found: probably pumped. */
export const FOUND = 2
