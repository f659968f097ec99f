import type { ReasonCode } from './reasons.js'
import type { Evidence } from './signals/weigh.js'

export const VERDICTS = ['allow', 'challenge', 'hold', 'deny'] as const
/** `deny > hold > challenge > allow`: the reduction takes the strongest. */
export type Verdict = (typeof VERDICTS)[number]
export type Mode = 'monitor' | 'enforce'

/** One entry of the closed catalogue (`reasons.ts`), with the figures that made it fire. */
export interface Reason {
  code: ReasonCode
  /** what this reason alone asks for */
  verdict: Verdict
  /** key it speaks of: a range, an IP, a country ...; never a full phone number */
  subject: string
  /** observed value in `unit`; `null` where the reason is a plain fact */
  observed: number | null
  limit: number | null
  unit: 'micro_usd' | 'messages' | 'requests' | 'numbers' | 'countries' | 'score' | null
  windowMs: number | null
  /** when it is expected to end by itself, Unix ms; `null` when it does not end by waiting */
  until: number | null
}

export interface Decision {
  /** what is enforced; always 'allow' or 'deny' (numbers that cannot be sent to) in monitor mode */
  verdict: Verdict
  /** what enforce mode would have said; equals `verdict` in enforce mode */
  would: Verdict
  mode: Mode
  /** 0 to 100: calibrated probability that this request is part of pumping */
  score: number
  /** what the score is made of, strongest first */
  evidence: readonly Evidence[]
  /** strongest first; the binding line first among equals */
  reasons: Reason[]
  /** highest utilisation over all lines, 1 = at its limit */
  utilisation: number
  /** earliest time at which the same request could pass, Unix ms; `null` when waiting does not help */
  retryAt: number | null
  /** the number passed on the known-good path (verified before, on its own lines) */
  knownGood: boolean
  /** decided without some of its state (store full or lost); the bound still holds */
  degraded: boolean
}
