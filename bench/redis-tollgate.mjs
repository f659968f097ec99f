// Decisions on the lines of a store as the gateway makes them: gathered (and reserved in the same step, where the store can), weighed,
// decided, kept.

import { compileService } from '../dist/engine/compile.js'
import { decide } from '../dist/engine/decide.js'
import { DEFAULT_SERVICE } from '../dist/engine/defaults.js'
import { createDetector } from '../dist/engine/detect/detector.js'
import { queryOf } from '../dist/engine/keys.js'
import { createKnowledge } from '../dist/engine/knowledge.js'
import { LINES } from '../dist/engine/policy.js'
import { movesOf } from '../dist/engine/settle.js'
import { requestSeen } from '../dist/verify/seen.js'

const norms = {
  p: 0.7,
  pLow: 0.65,
  countryHourlyMicroUsd: 1e12,
  operatorHourlyMicroUsd: 1e12,
  serviceHourlyMicroUsd: 1e12,
  abroadHourlyMicroUsd: 0,
}
/** of a load that never enters its codes these would be full, and what is refused is not what is measured */
const OFTEN_HIT = new Set(['subBlock', 'block', 'subnet', 'network'])
const policy = {
  ...DEFAULT_SERVICE,
  mode: 'enforce',
  markets: ['NG'],
  // a load of people who never enter their codes is risky; it is weighed all the same
  risk: { ...DEFAULT_SERVICE.risk, challenge: 2, challengeWhenFull: 2 },
  // an address or a network that a load never verifies from would be refused
  distinct: DEFAULT_SERVICE.distinct.map((d) => ({ ...d, limit: 1e9 })),
  rateLimits: DEFAULT_SERVICE.rateLimits.map((r) =>
    r.subject === 'network' ? { ...r, limit: 1e9 } : r,
  ),
  lines: Object.fromEntries(
    Object.entries(DEFAULT_SERVICE.lines).map(([name, line]) => [
      name,
      OFTEN_HIT.has(name) ? { ...line, opening: 1e9 } : line,
    ]),
  ),
}
const service = compileService(policy, [{ scope: 'service', period: 'day', limitMicroUsd: 1e15 }])

/** @param lines of any store */
export function createTollgate(lines) {
  const knowledge = createKnowledge({
    priorOf: () => 0.7,
    maturityMs: () => 120_000,
    inMarket: () => true,
  })
  const detector = createDetector({ conversionOf: () => 0.7, maturityOf: () => 120_000 })
  let now = 1_795_000_000_000
  let allowed = 0
  async function once(facts) {
    now += 1
    const at = now
    const query = queryOf(facts, service, facts.number.e164)
    const gathered =
      lines.gatherAndReserve === undefined
        ? lines.gather(query, at)
        : await lines.gatherAndReserve(query, facts.priceMicroUsd, at)
    const weighed = knowledge.weigh(facts, gathered.counters, at)
    const facing = detector.facing(requestSeen(facts, facts.number.e164, false), at)
    const sense = { weighed, facing, learned: true }
    const { decision, demand } = decide(facts, service, query, gathered, norms, sense, at)
    if (decision.verdict !== 'allow' || demand === null) {
      if (decision.would === 'deny') await lines.count(query, at)
      else lines.release?.(query)
      return null
    }
    const charged = lines.charge(query, demand, at)
    if (!(charged === true || (await charged))) return null
    allowed++
    return { query, at }
  }
  /** The code was entered: the lines earn. */
  async function verified({ query, at }) {
    const costs = LINES.flatMap((line, i) =>
      query.keys[i] === '' ? [] : [{ line, key: query.keys[i], cost: i < 6 ? 10_000 : 1 }],
    )
    const charge = { lines: costs, sources: [], opensSession: true, unitMicroUsd: 10_000 }
    const settled = { since: at, now, meanPerBlock: 1 }
    await lines.settle(
      {
        service: 'signup',
        layout: service.layout,
        moves: movesOf(charge, 'reserved', 'earned', service, settled),
        outcome: { what: 'verified', delayMs: 20_000 },
        verified: { numberKey: query.keys[LINES.indexOf('number')], sources: query.sources },
        refund: null,
        lostFirst: null,
      },
      now,
    )
  }
  return { once, verified, allowed: () => allowed, close: () => lines.close() }
}
