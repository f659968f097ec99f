import type { Episode } from './episode.js'
import type { Conversion, Profile } from './profile.js'
import { FAINT, lostBeyond } from './scan-blocks.js'
import { DAY_S, upTo } from './season.js'

/** A wide range under attack holds people too: a quarter less is verified at least, or it is the range's own wobble. */
const LEFT = 0.75
/** A baseline is not known better than this, and it moves by two of its deviations from day to day. */
const LEAST_WOBBLE = 0.0075
const DEVIATIONS = 2
const FALL = 10
/** Of the usual people fewer than this remain beside what was lost: nobody was verified and nobody more was asked. */
const PEOPLE_LEFT = 0.5
/** And hardly more were asked for: who gets no code comes back once. */
const MOST_IN_OUTAGE = 2
/** Outages end; what goes on for longer is no outage. */
const LONGEST_OUTAGE_S = 3 * DAY_S

export interface WideRange {
  level: 'operator' | 'country'
  place: number
  country: number
}

/** Times in which fewer of a wide range's sessions were verified than usual: attacks and outages. */
export function scanConversion(
  range: WideRange,
  profile: Profile,
  { p, wobble }: Conversion,
  binS: number,
): Episode[] {
  const { known, verified } = profile
  const usual = p - DEVIATIONS * Math.max(LEAST_WOBBLE, wobble)
  const success = Math.log(LEFT)
  const loss = Math.log((1 - LEFT * usual) / (1 - usual))
  const found: Episode[] = []
  let llr = 0
  let best = 0
  let first = -1
  let last = -1
  for (let bin = 0; bin <= known.length; bin++) {
    const s = verified[bin] ?? 0
    const n = known[bin] ?? 0
    if (bin < known.length) llr += s * success + (n - s) * loss
    const over = bin === known.length || llr <= 0 || llr < best - FALL
    if (over) {
      if (best >= FAINT) {
        const core = trim(profile, usual, first, last)
        found.push(episodeOf(range, profile, { p, wobble }, core.first, core.last, best, binS))
        bin = last
      }
      llr = 0
      best = 0
      first = -1
      continue
    }
    if (first < 0) first = bin
    if (llr > best) {
      best = llr
      last = bin
    }
  }
  return found
}

/** The part of a run that its own conversion explains best: a dull week before an attack is not its onset. */
function trim(
  { known, verified }: Profile,
  usual: number,
  from: number,
  to: number,
): { first: number; last: number } {
  let n = 0
  let s = 0
  for (let bin = from; bin <= to; bin++) {
    n += known[bin] as number
    s += verified[bin] as number
  }
  const own = Math.min(LEFT * usual, Math.max(0.01, s / Math.max(1, n)))
  const success = Math.log(own / usual)
  const loss = Math.log((1 - own) / (1 - usual))
  let score = 0
  let best = 0
  let first = from
  let kept = { first: from, last: to }
  for (let bin = from; bin <= to; bin++) {
    const hits = verified[bin] as number
    score += hits * success + ((known[bin] as number) - hits) * loss
    if (score <= 0) {
      score = 0
      first = bin + 1
    } else if (score > best) {
      best = score
      kept = { first, last: bin }
    }
  }
  return kept
}

function episodeOf(
  range: WideRange,
  profile: Profile,
  { p, wobble }: Conversion,
  first: number,
  last: number,
  llr: number,
  binS: number,
): Episode {
  let sessions = 0
  let known = 0
  let verified = 0
  for (let bin = first; bin <= last; bin++) {
    sessions += profile.people[bin] as number
    known += profile.known[bin] as number
    verified += profile.verified[bin] as number
  }
  const from = first * binS
  const to = (last + 1) * binS - 1
  const { until } = profile.season
  const usual = upTo(until, to + 1, binS) - upTo(until, from, binS)
  const concentration = (p * (1 - p)) / Math.max(LEAST_WOBBLE, wobble) ** 2
  const lost = lostBeyond(sessions, known, verified, { mean: p, concentration })
  const outage =
    to - from < LONGEST_OUTAGE_S &&
    sessions < MOST_IN_OUTAGE * usual &&
    sessions - lost.excess < PEOPLE_LEFT * usual
  return {
    ...range,
    ...{
      from,
      to,
      sessions,
      verified,
      known,
      failed: 0,
      usual,
      llr,
      added: 0,
      addedMoney: 0,
      probability: 0,
      signs: [],
    },
    ...lost,
    kind: outage ? 'outage' : 'attack',
  }
}
