import type { Calibration } from './calibration.js'
import { SIGNALS } from './catalogue.js'
import {
  type Observed,
  SIGNAL_GROUPS,
  type Signal,
  type SignalContext,
  type SignalGroup,
} from './signal.js'

/** One signal that counted, weighed: plain data, kept with the decision. */
export interface Evidence extends Observed {
  code: string
  group: SignalGroup
  /** strength times weight */
  logOdds: number
}

export interface Weighed {
  /** 0 to 100: round(100 p) */
  score: number
  /** probability that this send is pumped, calibrated */
  p: number
  /** prior log-odds and evidence, before calibration: what the calibration learns from */
  raw: number
  /** the strongest signal of each group, strongest first */
  evidence: readonly Evidence[]
  /** codes of all signals that were at least half there: what the weights learn from */
  present: readonly string[]
}

export interface Scales {
  /** weight per signal of SIGNALS: `createWeights().values` */
  weights: Readonly<ArrayLike<number>>
  /** log-odds of a request nobody looked at: `createBaseRate().logOdds()` */
  prior: number
  calibration: Pick<Calibration, 'probability'>
}

/** A signal teaches its weight when it is at least half there; fainter ones would dilute it. */
const PRESENT = 0.5

const groups = SIGNAL_GROUPS.length
const groupOf = Uint8Array.from(SIGNALS, (signal) => SIGNAL_GROUPS.indexOf(signal.group))
const NOTHING: readonly never[] = Object.freeze([])

// one set for all calls: a request that shows nothing allocates nothing but its answer
const best = new Int16Array(groups)
const bestLogOdds = new Float64Array(groups)
const bestSeen: Observed[] = Array.from({ length: groups }, blank)
let spare: Observed = blank()

function blank(): Observed {
  return { observed: null, expected: null, windowMs: null }
}

/**
 * A group speaks by its strongest sign of pumping; by its strongest sign against only where it shows none, or an
 * attacker would put on an innocent habit to hide a guilty one.
 */
const outweighs = (a: number, b: number): boolean => (a > 0 || b > 0 ? a > b : a < b)

/** Probability that a request is part of pumping, and what says so. */
export function weigh(context: SignalContext, { weights, prior, calibration }: Scales): Weighed {
  best.fill(-1)
  let fired = 0
  let present: string[] | null = null
  for (let i = 0; i < SIGNALS.length; i++) {
    const signal = SIGNALS[i] as Signal
    const strength = signal.read(context, spare)
    if (strength <= 0) continue
    if (strength >= PRESENT) {
      present ??= []
      present.push(signal.code)
    }
    const group = groupOf[i] as number
    const logOdds = strength * (weights[i] as number)
    if ((best[group] as number) < 0) fired++
    if ((best[group] as number) < 0 || outweighs(logOdds, bestLogOdds[group] as number)) {
      best[group] = i
      bestLogOdds[group] = logOdds
      const unused = bestSeen[group] as Observed
      bestSeen[group] = spare
      spare = unused
    }
    spare.observed = null
    spare.expected = null
    spare.windowMs = null
  }
  let raw = prior
  let evidence: readonly Evidence[] = NOTHING
  if (fired > 0) {
    const found: Evidence[] = []
    for (let group = 0; group < groups; group++) {
      const i = best[group] as number
      if (i < 0) continue
      const { code, group: name } = SIGNALS[i] as Signal
      const { observed, expected, windowMs } = bestSeen[group] as Observed
      const logOdds = bestLogOdds[group] as number
      raw += logOdds
      addByStrength(found, { code, group: name, logOdds, observed, expected, windowMs })
    }
    evidence = found
  }
  const p = calibration.probability(raw)
  return { score: Math.round(100 * p), p, raw, evidence, present: present ?? NOTHING }
}

/** Strongest first, in the order of the groups where they are equal. */
function addByStrength(found: Evidence[], evidence: Evidence): void {
  let at = found.push(evidence) - 1
  for (; at > 0; at--) {
    const before = found[at - 1] as Evidence
    if (Math.abs(before.logOdds) >= Math.abs(evidence.logOdds)) break
    found[at] = before
  }
  found[at] = evidence
}
