import { type BaselineSnapshot, createBaseline } from './baseline.js'
import type { Facts } from './facts.js'
import type { Norms } from './norms.js'
import { type BaseRateSnapshot, createBaseRate } from './signals/base-rate.js'
import { type CalibrationSnapshot, createCalibration } from './signals/calibration.js'
import type { SignalCounters } from './signals/counters.js'
import { createMix, type MixSnapshot } from './signals/mix.js'
import { createRoutes } from './signals/routes.js'
import { createSeason, type SeasonSnapshot, type Usual } from './signals/season.js'
import type { SignalContext } from './signals/signal.js'
import { createReporting } from './signals/unreported.js'
import { type Weighed, weigh } from './signals/weigh.js'
import { createWeights, type WeightsSnapshot } from './signals/weights.js'
import type { SendOutcome } from './state.js'
import { HOUR } from './units.js'

/** What was seen of a send when it was decided: kept with its charge, so that its outcome can teach. */
export interface Seen {
  /** log-odds before calibration */
  raw: number
  /** baseline conversion of the country, and its lower bound */
  p: number
  pLow: number
  /** codes of the signals that were there */
  present: readonly string[]
  ipCountry: string | null
  /** the number was verified before and passed on its own lines */
  knownGood: boolean
}

/** The destination of a send that matured. */
export interface Matured {
  service: string
  country: string
  operatorRange: string
  abroad: boolean
  priceMicroUsd: number
  sentAt: number
  at: number
  outcome: SendOutcome['what']
  seen: Seen | null
  /** a range of it is in quarantine, or its route is out: nothing is learned from it */
  frozen: boolean
}

export interface KnowledgeOptions {
  priorOf: (service: string, country: string) => number
  maturityMs: (service: string) => number
  inMarket: (service: string, country: string) => boolean
}

export interface KnowledgeSnapshot {
  baseline: BaselineSnapshot
  season: SeasonSnapshot
  reporting: ReturnType<ReturnType<typeof createReporting>['snapshot']>
  services: [
    string,
    {
      mix: MixSnapshot
      routes: ReturnType<ReturnType<typeof createRoutes>['snapshot']>
      weights: WeightsSnapshot
      calibration: CalibrationSnapshot
      baseRate: BaseRateSnapshot
    },
  ][]
}

/** Learned by one service from its own outcomes. */
const createLearned = () => ({
  mix: createMix(),
  routes: createRoutes(),
  weights: createWeights(),
  calibration: createCalibration(),
  baseRate: createBaseRate(),
})
type Learned = ReturnType<typeof createLearned>

/** What is usual at a destination in this hour. */
interface Local {
  hour: number
  norms: Norms
  meanPerBlock: number
  operator: Usual | null
  country: Usual | null
}

/** Expected verifications of matured sends from which the score is taken at its word. */
const CALIBRATED_FROM = 300
/** Destinations whose usual hour is kept ready, per service. */
const LOCALS = 20_000

/**
 * Everything a gate learns from its traffic besides the lines: what is usual, what the signals weigh, which routes
 * travellers take, who reports. Fed with sends and outcomes, asked on each decision. No clock of its own.
 */
export function createKnowledge({ priorOf, maturityMs, inMarket }: KnowledgeOptions) {
  const baseline = createBaseline({ priorOf, maturityMs })
  const season = createSeason()
  const reporting = createReporting()
  const services = new Map<string, Learned>()
  const locals = new Map<string, Map<string, Local>>()

  function learnedOf(service: string): Learned {
    let learned = services.get(service)
    if (learned === undefined) {
      learned = createLearned()
      services.set(service, learned)
    }
    return learned
  }

  function localOf(service: string, country: string, operatorRange: string, now: number): Local {
    const hour = Math.floor(now / HOUR)
    let known = locals.get(service)
    if (known === undefined) {
      known = new Map()
      locals.set(service, known)
    }
    const hit = known.get(operatorRange)
    if (hit !== undefined && hit.hour === hour) return hit
    if (known.size >= LOCALS) known.clear()
    const local: Local = {
      hour,
      norms: baseline.norms(service, country, operatorRange, now),
      meanPerBlock: baseline.meanPerBlock(service, country),
      operator: season.usual(`${service}|${operatorRange}`, now),
      country: season.usual(`${service}|${country}`, now),
    }
    known.set(operatorRange, local)
    return local
  }

  function setUsual(counters: SignalCounters, { operator, country }: Local): void {
    counters.operator.usualHourly = operator?.median ?? null
    counters.operator.usualSpread = operator?.spread ?? null
    counters.operator.usualFlat = operator?.flat ?? null
    counters.country.usualHourly = country?.median ?? null
    counters.country.usualSpread = country?.spread ?? null
    counters.country.usualFlat = country?.flat ?? null
  }

  return {
    baseline,

    norms: (service: string, country: string, operatorRange: string, now: number): Norms =>
      localOf(service, country, operatorRange, now).norms,

    /** Probability that a request is pumped, and what says so. Fills in what is usual in its counters. */
    weigh(facts: Facts, counters: SignalCounters, now: number): Weighed {
      const { service, number, source } = facts
      const local = localOf(service, number.country, number.operatorRange, now)
      const { mix, routes, weights, calibration, baseRate } = learnedOf(service)
      setUsual(counters, local)
      const context: SignalContext = {
        facts,
        counters,
        p: local.norms.p,
        meanPerBlock: local.meanPerBlock,
        inMarket: inMarket(service, number.country),
        now,
        unreported: reporting.unreported(service, now),
        mix: mix.drift(number.country),
        route:
          source.country === null || source.country === number.country
            ? null
            : routes.read(source.country, number.country, now),
      }
      return weigh(context, { weights: weights.values, prior: baseRate.logOdds(), calibration })
    },

    /** The score of a service is calibrated: enough of its sends have matured. */
    isCalibrated: (service: string): boolean =>
      learnedOf(service).baseRate.expected() >= CALIBRATED_FROM,

    unreported: (service: string, now: number): boolean => reporting.unreported(service, now),

    /** The first send of a session goes out. */
    sent(service: string, country: string, operatorRange: string, block: string, at: number): void {
      baseline.sent(service, country, block, at)
      season.count(`${service}|${country}`, at)
      season.count(`${service}|${operatorRange}`, at)
      learnedOf(service).mix.count(country, at)
    },

    /** Somebody tells how codes end: a check, right or wrong, or a label. */
    reported: (service: string, at: number): void => reporting.reported(service, at),

    /** An hour that belongs to an attack or an outage is not learned as usual. */
    exclude(service: string, country: string, operatorRange: string | null, at: number): void {
      season.exclude(`${service}|${country}`, at)
      if (operatorRange !== null) season.exclude(`${service}|${operatorRange}`, at)
    },

    /** The first send of a session matured, or was repaired later. */
    matured(m: Matured): void {
      const verified = m.outcome === 'verified' || m.outcome === 'late'
      const late = m.outcome === 'late'
      if (verified) reporting.reported(m.service, m.at)
      else reporting.matured(m.service)
      if (m.outcome === 'failed' || m.frozen) return
      baseline.observe({
        service: m.service,
        country: m.country,
        operatorRange: m.operatorRange,
        abroad: m.abroad,
        verified,
        late,
        priceMicroUsd: m.priceMicroUsd,
        sentAt: m.sentAt,
        at: m.at,
      })
      if (m.seen === null) return
      const { raw, p, pLow, present, ipCountry } = m.seen
      const { routes, weights, calibration, baseRate } = learnedOf(m.service)
      const outcome = verified ? 'verified' : 'lost'
      weights.observe({ present, outcome, pLow, late, quarantined: false, at: m.at })
      calibration.observe({ raw, p, verified, late, at: m.at })
      baseRate.observe(p, verified, late, m.at)
      if (ipCountry !== null) routes.observe(ipCountry, m.country, outcome, m.at)
    },

    /** The application labelled a send later: banned or charged back, or active after all. */
    labelled(
      service: string,
      { present, pLow }: Seen,
      outcome: 'fraud' | 'genuine',
      at: number,
    ): void {
      reporting.reported(service, at)
      const { weights } = learnedOf(service)
      weights.observe({
        present,
        outcome,
        pLow,
        late: outcome === 'fraud',
        quarantined: false,
        at,
      })
    },

    snapshot: (): KnowledgeSnapshot => ({
      baseline: baseline.snapshot(),
      season: season.snapshot(),
      reporting: reporting.snapshot(),
      services: [...services].map(([name, s]) => [
        name,
        {
          mix: s.mix.snapshot(),
          routes: s.routes.snapshot(),
          weights: s.weights.snapshot(),
          calibration: s.calibration.snapshot(),
          baseRate: s.baseRate.snapshot(),
        },
      ]),
    }),

    restore(snapshot: KnowledgeSnapshot): void {
      baseline.restore(snapshot.baseline)
      season.restore(snapshot.season)
      reporting.restore(snapshot.reporting)
      services.clear()
      locals.clear()
      for (const [name, s] of snapshot.services) {
        const learned = learnedOf(name)
        learned.mix.restore(s.mix)
        learned.routes.restore(s.routes)
        learned.weights.restore(s.weights)
        learned.calibration.restore(s.calibration)
        learned.baseRate.restore(s.baseRate)
      }
    },
  }
}

export type Knowledge = ReturnType<typeof createKnowledge>
