export type ReviewAnswer = 'approve' | 'refuse'

/** What became of a held request. */
export type ReviewState =
  | 'waiting'
  /** decided anew and let through */
  | 'approved'
  /** approved, and refused by something that no person answers */
  | 'denied'
  | 'refused'
  /** nobody answered in time */
  | 'expired'
