import type { Detector } from '../engine/detect/detector.js'
import type { Knowledge } from '../engine/knowledge.js'
import type { CreditState } from '../engine/settle.js'
import type { SendOutcome } from '../engine/state.js'
import { CONVERTED } from '../ledger/rows.js'
import { outcomeSeen, rangesOf, type Settling } from './seen.js'

/** What learns from traffic. */
export interface Learners {
  knowledge: Knowledge
  detector: Detector
  /** see `FactSources` */
  numberHash: (numberKey: string) => string
}

/** What a settlement says of the first send of a session; `null` when it says nothing new. */
export function outcomeOf(
  { charge, at }: Settling,
  from: CreditState,
  to: CreditState,
  now: number,
): SendOutcome | null {
  if (!charge.opensSession) return null
  if (to === 'earned')
    return { what: from === 'lost' ? 'late' : 'verified', delayMs: Math.max(1, now - at) }
  if (to === 'lost' && from === 'reserved') return { what: 'lost', delayMs: 0 }
  return to === 'failed' ? { what: 'failed', delayMs: 0 } : null
}

/** What the application said of a send after its code was entered; `null` when it said nothing. */
function labelOf(from: CreditState, to: CreditState): 'fraud' | 'genuine' | null {
  if (to === 'activated') return 'genuine'
  return to === 'lost' && (from === 'earned' || from === 'activated') ? 'fraud' : null
}

/** One settlement, for everything that learns. @param outcome of `outcomeOf` */
export function learnSettled(
  { knowledge, detector, numberHash }: Learners,
  what: Settling,
  { from, to, outcome }: { from: CreditState; to: CreditState; outcome: SendOutcome | null },
  now: number,
): void {
  const { charge, service, country, operatorRange, at: sentAt } = what
  const hashed = numberHash(charge.numberKey)
  if (!charge.opensSession || charge.lines.length === 0) {
    const became = CONVERTED.includes(to) ? 'verified' : to === 'released' ? 'unsent' : 'lost'
    detector.settled({ service, numberHash: hashed, sentAt, became })
  }
  const label = labelOf(from, to)
  if (label !== null && charge.seen !== null) knowledge.labelled(service, charge.seen, label, now)
  const ranges = rangesOf(what)
  if (to === 'released' && charge.opensSession && ranges !== null)
    detector.unsent(outcomeSeen(what, ranges, hashed, 'failed', now))
  if (outcome === null) return
  const frozen = ranges !== null && detector.isFrozen(ranges, now)
  if (ranges !== null) detector.observe(outcomeSeen(what, ranges, hashed, outcome.what, now))
  knowledge.matured({
    service,
    country,
    operatorRange,
    abroad: charge.lines.some((l) => l.line === 'abroad'),
    priceMicroUsd: charge.unitMicroUsd,
    sentAt,
    at: now,
    outcome: outcome.what,
    seen: charge.seen,
    frozen,
  })
}
