import { PERIOD_MS, periodEnd } from '../calendar.js'
import type { ReasonCode } from '../reasons.js'
import type { Rule } from './context.js'

const CODE: Record<'service' | 'country' | 'global', ReasonCode> = {
  service: 'spend.service',
  country: 'spend.country',
  global: 'spend.global',
}

/** Step 2: money caps hold against everything, allow lists and conversion of any make included. */
export const spend: Rule = ({ facts, service, query, state, now, firm }) => {
  for (let i = 0; i < service.caps.length; i++) {
    const cap = service.caps[i]
    if (cap === undefined) continue
    if (cap.scope === 'country' && cap.country !== '*' && cap.country !== query.country) continue
    const spent = state.spend[i] ?? 0
    if (spent + facts.priceMicroUsd <= cap.limitMicroUsd) continue
    firm.push({
      code: CODE[cap.scope],
      verdict: 'deny',
      subject:
        cap.scope === 'country'
          ? query.country
          : cap.scope === 'service'
            ? query.service
            : 'global',
      observed: spent,
      limit: cap.limitMicroUsd,
      unit: 'micro_usd',
      windowMs: PERIOD_MS[cap.period],
      until: periodEnd(cap.period, now),
    })
  }
}
