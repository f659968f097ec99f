import { PERIOD_MS, periodEnd } from '../calendar.js'
import type { SpendCap } from '../policy.js'
import type { ReasonCode } from '../reasons.js'
import type { Query } from '../state.js'
import type { Rule } from './context.js'

const CODE: Record<'service' | 'country' | 'global', ReasonCode> = {
  service: 'spend.service',
  country: 'spend.country',
  global: 'spend.global',
}

/** A cap is about this request: a country's cap is about its own country. */
export const isBound = ({ scope, country }: SpendCap, query: Query): boolean =>
  scope !== 'country' || country === '*' || country === query.country

/** Step 2: money caps hold against everything, allow lists and conversion of any make included. */
export const spend: Rule = ({ facts, service, query, state, now, firm }) => {
  for (let i = 0; i < service.caps.length; i++) {
    const cap = service.caps[i]
    if (cap === undefined) continue
    if (!isBound(cap, query)) continue
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
