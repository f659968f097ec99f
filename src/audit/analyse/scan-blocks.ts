import { type ConversionLaw, logRatio, PUMPED } from '../../engine/detect/predictive.js'
import { askersOf } from './askers.js'
import type { Episode } from './episode.js'
import { upTo } from './season.js'
import { isKnown, SESSION } from './sessions.js'
import { surpriseOfCount } from './surprise-of-count.js'
import type { Traffic } from './traffic.js'

/** An attack brings so many times the usual where outcomes speak as well, and where nothing but counts does. */
const TIMES_WITH_OUTCOMES = 2
const TIMES_BY_COUNT = 8
const MOST_TIMES = 100
/** Below its highest by so many nats, a run is over where it was highest. */
const FALL = 8
/** Fewer sessions of one block are anybody's: at 20,000 sends a day no block reaches 8 unverified a day. */
export const LEAST_BY_COUNT = 8
/** Fewer say nothing by outcomes, nor beside what happens in other countries. */
export const LEAST = 4
/** So many times the people of a narrow range, and so many times their verifications, are not theirs. */
const TIMES_PEOPLE = 10
/**
 * Where outcomes do not say by so many standard errors that fewer verified, a count adds this much at most, nats: a busy
 * week that verifies is no attack.
 */
const DEVIATIONS = 4
const MOST_BY_COUNT = 6
/** Evidence under which an episode is not worth keeping, nats. */
export const FAINT = 5

export interface BlockScan {
  t: Traffic
  country: number
  block: number
  /** people of the country up to each bin, and the share of them usual in this block */
  clock: Float64Array
  share: number
  /** the same share, learned without a time in seconds */
  shareWithout: (from: number, to: number) => number
  /** sessions that an episode has at least, {@link LEAST} to {@link LEAST_BY_COUNT} */
  least: number
  /** null: the log has no outcomes here */
  usual: ConversionLaw | null
}

interface Run {
  first: number
  last: number
  llr: number
  best: number
  /** of the best, what the outcomes say */
  outcomes: number
}

/**
 * Runs in which a block had more sessions than usual and fewer of them verified: a CUSUM of the joint log-likelihood
 * ratio. Each session counts ln r for the rate and the predictive ratio for its outcome, each silence costs what it is
 * unlikely at r times the rate. Time runs by the country's people, so a campaign or a season surprises nobody.
 */
export function scanBlock(scan: BlockScan): Episode[] {
  const { t, block, clock, share, least, usual } = scan
  const from = t.start[block] as number
  const to = t.start[block + 1] as number
  if (to - from < least) return []
  const times = usual === null ? TIMES_BY_COUNT : TIMES_WITH_OUTCOMES
  const gain = Math.log(times)
  const found: Episode[] = []
  const run: Run = { first: -1, last: -1, llr: 0, best: 0, outcomes: 0 }
  let known = 0
  let verified = 0
  let outcomes = 0
  let before = 0

  const reset = (): void => {
    run.first = -1
    run.llr = 0
    run.best = 0
    known = 0
    verified = 0
    outcomes = 0
  }

  for (let i = from; i <= to; i++) {
    const now =
      i < to ? share * upTo(clock, t.second[i] as number, t.binS) : Number.POSITIVE_INFINITY
    if (run.first >= 0) run.llr -= (times - 1) * (now - before)
    if (run.first >= 0 && (run.llr <= 0 || run.llr < run.best - FALL)) {
      if (run.best >= FAINT && run.last - run.first + 1 >= least) {
        found.push(episodeOf(scan, trim(scan, run)))
        // what follows its highest point begins anew
        i = run.last
        before = share * upTo(clock, t.second[i] as number, t.binS)
        reset()
        continue
      }
      reset()
    }
    if (i === to) break
    before = now
    if (run.first < 0) run.first = i
    run.llr += gain
    const state = t.state[i] as number
    if (usual !== null && isKnown(state)) {
      const success = (state & SESSION.verified) !== 0
      const ratio = logRatio(success, verified, known, usual, PUMPED)
      run.llr += ratio
      outcomes += ratio
      known++
      if (success) verified++
    }
    if (run.llr <= 0) reset()
    else if (run.llr > run.best) {
      run.best = run.llr
      run.last = i
      run.outcomes = outcomes
    }
  }
  return found
}

/** A trimmed run keeps this share of its sessions, or it was not of one piece. */
const KEPT = 0.5
/** Of the rate it had over its whole length, the rate that its edges must have. */
const EDGE = 0.25

/**
 * Cuts off what hangs on a run by chance: somebody's code weeks before an attack is not its onset. The part that a
 * quarter of its mean rate explains best.
 */
function trim({ t, clock, share }: BlockScan, run: Run): Run {
  const at = (i: number): number => share * upTo(clock, t.second[i] as number, t.binS)
  const sessions = run.last - run.first + 1
  const people = at(run.last) - at(run.first)
  const times = EDGE * (sessions / Math.max(1e-6, people))
  if (times <= TIMES_WITH_OUTCOMES) return run
  const gain = Math.log(times)
  let score = 0
  let best = 0
  let first = run.first
  let kept = { first: run.first, last: run.last }
  let before = at(run.first)
  for (let i = run.first; i <= run.last; i++) {
    const now = at(i)
    score -= (times - 1) * (now - before)
    before = now
    if (score <= 0) {
      score = 0
      first = i
    }
    score += gain
    if (score > best) {
      best = score
      kept = { first, last: i }
    }
  }
  return kept.last - kept.first + 1 >= KEPT * sessions ? { ...run, ...kept } : run
}

function episodeOf(scan: BlockScan, run: Run): Episode {
  const { t, block, country, clock, share, usual } = scan
  const from = t.second[run.first] as number
  const to = t.second[run.last] as number
  const sessions = run.last - run.first + 1
  let verified = 0
  let known = 0
  let failed = 0
  for (let i = run.first; i <= run.last; i++) {
    const state = t.state[i] as number
    if (isKnown(state)) {
      known++
      if ((state & SESSION.verified) !== 0) verified++
    }
    if ((state & SESSION.failed) !== 0) failed++
  }
  const people = share * (upTo(clock, to + 1, t.binS) - upTo(clock, from, t.binS))
  const all = (t.start[block + 1] as number) - (t.start[block] as number)
  const base = {
    ...{ level: 'block' as const, place: block, country, from, to, sessions, verified, failed },
    ...{
      usual: people,
      added: 0,
      addedMoney: 0,
      probability: 0,
      kind: 'attack' as const,
      signs: [],
    },
  }
  if (usual === null) {
    const own = scan.shareWithout(from, to)
    const people = own * (upTo(clock, to + 1, t.binS) - upTo(clock, from, t.binS))
    const askers = askersOf(t, { from: run.first, to: run.last + 1 })
    const times = Math.min(MOST_TIMES, Math.max(TIMES_BY_COUNT, askers / Math.max(1e-6, people)))
    const llr = surpriseOfCount(askers, Math.max(1e-6, people), 0.5 + all - sessions, times)
    const excess = Math.max(0, sessions - people)
    return {
      ...base,
      usual: people,
      known: 0,
      expected: 0,
      excess,
      error: Math.sqrt(people + 0.25),
      llr,
    }
  }
  const lost = lostBeyond(sessions, known, verified, usual)
  const fewer = lost.excess > DEVIATIONS * lost.error
  const llr = fewer ? run.best : Math.min(run.best, run.outcomes + MOST_BY_COUNT)
  const judged = { ...base, known, ...lost, llr }
  const most = TIMES_PEOPLE * (people + 1)
  if (sessions < most || verified < most * usual.mean) return judged
  return { ...judged, entered: true, excess: Math.max(lost.excess, sessions - people) }
}

/**
 * Sessions lost beyond those that the verified ones explain, lost - verified (1 - p) / p, and their standard error: the
 * chance of so many people's losses, and what is not known of p (concentration of its law).
 */
export function lostBeyond(
  sessions: number,
  known: number,
  verified: number,
  { mean: p, concentration }: ConversionLaw,
): { expected: number; excess: number; error: number } {
  const all = known > 0 ? sessions / known : 1
  const explained = (verified * (1 - p)) / p
  const excess = Math.max(0, Math.min(known, known - verified - explained)) * all
  const chance = ((verified + 0.5) * (1 - p)) / (p * p)
  const unsure = (verified / (p * p)) ** 2 * ((p * (1 - p)) / (concentration + 1))
  return { expected: sessions * p, excess, error: all * Math.sqrt(chance + unsure) }
}
