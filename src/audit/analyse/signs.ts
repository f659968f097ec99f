import { ramp } from '../../engine/signals/ramp.js'
import { expectedNeighbours } from '../../engine/signals/sequential.js'
import type { Episode, Sign } from './episode.js'
import { BLOCK_NUMBERS } from './places.js'
import type { Profile } from './profile.js'
import { DAY_S } from './season.js'
import type { Stretch, Traffic } from './traffic.js'

/** Start weights of the engine's signals, log-odds; see `docs/reasons.md` and the signals themselves for their reasons. */
const WEIGHT = { sequential: 2.5, strided: 2.5, regular: 1, offPeak: 1.2, failed: 2, repeated: 1.5 }
/** Chance of neighbours, -ln: from here it speaks, and from here it is no chance any more. */
const SURPRISE = { from: 3, to: 10 }
/** So many of the steps from number to number are the same. */
const SAME_STEP = 0.6
/** A company's enrolment: at most so many numbers, in at most so long, and so many a minute: people hand out telephones. */
const ENROLMENT = { numbers: 1_000, seconds: 12 * 3_600, perMinute: 20 }
const MINUTE_S = 60
/** Of so many of the sessions the codes were entered: people are there, also where most of the log has no outcomes. */
const ENTERED = 0.5
const MIN_GAPS = 8
/** Share of the messages that are to a number sent to within the day before. */
const REPEATED = 0.3

const percent = (x: number): string => `${Math.round(100 * x)} %`

/** What the numbers of a block, asked for in an episode, look like. */
interface Numbers {
  distinct: number
  /** messages to a number that was sent to within the day before */
  again: number
  neighbours: number
  /** share of the most common step from one number to the next, and that step */
  commonShare: number
  step: number
}

function numbersOf(t: Traffic, { from, to }: Stretch): Numbers {
  const seen = new Uint8Array(BLOCK_NUMBERS)
  const askedAt = new Uint32Array(BLOCK_NUMBERS)
  const steps = new Map<number, number>()
  let distinct = 0
  let again = 0
  let common = 0
  let step = 0
  for (let i = from; i < to; i++) {
    const last = t.last[i] as number
    const second = t.second[i] as number
    if (seen[last] === 0) distinct++
    else if (second - (askedAt[last] as number) < DAY_S) again++
    seen[last] = 1
    askedAt[last] = second
    if (i === from) continue
    const by = last - (t.last[i - 1] as number)
    if (by === 0) continue
    const times = (steps.get(by) ?? 0) + 1
    steps.set(by, times)
    if (times > common) {
      common = times
      step = by
    }
  }
  let neighbours = 0
  for (let n = 1; n < BLOCK_NUMBERS; n++)
    neighbours += (seen[n] as number) & (seen[n - 1] as number)
  return { distinct, again, neighbours, commonShare: common / Math.max(1, to - from - 1), step }
}

function rhythmSigns(t: Traffic, { from, to }: Stretch): Sign[] {
  const n = to - from - 1
  if (n < MIN_GAPS) return []
  let sum = 0
  let squares = 0
  for (let i = from + 1; i < to; i++) {
    const gap = (t.second[i] as number) - (t.second[i - 1] as number)
    sum += gap
    squares += gap * gap
  }
  const mean = sum / n
  if (mean <= 1) return []
  const cv = Math.sqrt(Math.max(0, squares / n - mean * mean)) / mean
  const strength = cv > 0.6 ? 0 : ramp((1 - cv) * Math.sqrt(n), 2, 4)
  if (strength === 0) return []
  const sentence = `Requests came like clockwork: gaps of ${Math.round(mean)} s varied by ${percent(cv)}, where people's vary by 100 %.`
  return [{ logOdds: WEIGHT.regular * strength, sentence }]
}

/** Most sessions within a minute: by minutes, for many logs know no seconds. */
function busiestMinute(t: Traffic, { from, to }: Stretch): number {
  let most = 0
  for (let i = from, first = from; i < to; i++) {
    while ((t.second[i] as number) - (t.second[first] as number) >= MINUTE_S) first++
    most = Math.max(most, i - first + 1)
  }
  return most
}

/** Mean of the country's rhythm at the times of an episode over a flat one: people have 1.2 and more, a night 0.5. */
export function rhythmAt(t: Traffic, stretch: Stretch, profile: Profile): number {
  const { rhythm } = profile.season
  let sum = 0
  for (let i = stretch.from; i < stretch.to; i++) {
    const slot = Math.floor(((t.second[i] as number) % DAY_S) / t.binS)
    sum += (rhythm[slot] as number) * rhythm.length
  }
  return sum / Math.max(1, stretch.to - stretch.from)
}

export function offPeakSign(mean: number): Sign[] {
  const strength = ramp(-mean, -0.8, -0.4)
  if (strength === 0) return []
  const sentence = `It came when the country sleeps: at hours with ${percent(mean)} of its mean traffic.`
  return [{ logOdds: WEIGHT.offPeak * strength, sentence }]
}

export function failedSign(failed: number, sessions: number, usualShare: number): Sign[] {
  const usual = Math.max(0.005, usualShare)
  const share = failed / Math.max(1, sessions)
  const z = (failed - sessions * usual) / Math.sqrt(sessions * usual + 1)
  const strength = Math.min(ramp(z, 3, 8), ramp(share / usual, 2, 6))
  if (strength === 0) return []
  const sentence = `The provider reported ${percent(share)} as failed, where ${percent(usual)} is usual: numbers that nobody has.`
  return [{ logOdds: WEIGHT.failed * strength, sentence }]
}

/**
 * What speaks for an attack on a block besides its count; and whether a company's enrolment would look alike: the codes
 * were entered, or its numbers are side by side, in a country where people ask anyway, by day, no faster than people are.
 * @param isMarket the country is one of the user base
 */
export function blockSigns(
  t: Traffic,
  episode: Episode,
  stretch: Stretch,
  profile: Profile,
  isMarket: boolean,
): { signs: Sign[]; enrolment: boolean } {
  const signs: Sign[] = []
  const n = stretch.to - stretch.from
  const mean = rhythmAt(t, stretch, profile)
  let sequence = false
  let repeated = false
  if (!t.masked) {
    const numbers = numbersOf(t, stretch)
    const expected = expectedNeighbours(numbers.distinct)
    const surprise = numbers.neighbours * Math.log(numbers.neighbours / Math.max(1e-6, expected))
    const odd = numbers.neighbours > 2 * expected ? ramp(surprise, SURPRISE.from, SURPRISE.to) : 0
    sequence = odd > 0.5
    if (numbers.commonShare >= SAME_STEP && numbers.distinct >= 5) {
      sequence = true
      const sentence = `${percent(numbers.commonShare)} of the numbers came in steps of ${numbers.step}.`
      signs.push({ logOdds: WEIGHT.strided, sentence })
    } else if (odd > 0) {
      const sentence = `${numbers.neighbours} pairs of neighbouring numbers among ${numbers.distinct}, where chance brings ${expected.toFixed(1)}.`
      signs.push({ logOdds: WEIGHT.sequential * odd, sentence })
    }
    // sessions are ten minutes apart, so people hardly ever come again within a day; weeks later they do
    repeated = numbers.again > REPEATED * n
    if (repeated) {
      const sentence = `${n} messages to ${numbers.distinct} numbers.`
      signs.push({ logOdds: WEIGHT.repeated, sentence })
    }
  }
  const failing = failedSign(episode.failed, n, profile.failedShare)
  const clockwork = rhythmSigns(t, stretch)
  signs.push(...clockwork, ...offPeakSign(mean), ...failing)
  const short = episode.to - episode.from <= ENROLMENT.seconds && n <= ENROLMENT.numbers
  // whoever hands out telephones is no clock
  const human =
    clockwork.length === 0 &&
    busiestMinute(t, stretch) <= ENROLMENT.perMinute &&
    mean >= 0.7 &&
    failing.length === 0
  const day = Math.floor(episode.from / DAY_S)
  const atHome = isMarket || (profile.season.level[day] as number) > 0
  const entered = episode.verified >= ENTERED * n
  const enrolment = entered || (sequence && short && !repeated && human && atHome)
  return { signs, enrolment }
}

/** Sessions of a block between two times. */
export function within(t: Traffic, block: number, from: number, to: number): Stretch {
  const begin = t.start[block] as number
  const end = t.start[block + 1] as number
  let low = begin
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if ((t.second[middle] as number) < from) low = middle + 1
    else high = middle
  }
  let last = low
  high = end
  while (last < high) {
    const middle = (last + high) >> 1
    if ((t.second[middle] as number) <= to) last = middle + 1
    else high = middle
  }
  return { from: low, to: last }
}
