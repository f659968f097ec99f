import { DAY, HOUR } from '../units.js'
import { SIGNALS } from './catalogue.js'
import type { Signal } from './signal.js'

/** Evidence halves in two weeks: attackers change their ways, services their clients. */
const HALF_LIFE_MS = 14 * DAY
export const WEIGHT_LIMIT = 4
/** A weight moves at most this much a day, whatever is fed to it. */
export const MAX_STEP_PER_DAY = 0.25
/** Sends the start weight is worth. */
const PSEUDO = 200
/** How often a signal is taken to be there in pumped traffic until seen; the start weight fixes the rest. */
const START_RATE = 0.5
/** Pumped sends with the signal that let its weight rise by ln 2 over the start. */
const RISE = 10

/** How a send ended: by itself, or by what was reported of it later. */
export type Outcome = 'lost' | 'verified' | 'fraud' | 'genuine'

export interface Learned {
  /** codes of the signals that were there when it was decided (`Weighed.present`) */
  present: readonly string[]
  outcome: Outcome
  /** lower confidence bound of the country's baseline conversion: what is lost beyond it was pumped */
  pLow: number
  /** counted the other way before (verified after all, or verified and then reported as fraud): takes that back */
  late: boolean
  /** a range of the send is in quarantine: nothing is learned from an attack that is known already */
  quarantined: boolean
  at: number
}

/** Sums of one signal, or of all sends. */
interface Tally {
  /** lost, or reported as fraud */
  lost: number
  /** losses that the verified sends explain: each `(1 - p) / p` */
  usual: number
  verified: number
}

export interface WeightsSnapshot {
  hour: number | null
  outcomes: Tally
  labels: Tally
  signals: [code: string, weight: number, tally: Tally][]
}

const tally = (): Tally => ({ lost: 0, usual: 0, verified: 0 })
const pumped = (t: Tally): number => Math.max(0, t.lost - t.usual)
const clamp = (x: number, most: number): number => Math.max(-most, Math.min(most, x))

function add(t: Tally, { outcome, pLow }: Learned, takeBack: boolean): void {
  // what is genuine by label explains no losses: labels are not given in proportion
  const explained = (1 - pLow) / pLow
  if (outcome === 'lost' || outcome === 'fraud') {
    t.lost++
    if (!takeBack) return
    t.verified = Math.max(0, t.verified - 1)
    t.usual = Math.max(0, t.usual - explained)
    return
  }
  t.verified++
  if (outcome === 'verified') t.usual += explained
  if (takeBack) t.lost = Math.max(0, t.lost - 1)
}

function decay(t: Tally, by: number): void {
  t.lost *= by
  t.usual *= by
  t.verified *= by
}

/**
 * Weights of the signals, learned from one service's own matured sends:
 *
 *     log((pumped with x + k r1) / (pumped + k)) - log((verified with x + k r0) / (verified + k)),  log(r1 / r0) = start
 *
 * where `pumped` are the losses beyond the baseline: all losses would do in an attack, but on a quiet day they are
 * people's, and every weight would be learned away before it is needed. That a signal is rare among people does not
 * raise it over its start until pumped sends have shown it.
 */
export function createWeights(signals: readonly Signal[] = SIGNALS) {
  const index = new Map(signals.map((signal, i) => [signal.code, i]))
  const current = Float64Array.from(signals, (signal) => signal.start)
  const tallies = signals.map(tally)
  const outcomes = tally()
  const labels = tally()
  let hour: number | null = null

  function target(i: number): number {
    const signal = signals[i] as Signal
    const all = signal.learns === 'labels' ? labels : outcomes
    const x = tallies[i] as Tally
    const r1 = START_RATE
    const r0 = START_RATE * Math.exp(-signal.start)
    const seen = Math.min(pumped(x), pumped(all))
    const among = Math.log((seen + PSEUDO * r1) / (pumped(all) + PSEUDO))
    const people = Math.log((x.verified + PSEUDO * r0) / (all.verified + PSEUDO))
    return clamp(Math.min(among - people, signal.start + Math.log(1 + seen / RISE)), WEIGHT_LIMIT)
  }

  /** Once an hour every sum decays and every weight moves towards its target. */
  function advance(at: number): void {
    const now = Math.floor(at / HOUR)
    hour ??= now
    if (now <= hour) return
    const by = 0.5 ** (((now - hour) * HOUR) / HALF_LIFE_MS)
    // after a silence there is no catching up: one day's step at most
    const step = (MAX_STEP_PER_DAY / 24) * Math.min(24, now - hour)
    hour = now
    for (let i = 0; i < signals.length; i++) {
      const weight = current[i] as number
      current[i] = weight + clamp(target(i) - weight, step)
      decay(tallies[i] as Tally, by)
    }
    decay(outcomes, by)
    decay(labels, by)
  }

  return {
    /** A send matured, or was labelled. */
    observe(learned: Learned): void {
      if (learned.quarantined) return
      advance(learned.at)
      const byLabel = learned.outcome === 'fraud' || learned.outcome === 'genuine'
      if (byLabel) add(labels, learned, false)
      // a label also says what an outcome would, and more surely
      add(outcomes, learned, learned.late)
      for (const code of learned.present) {
        const i = index.get(code)
        if (i === undefined) continue
        const labelled = (signals[i] as Signal).learns === 'labels'
        if (labelled && !byLabel) continue
        add(tallies[i] as Tally, learned, learned.late && !labelled)
      }
    },

    /** Weight of a signal now, log-odds; 0 for a code nobody knows. */
    weight(code: string): number {
      const i = index.get(code)
      return i === undefined ? 0 : (current[i] as number)
    },

    /** All weights in the order of the signals, kept current: for `weigh`. */
    values: current as Readonly<ArrayLike<number>>,

    snapshot: (): WeightsSnapshot => ({
      hour,
      outcomes: { ...outcomes },
      labels: { ...labels },
      signals: signals.map((signal, i) => [
        signal.code,
        current[i] as number,
        { ...(tallies[i] as Tally) },
      ]),
    }),

    /** Signals unknown to the snapshot keep their start weight, codes unknown here are dropped. */
    restore(snapshot: WeightsSnapshot): void {
      hour = snapshot.hour
      Object.assign(outcomes, snapshot.outcomes)
      Object.assign(labels, snapshot.labels)
      for (const [code, weight, sums] of snapshot.signals) {
        const i = index.get(code)
        if (i === undefined) continue
        current[i] = clamp(weight, WEIGHT_LIMIT)
        tallies[i] = { ...sums }
      }
    },
  }
}

export type Weights = ReturnType<typeof createWeights>
