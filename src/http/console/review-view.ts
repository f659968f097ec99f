import type { ReviewState } from '../../desk/review/review-state.js'

/** A held request that waits for a person. Money in micro-USD. */
export interface HeldView {
  /** id of the decision */
  id: string
  verificationId: string | null
  /** only a decision was asked for: the application polls for the answer */
  decideOnly: boolean
  at: number
  expiresAt: number
  service: string
  /** masked for viewers */
  number: string
  country: string
  operator: string
  ip: string | null
  asn: number | null
  deviceId: string | null
  accountId: string | null
  userAgent: string | null
  priceMicroUsd: number
  score: number
  reasons: { code: string; verdict: string; message: string }[]
}

export interface AnsweredView {
  id: string
  at: number
  service: string
  country: string
  number: string
  answer: 'approve' | 'refuse'
  state: ReviewState
  by: string
  reason: string | null
}

export interface ReviewView {
  held: HeldView[]
  /** `false`: there are more than were looked for */
  complete: boolean
}

export interface AnsweredPageView {
  rows: AnsweredView[]
  next: string | null
}
