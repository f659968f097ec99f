import type { CompiledService } from '../../src/engine/compile.js'
import { decide } from '../../src/engine/decide.js'
import type { Facts } from '../../src/engine/facts.js'
import { queryOf } from '../../src/engine/keys.js'
import type { Norms } from '../../src/engine/norms.js'
import { LINES } from '../../src/engine/policy.js'
import { NO_SENSE } from '../../src/engine/sense.js'
import { type Charged, movesOf } from '../../src/engine/settle.js'
import { type MemoryLines, memoryLines } from '../../src/lines/memory/memory.js'

/** For tests: a sender of codes who never verifies one, against the production engine and lines. */

export interface Ask {
  /** Unix ms */
  at: number
  number: string
  block: string
  operator: string
  country: string
  priceMicroUsd: number
  ip: string
  device: string
  solves: boolean
  /** which of the stores decides. @default the first */
  gateway?: number
}

export interface Sent {
  at: number
  priceMicroUsd: number
  block: string
  operator: string
  country: string
}

/** What an empty installation knows. */
export const NORMS: Norms = {
  p: 0.7,
  pLow: 0.6,
  countryHourlyMicroUsd: 0,
  operatorHourlyMicroUsd: 0,
  serviceHourlyMicroUsd: 0,
  abroadHourlyMicroUsd: 0,
}

export const factsOf = (ask: Ask, challengePassed: boolean): Facts => ({
  service: 'signup',
  number: {
    e164: ask.number,
    problem: null,
    country: ask.country,
    callingCode: '1',
    type: 'MOBILE',
    operator: ask.operator,
    allocated: true,
    operatorRange: ask.operator,
    block: ask.block,
    subBlock: ask.number.slice(0, -3),
  },
  source: {
    ip: ask.ip,
    ipKey: ask.ip,
    subnetKey: `${ask.ip}/24`,
    asn: null,
    asnName: null,
    country: null,
    hosting: false,
  },
  context: {
    deviceId: ask.device,
    accountId: null,
    sessionId: null,
    userAgent: null,
    sessionAgeMs: null,
    precedingEvents: null,
    apiKeyId: null,
  },
  priceMicroUsd: ask.priceMicroUsd,
  listed: null,
  measured: null,
  reviewed: false,
  challengePassed,
})

type Lines = Pick<MemoryLines, 'gather' | 'charge' | 'settle'>

/** @param stores of gateways that do not know of each other; what one charged is settled there. @default a single one */
export function createAttacker(
  service: CompiledService,
  seed: number,
  stores: readonly Lines[] = [memoryLines({ seed, capacity: 100_000 })],
) {
  const inFlight: { at: number; maturesAt: number; charge: Charged; lines: Lines }[] = []
  const sent: Sent[] = []
  let head = 0

  /** What is old enough counts as lost. */
  function mature(now: number): void {
    for (let next = inFlight[head]; next !== undefined; next = inFlight[++head]) {
      if (next.maturesAt > now) return
      const { at, maturesAt, charge, lines } = next
      const moves = movesOf(charge, 'reserved', 'lost', service, {
        since: at,
        now: maturesAt,
        meanPerBlock: 0,
      })
      lines.settle(
        {
          service: 'signup',
          layout: service.layout,
          moves,
          outcome: null,
          verified: null,
          refund: null,
          lostFirst: null,
        },
        maturesAt,
      )
    }
  }

  return {
    sent,
    /** @returns 0 when the message went out, else when it is worth trying again, Unix ms */
    ask(ask: Ask): number {
      const now = ask.at
      const lines = stores[ask.gateway ?? 0] as Lines
      mature(now)
      let retryAt = now + 60_000
      for (const passed of ask.solves ? [false, true] : [false]) {
        const facts = factsOf(ask, passed)
        const query = queryOf(facts, service, ask.number)
        const state = lines.gather(query, now)
        const opensSession = state.sessionAt === 0
        const { decision, demand } = decide(facts, service, query, state, NORMS, NO_SENSE, now)
        retryAt = decision.retryAt ?? decision.reasons[0]?.until ?? retryAt
        if (decision.verdict !== 'allow') continue
        if (demand === null || !lines.charge(query, demand, now)) continue
        const charged = LINES.flatMap((line, i) => {
          const cost = demand.costs[i] ?? 0
          return cost > 0 ? [{ line, key: query.keys[i] ?? '', cost }] : []
        })
        inFlight.push({
          lines,
          at: now,
          maturesAt: now + service.policy.maturityMs,
          charge: {
            lines: charged,
            sources: query.sources,
            opensSession,
            unitMicroUsd: ask.priceMicroUsd,
            seen: null,
          },
        })
        const { priceMicroUsd, block, operator, country } = ask
        sent.push({ at: now, priceMicroUsd, block, operator, country })
        return 0
      }
      return retryAt
    },
  }
}

/** The most that `sent` cost in any span of this length. */
export function mostIn(sent: readonly Sent[], spanMs: number): number {
  let most = 0
  let sum = 0
  let from = 0
  for (const event of sent) {
    sum += event.priceMicroUsd
    for (let first = sent[from]; first !== undefined && first.at <= event.at - spanMs; ) {
      sum -= first.priceMicroUsd
      first = sent[++from]
    }
    if (sum > most) most = sum
  }
  return most
}
