import { SUBJECT_INDEX } from '../compile.js'
import type { ReasonCode } from '../reasons.js'
import type { Rule } from './context.js'
import { doubtOf, sparedLimit } from './doubt.js'
import { earnedRoom } from './room.js'
import { subjectLabel } from './subject.js'

/** Step 3: different numbers (or countries) per source. This request's own value is already counted. */
export const distinct: Rule = (context) => {
  const { service, query, state, readings, sense, now, soft } = context
  const limits = service.policy.distinct
  const { hard } = service.policy
  const doubt = doubtOf(sense, service.policy)
  for (let i = 0; i < limits.length; i++) {
    const rule = limits[i]
    if (rule === undefined || query.keys[SUBJECT_INDEX[rule.per]] === '') continue
    // an estimate: three numbers read 3.07, and are not over a limit of three
    const seen = Math.round(state.distinct[i] ?? 0)
    if (seen <= rule.limit) continue
    // countries are not earned: one address in ten countries a day is no village
    const limit = Math.floor(
      rule.limit + (rule.of === 'numbers' ? earnedRoom(context, rule.per) : 0),
    )
    if (seen <= limit) continue
    if (rule.action === 'challenge') {
      if (seen <= sparedLimit(limit, doubt, hard)) continue
      // all customers of a carrier share its network: who looks like a person is not counted with the others
      if (doubt === 'low' && readings.narrow[SUBJECT_INDEX[rule.per]] === 0) continue
    }
    soft.push({
      code: `${rule.per}.${rule.of}` as ReasonCode,
      verdict: rule.action,
      subject: subjectLabel(query, rule.per),
      observed: seen,
      limit,
      unit: rule.of,
      windowMs: rule.windowMs,
      until: now + rule.windowMs,
    })
  }
}
