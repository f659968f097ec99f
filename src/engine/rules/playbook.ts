import type { Reason } from '../decision.js'
import { maskNumber } from '../mask.js'
import { DESTINATIONS, type Measure } from '../measures.js'
import { HOUR } from '../units.js'
import { fact, type Rule } from './context.js'

/**
 * What people have ordered. Orders on a destination leave numbers verified before alone, as every defence of ranges
 * does; a blocked source is refused whatever number it asks for, or whoever floods a customer with codes would pass;
 * a pause stops everybody. None of them makes an invalid number valid or lifts a cap.
 */
export const playbook: Rule = ({ facts, query, state, now, firm, soft }) => {
  if (facts.measured === null) return
  const { measures, allowedBy } = facts.measured
  const reasonOf = (
    code: Reason['code'],
    verdict: Reason['verdict'],
    { target, until }: Measure,
  ): Reason => ({ ...fact(code, verdict, nameOf(target.key, facts.number.e164)), until })
  let throttle = 0
  for (const measure of measures) {
    switch (measure.action) {
      case 'pause':
        firm.push(reasonOf('playbook.paused', 'deny', measure))
        break
      case 'block': {
        const list = DESTINATIONS.has(measure.target.kind) ? soft : firm
        list.push(reasonOf('playbook.blocked', 'deny', measure))
        break
      }
      case 'challenge':
        soft.push(reasonOf('playbook.challenge_required', 'challenge', measure))
        break
      case 'hold':
        soft.push(reasonOf('playbook.held', 'hold', measure))
        break
      case 'throttle': {
        const sent = state.throttled[throttle] ?? 0
        const limit = query.throttles[throttle]?.limit ?? 0
        throttle++
        if (sent < limit) break
        soft.push({
          ...reasonOf('playbook.throttled', 'deny', measure),
          observed: sent + 1,
          limit,
          unit: 'messages',
          windowMs: HOUR,
          until: Math.min(measure.until, now + HOUR),
        })
        break
      }
      case 'allow':
        if (measure === allowedBy) soft.push(reasonOf('playbook.allowed', 'allow', measure))
    }
  }
}

/** A whole number is masked; a range is a range. */
const nameOf = (key: string, e164: string): string => (key === e164 ? maskNumber(key) : key)
