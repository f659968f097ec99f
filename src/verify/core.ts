import {
  type CompiledPolicy,
  type CompiledService,
  compilePolicy,
  LINE_INDEX,
} from '../engine/compile.js'
import { type Decided, decide as decidePurely } from '../engine/decide.js'
import type { Decision } from '../engine/decision.js'
import type { Change } from '../engine/detect/change.js'
import { createDetector } from '../engine/detect/detector.js'
import type { ContextFacts, Facts, NumberFacts, SourceFacts } from '../engine/facts.js'
import { isAbroad, queryOf } from '../engine/keys.js'
import { createKnowledge, type Knowledge, type Seen } from '../engine/knowledge.js'
import { compileLists, type ListMatcher } from '../engine/lists.js'
import { compileMeasures, type MeasureMatcher } from '../engine/measure-matcher.js'
import type { Measure } from '../engine/measures.js'
import type { Norms } from '../engine/norms.js'
import { LINES, type Policy } from '../engine/policy.js'
import { readLines } from '../engine/readings.js'
import { NO_SENSE, type Sense } from '../engine/sense.js'
import { type CreditState, movesOf } from '../engine/settle.js'
import type { Gathered, Query, Settlement } from '../engine/state.js'
import type { ChargeRecord } from '../ledger/rows.js'
import type { LineStore, Maybe } from '../lines/port.js'
import { contended } from './contended.js'
import { exposureOf, serviceQuery } from './exposure.js'
import { keptServices } from './kept-services.js'
import { learnSettled, outcomeOf } from './learning.js'
import { type RangePath, rangeLinesOf, rangeQuery } from './range-lines.js'
import { addedAt, lostFirstOf, numberKeyOf, rangesOf, type Settling, seenOf } from './seen.js'
import type { GateRequest } from './types.js'

/** The leaf modules, as the core uses them. */
export interface FactSources {
  parseNumber: (input: string, defaultCountry?: string) => NumberFacts
  sourceFacts: (ip: string | null) => SourceFacts
  /** micro-USD of one message */
  priceOf: (number: NumberFacts) => number
  /** key of a number: E.164, or its keyed hash where numbers are pseudonymised */
  numberKey: (e164: string) => string
  /** what the detector remembers of a number's key, also after the number was erased. @default the key itself */
  numberHash?: (numberKey: string) => string
}

export type { Settling } from './seen.js'

export interface CoreOptions {
  policy: Policy
  policyVersion: number
  lines: LineStore
  facts: FactSources
  /** the engine's `decide`, or what watches it. @default itself */
  decide?: typeof decidePurely
  /**
   * Where knowledge and detector learn from. `own`: from what this core decides and settles, at once. `log`: from the
   * ledger's log, which has what every gateway of a cluster did (`createFollower`); what it does itself is in there too.
   * @default 'own'
   */
  learns?: 'own' | 'log'
}

export interface Evaluation {
  facts: Facts
  decision: Decision
  service: CompiledService
  /** what was reserved; `null` when nothing goes out */
  charge: ChargeRecord | null
  /** age at which the send counts as lost, ms */
  maturityMs: number
}

const ready = <T>(value: Maybe<T>): value is T => !(value instanceof Promise)
const NO_DEMAND_LINES: ChargeRecord['lines'] = []
const NARROW_RANGES = ['subBlock', 'block'] as const

/**
 * Facts, gather, decide, charge; and settle. No records and no messages: what the gateway, the library, replay and
 * the simulator have in common. With the embedded store a call runs without giving way to another request between
 * its gather and its charge.
 */
export function createCore(options: CoreOptions) {
  const { lines, facts: sources, decide = decidePurely, learns = 'own' } = options
  const own = learns === 'own'
  const { numberHash = (key: string) => key } = sources
  let policy: CompiledPolicy = compilePolicy(options.policy, options.policyVersion)
  const kept = keptServices()
  let listed: ListMatcher = compileLists({ allow: [], deny: [] })
  let measures: MeasureMatcher = compileMeasures([])
  const knowledge: Knowledge = createKnowledge({
    priorOf: (name, country) => {
      const service = policy.service(name)
      const { markets, elsewhere } = service?.policy.prior ?? { markets: 0.7, elsewhere: 0.5 }
      return service?.markets.has(country) ? markets : elsewhere
    },
    maturityMs: (name) => policy.service(name)?.policy.maturityMs ?? 120_000,
    inMarket: (name, country) => {
      const service = policy.service(name)
      return service === null || !isAbroad(service, country)
    },
  })
  const { baseline } = knowledge
  const detector = createDetector({
    conversionOf: baseline.conversion,
    maturityOf: baseline.maturity,
  })

  function factsOf(request: GateRequest, service: CompiledService, now: number): Facts {
    const number = sources.parseNumber(request.to, request.defaultCountry)
    const source = sources.sourceFacts(request.ip ?? null)
    const context: ContextFacts = {
      deviceId: request.deviceId ?? null,
      accountId: request.accountId ?? null,
      sessionId: request.sessionId ?? null,
      userAgent: request.userAgent ?? null,
      sessionAgeMs: request.sessionAgeMs ?? null,
      precedingEvents: request.precedingEvents ?? null,
      apiKeyId: request.apiKeyId ?? null,
    }
    const facts: Facts = {
      service: request.service,
      number,
      source,
      context,
      priceMicroUsd:
        request.priceMicroUsd ?? (number.problem === null ? sources.priceOf(number) : 0),
      listed: null,
      measured: null,
      challengePassed: request.challengePassed ?? false,
      reviewed: request.reviewed ?? false,
    }
    facts.listed = listed.match(facts) ?? service.lists.match(facts)
    // a caller that vouches for its request: like an allow list of one
    if (request.riskCheck === false && facts.listed === null)
      facts.listed = { list: 'allow', entry: 'riskCheck=false' }
    if (measures.size > 0) facts.measured = measures.match(facts, now)
    return facts
  }

  const normsOf = ({ service, number }: Facts, now: number): Norms =>
    knowledge.norms(service, number.country, number.operatorRange, now)

  function senseOf(facts: Facts, query: Query, state: Gathered, now: number): Sense {
    if (facts.number.problem !== null) return NO_SENSE
    return {
      weighed: knowledge.weigh(facts, state.counters, now),
      learned: knowledge.isCalibrated(facts.service),
      facing: detector.facing(seenOf(facts, query, numberHash), now),
    }
  }

  /** What was charged, in words that settle later. Read before the next decision reuses the demand's arrays. */
  function recordOf(
    query: Query,
    state: Gathered,
    decided: Decided,
    facts: Facts,
    { p, pLow }: Norms,
    { raw, present }: Sense['weighed'],
  ): ChargeRecord {
    const charged: ChargeRecord['lines'] = []
    if (decided.demand !== null) {
      for (let i = 0; i < LINES.length; i++) {
        const cost = decided.demand.costs[i] as number
        const line = LINES[i]
        if (cost > 0 && line !== undefined) charged.push({ line, key: query.keys[i] ?? '', cost })
      }
    }
    const opensSession = state.sessionAt === 0
    const seen: Seen | null = opensSession
      ? {
          raw,
          p,
          pLow,
          present,
          ipCountry: facts.source.country,
          knownGood: decided.decision.knownGood,
        }
      : null
    return {
      lines: charged.length === 0 ? NO_DEMAND_LINES : charged,
      sources: query.sources.filter((s) => s !== ''),
      numberKey: numberKeyOf(query),
      opensSession,
      unitMicroUsd: facts.priceMicroUsd,
      seen,
      ...(query.throttles.length > 0 && { throttles: query.throttles.map(({ key }) => key) }),
    }
  }

  /** A message goes out: what is usual counts the first of a session. */
  function begun({ service, number }: Facts, { opensSession }: ChargeRecord, now: number): void {
    if (opensSession)
      knowledge.sent(service, number.country, number.operatorRange, number.block, now)
  }

  /** What enforce mode does not send, for the detector: what it saved, and which narrow ranges are used up. */
  function refused(facts: Facts, query: Query, { decision, readings }: Decided, now: number): void {
    const { verdict } = decision
    const seen = { ...seenOf(facts, query, numberHash), at: now }
    if (verdict === 'allow') detector.advised(seen)
    else detector.refused({ ...seen, verdict: verdict === 'challenge' ? 'challenged' : 'denied' })
    // the line itself is closed: one request's doubt, which meets it sooner, must not put a range in quarantine
    for (const level of NARROW_RANGES)
      if (readings.closed[LINE_INDEX[level]] === 1) detector.exhausted(seen, level, now)
  }

  async function evaluate(
    request: GateRequest,
    service: CompiledService,
    now: number,
    keep: boolean,
  ): Promise<Evaluation> {
    const facts = factsOf(request, service, now)
    const usable = facts.number.problem === null
    const query = queryOf(facts, service, usable ? sources.numberKey(facts.number.e164) : '')
    const done = (decision: Decision, charge: ChargeRecord | null): Evaluation => ({
      facts,
      decision,
      service,
      charge,
      maturityMs: baseline.maturity(facts.service, facts.number.country),
    })
    for (let round = 1; ; round++) {
      const gathered =
        keep && usable && lines.gatherAndReserve !== undefined
          ? lines.gatherAndReserve(query, facts.priceMicroUsd, now)
          : lines.gather(query, now)
      const state = ready(gathered) ? gathered : await gathered
      const norms = normsOf(facts, now)
      const sense = senseOf(facts, query, state, now)
      const decided = decide(facts, service, query, state, norms, sense, now)
      const { decision, demand } = decided
      if (!keep) return done(decision, null)
      if (decision.verdict !== 'allow') {
        // who is challenged is counted when he comes back with the answer
        if (usable && own) refused(facts, query, decided, now)
        if (usable && decision.would === 'deny') await lines.count(query, now)
        else lines.release?.(query)
        return done(decision, null)
      }
      const record = recordOf(query, state, decided, facts, norms, sense.weighed)
      // before anything is waited for: readings are good until the next decision
      if (own && demand === null) refused(facts, query, decided, now)
      if (demand === null && usable) await lines.count(query, now)
      const charged = demand === null || lines.charge(query, demand, now)
      if (ready(charged) ? charged : await charged) {
        if (own) begun(facts, record, now)
        if (own && demand !== null)
          detector.sent({
            ...seenOf(facts, query, numberHash),
            at: now,
            resend: !record.opensSession,
            knownGood: decision.knownGood,
          })
        return done(decision, record)
      }
      // somebody took the headroom since it was read: decide again, once, then challenge
      if (round === 2) {
        const { decision: last, charge } = contended(decision, record)
        if (charge !== null && own) begun(facts, charge, now)
        // nothing of it is charged: to the detector it is a message sent against the advice, or a challenge
        if (own) refused(facts, query, { ...decided, decision: last }, now)
        return done(last, charge)
      }
    }
  }

  /** What a step between two credit states does to the lines; `null` when it does nothing. */
  function settlementOf(
    what: Settling,
    from: CreditState,
    to: CreditState,
    now: number,
  ): Settlement | null {
    if (from === to) return null
    const service = kept.of(policy, what.service)
    const { charge, country } = what
    const verified = to === 'earned'
    return {
      service: what.service,
      layout: service.layout,
      moves: movesOf(charge, from, to, service, {
        since: addedAt(what, from, service),
        now,
        meanPerBlock: baseline.meanPerBlock(what.service, country),
      }),
      outcome: outcomeOf(what, from, to, now),
      verified: verified ? { numberKey: charge.numberKey, sources: charge.sources } : null,
      // what monitor mode sent against its own advice was not charged: there is nothing to give back
      refund:
        to === 'released' && charge.lines.length > 0
          ? { country, priceMicroUsd: charge.unitMicroUsd, at: what.at }
          : null,
      lostFirst: lostFirstOf(what, to, now),
    }
  }

  return {
    lines,
    knowledge,
    detector,
    numberHash,
    learns,
    get policy(): CompiledPolicy {
      return policy
    },
    setPolicy(next: Policy, version: number): void {
      policy = kept.change(policy, compilePolicy(next, version))
    },
    /** A service, also one that the policy no longer names: what it has charged is settled all the same. */
    settledBy: (name: string): CompiledService => kept.of(policy, name),
    setLists(lists_: { allow: readonly string[]; deny: readonly string[] }): void {
      listed = compileLists(lists_)
    },
    /** Measures of the playbook in force; each ends by the clock of the requests. */
    setMeasures(next: readonly Measure[]): void {
      measures = compileMeasures(next)
    },
    parseNumber: sources.parseNumber,
    sourceFacts: sources.sourceFacts,

    /** How the lines of a range stand, whatever number or source comes next; leaves no trace. */
    async rangeLines(name: string, service: CompiledService, path: RangePath, now: number) {
      const query = rangeQuery(name, service, path)
      const state = await lines.gather(query, now)
      // a country stands for the range that is not asked for: norms are kept by range alone
      const norms = knowledge.norms(name, path.country, path.operatorRange ?? path.country, now)
      const facts = { priceMicroUsd: path.priceMicroUsd, source: { hosting: false } }
      return rangeLinesOf(query, readLines(facts, service, query, state, norms, now))
    },

    /** How the line of a whole service stands; leaves no trace. */
    async exposure(name: string, service: CompiledService, now: number) {
      const query = serviceQuery(name, service)
      const state = await lines.gather(query, now)
      const norms = knowledge.norms(name, '', '', now)
      const facts = { priceMicroUsd: 0, source: { hosting: false } }
      return exposureOf(name, readLines(facts, service, query, state, norms, now), norms)
    },

    /** Decides and charges. */
    evaluate: (request: GateRequest, service: CompiledService, now: number) =>
      evaluate(request, service, now, true),
    /** Decides; leaves no trace. */
    assess: (request: GateRequest, service: CompiledService, now: number) =>
      evaluate(request, service, now, false),

    /**
     * What an unverified send becomes when it matures: lost, or failed while its route is out: then only its narrow
     * lines bear it, as when a receipt had said so.
     */
    maturesAs(what: Settling): 'lost' | 'failed' {
      const ranges = rangesOf(what)
      return ranges !== null && detector.isOut(ranges) ? 'failed' : 'lost'
    },

    /** Background pass, every few seconds: incidents, quarantines and outages that begin or end. */
    pass(now: number): Change[] {
      const changes = detector.pass(now)
      for (const change of changes) {
        if (change.type !== 'incident' || change.event === 'contained') continue
        const { service, countries, ranges } = change.incident
        for (const country of countries) knowledge.exclude(service, country, null, now)
        for (const { country, operatorRange } of ranges)
          knowledge.exclude(service, country, operatorRange, now)
      }
      return changes
    },

    /** Moves a charge between two credit states; the caller has made sure that nobody else does. */
    settle(what: Settling, from: CreditState, to: CreditState, now: number): Maybe<void> {
      const settlement = settlementOf(what, from, to, now)
      if (settlement === null) return
      const { outcome } = settlement
      if (own) learnSettled({ knowledge, detector, numberHash }, what, { from, to, outcome }, now)
      return lines.settle(settlement, now)
    },

    settlementOf,

    /** A settlement that the log tells of: lines that a gateway keeps by itself move where it charged them. */
    followed(what: Settling, from: CreditState, to: CreditState, now: number): void {
      if (lines.followed === undefined) return
      const settlement = settlementOf(what, from, to, now)
      if (settlement !== null) lines.followed(settlement, now)
    },
  }
}

export type Core = ReturnType<typeof createCore>
