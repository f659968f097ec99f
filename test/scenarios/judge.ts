import { compileService, LINE_INDEX } from '../../src/engine/compile.js'
import { decide } from '../../src/engine/decide.js'
import { DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import type { Facts } from '../../src/engine/facts.js'
import { queryOf } from '../../src/engine/keys.js'
import { LINES, type LineName, type ServicePolicy, type SpendCap } from '../../src/engine/policy.js'
import { NO_SENSE, type Sense } from '../../src/engine/sense.js'
import { emptyCounters } from '../../src/engine/signals/counters.js'
import { type Gathered, LINE_WIDTH } from '../../src/engine/state.js'
import { DAY } from '../../src/engine/units.js'
import { factsOf, NORMS } from './attacker.js'

/** For tests: one decision of the engine on lines made up by hand. */
export const NOW = Date.UTC(2026, 10, 16, 12)
export const PRICE = 110_000
const ENFORCE: ServicePolicy = {
  ...DEFAULT_SERVICE,
  name: 'signup',
  mode: 'enforce',
  markets: ['NG'],
}

export interface Case {
  policy?: Partial<ServicePolicy>
  facts?: (facts: Facts) => Facts
  country?: string
  passed?: boolean
  /** lost on both scales, in messages */
  lost?: Partial<Record<LineName, number>>
  reserved?: Partial<Record<LineName, number>>
  earned?: Partial<Record<LineName, number>>
  state?: Partial<Gathered>
  sense?: Sense
  /** seen in every window and distinct count */
  seen?: number
  spent?: number
}

export function judge(c: Case) {
  const service = compileService({ ...ENFORCE, ...c.policy }, [])
  const country = c.country ?? 'NG'
  const plain = factsOf(
    {
      at: NOW,
      number: '+2348031234567',
      block: '+234803123',
      operator: `${country}/MTN`,
      country,
      priceMicroUsd: PRICE,
      ip: '105.112.3.4',
      device: 'd1',
      solves: false,
    },
    c.passed ?? false,
  )
  const facts = c.facts?.(plain) ?? plain
  const query = queryOf(facts, service, facts.number.problem === null ? facts.number.e164 : '')
  const lines = new Float64Array(LINES.length * LINE_WIDTH)
  for (const [i, name] of LINES.entries()) {
    const unit = i < LINE_INDEX.number ? PRICE : 1
    const [lost, held, earned] = [
      c.lost?.[name] ?? 0,
      c.reserved?.[name] ?? 0,
      c.earned?.[name] ?? 0,
    ]
    lines.set([earned * unit, lost * unit, earned * unit, lost * unit, held * unit], i * LINE_WIDTH)
  }
  const state: Gathered = {
    lines,
    windows: new Float64Array(service.layout.windows.length).fill(c.seen ?? 0),
    distinct: new Float64Array(service.layout.distinct.length).fill(c.seen ?? 1),
    spend: new Float64Array(service.layout.spend.length).fill(c.spent ?? 0),
    verifiedAt: 0,
    sourceKnown: false,
    sessionAt: 0,
    carriedAt: 0,
    throttled: new Float64Array(0),
    counters: emptyCounters(),
    degraded: false,
    ...c.state,
  }
  const { decision, demand } = decide(facts, service, query, state, NORMS, c.sense ?? NO_SENSE, NOW)
  return { ...decision, demand: demand === null ? null : structuredClone(demand) }
}

export const number =
  (part: Partial<Facts['number']>) =>
  (f: Facts): Facts => ({ ...f, number: { ...f.number, ...part } })
export const listed =
  (list: 'allow' | 'deny') =>
  (f: Facts): Facts => ({ ...f, listed: { list, entry: 'AS64500' } })
export const CAP: SpendCap = { scope: 'service', period: 'day', limitMicroUsd: 10 * PRICE }
export const KNOWN = { verifiedAt: NOW - DAY, sourceKnown: true }
export const only = (rule: Partial<ServicePolicy>): Partial<ServicePolicy> => ({
  rateLimits: [],
  distinct: [],
  ...rule,
})
