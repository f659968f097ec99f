import { RATE_REASON, SUBJECT_INDEX } from '../compile.js'
import type { Rule } from './context.js'
import { doubtOf, sparedLimit } from './doubt.js'
import { earnedRoom } from './room.js'
import { subjectLabel } from './subject.js'

/** Step 3: messages per sliding window. */
export const rateLimits: Rule = (context) => {
  const { service, query, state, sense, now, soft } = context
  const limits = service.policy.rateLimits
  const { hard } = service.policy
  const doubt = doubtOf(sense, service.policy)
  for (let i = 0; i < limits.length; i++) {
    const rule = limits[i]
    if (rule === undefined) continue
    const index = SUBJECT_INDEX[rule.subject]
    if (query.keys[index] === '') continue
    const seen = state.windows[i] ?? 0
    if (seen < rule.limit && rule.limitOutside === undefined) continue
    const base =
      rule.limitOutside !== undefined && query.keys[SUBJECT_INDEX.abroad] !== ''
        ? rule.limitOutside
        : rule.limit
    if (seen < base) continue
    const limit = Math.floor(base + earnedRoom(context, rule.subject))
    if (seen < limit) continue
    if (rule.action === 'challenge' && seen < sparedLimit(limit, doubt, hard)) continue
    soft.push({
      code: RATE_REASON[index] ?? 'global.messages',
      verdict: rule.action,
      subject: subjectLabel(query, rule.subject),
      observed: seen + 1,
      limit,
      unit: 'messages',
      windowMs: rule.windowMs,
      until: now + rule.windowMs,
    })
  }
}
