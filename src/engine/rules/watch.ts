import { fact, type Rule } from './context.js'

/** Log-odds of an attack from which the detector's quick readings ask for a challenge. */
const OVERDUE_FROM = 3
const SURPRISE_FROM = 4
/** Evidence of its own sends with which a block takes part in an attack on its country, nats: two failures. */
const EVIDENCE_FROM = 2
/** The same where the request looks like a person's. */
const EVIDENCE_ALONE = 4.5

/**
 * What the detector says of the ranges. A quarantine denies until its end: its test has a stated false-alarm rate. The
 * quick readings (codes overdue, a count out of the ordinary) misfire when deliveries slow down or a company enrols
 * its phones: they ask for a challenge and never deny. While an attack is open in a country, what looks like it is not
 * sent there.
 */
export const watch: Rule = ({ facts, service, sense, now, soft }) => {
  const { quarantinedUntil, evidence, tightened, surprise, outage, elevated } = sense.facing
  const { p, score } = sense.weighed
  const { duringAttack, spare } = service.policy.risk
  const { block } = facts.number
  if (quarantinedUntil > now)
    soft.push({ ...fact('range.quarantined', 'deny', block), until: quarantinedUntil })
  if (outage) return
  const personal = sense.learned && p < spare
  if (elevated && sense.learned && p >= duringAttack)
    soft.push({
      ...fact('range.attacked', 'deny', facts.number.country),
      observed: score,
      limit: Math.round(100 * duringAttack),
      unit: 'score',
    })
  else if (elevated && evidence >= (personal ? EVIDENCE_ALONE : EVIDENCE_FROM))
    soft.push(fact('block.attacked', 'deny', block))
  if (tightened >= OVERDUE_FROM) soft.push(fact('range.overdue', 'challenge', block))
  if (surprise >= SURPRISE_FROM) soft.push(fact('block.surprise', 'challenge', block))
}
