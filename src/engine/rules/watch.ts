import { fact, type Rule } from './context.js'

/** Log-odds of an attack from which the detector's quick readings ask for a challenge. */
const OVERDUE_FROM = 3
const SURPRISE_FROM = 4

/**
 * What the detector says of the ranges. A quarantine denies until its end: its test has a stated false-alarm rate. The
 * quick readings (codes overdue, a count out of the ordinary) misfire when deliveries slow down or a company enrols
 * its phones: they ask for a challenge and never deny.
 */
export const watch: Rule = ({ facts, sense, now, soft }) => {
  const { quarantinedUntil, tightened, surprise, outage } = sense.facing
  const { block } = facts.number
  if (quarantinedUntil > now)
    soft.push({ ...fact('range.quarantined', 'deny', block), until: quarantinedUntil })
  if (outage) return
  if (tightened >= OVERDUE_FROM) soft.push(fact('range.overdue', 'challenge', block))
  if (surprise >= SURPRISE_FROM) soft.push(fact('block.surprise', 'challenge', block))
}
