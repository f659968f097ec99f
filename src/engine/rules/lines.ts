import { CREDIT_REASON, FIRST_SOURCE_LINE } from '../compile.js'
import { FAST_HALF_LIFE_MS, freesAfter } from '../line.js'
import { LINES } from '../policy.js'
import type { Rule } from './context.js'
import { answerOf, doubtOf, shareFor } from './doubt.js'
import { subjectLabel } from './subject.js'

/**
 * Steps 5 to 7. Over its limit a line asks for a challenge, or closes (`answerOf`): a narrow line denies until its debt
 * has decayed, a wide one leaves unproven numbers without SMS (the reduction lets proven numbers by).
 */
export const lines: Rule = ({ service, query, readings, sense, now, soft }) => {
  const { utilisation, debtFast, debtSlow, limitFast, limitSlow, asked } = readings
  const doubt = doubtOf(sense, service.policy)
  const share = shareFor(sense, service.policy)
  const from = soft.length
  for (let i = 0; i < LINES.length; i++) {
    const u = utilisation[i] as number
    if (u <= share) continue
    const verdict = answerOf(i, readings, doubt, service.policy.hard)
    if (verdict === null) continue
    const c = asked[i] as number
    const fastBinds =
      ((debtFast[i] as number) + c) / (limitFast[i] as number) >=
      ((debtSlow[i] as number) + c) / (limitSlow[i] as number)
    const debt = (fastBinds ? debtFast[i] : debtSlow[i]) as number
    const limit = (fastBinds ? limitFast[i] : limitSlow[i]) as number
    const halfLifeMs = fastBinds ? FAST_HALF_LIFE_MS : (service.slowHalfLifeMs[i] as number)
    soft.push({
      code: CREDIT_REASON[i] ?? 'service.credit_exhausted',
      verdict,
      subject: subjectLabel(query, LINES[i] ?? 'service'),
      observed: debt + c,
      limit,
      unit: i < FIRST_SOURCE_LINE ? 'micro_usd' : 'messages',
      windowMs: halfLifeMs,
      until: Math.ceil(now + freesAfter(debt, limit, c, halfLifeMs)),
    })
  }
  // the binding line is the first reason
  if (soft.length - from > 1) {
    const ratio = (k: number): number => (soft[k]?.observed ?? 0) / (soft[k]?.limit ?? 1)
    const order = Array.from({ length: soft.length - from }, (_, k) => from + k)
    const sorted = order.sort((a, b) => ratio(b) - ratio(a)).map((k) => soft[k])
    for (const [k, reason] of sorted.entries()) if (reason !== undefined) soft[from + k] = reason
  }
}
