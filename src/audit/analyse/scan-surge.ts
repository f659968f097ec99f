import { median } from '../../engine/median.js'
import type { Episode } from './episode.js'
import type { Profile } from './profile.js'
import type { WideRange } from './scan-conversion.js'
import { DAY_S } from './season.js'

/** Under half more than usual is a good day; and so many of its standard deviations are no chance. */
const TIMES = 1.5
const DEVIATIONS = 5
/** A surge of fewer sessions costs less than looking into it. */
const LEAST = 30
const MAD_TO_SD = 1.4826

/**
 * Days with far more sessions than usual, where nothing but counts is known. A surge is not fraud yet: what else speaks
 * for it is weighed by whoever asks.
 *
 * @param expected sessions per bin that were to be expected; for an operator, by what the others of its country had
 */
export function scanSurge(
  range: WideRange,
  { people }: Profile,
  expected: Float64Array,
  binS: number,
): Episode[] {
  const perDay = DAY_S / binS
  const days = Math.ceil(people.length / perDay)
  const counts = new Float64Array(days)
  const usual = new Float64Array(days)
  for (let bin = 0; bin < people.length; bin++) {
    const day = Math.floor(bin / perDay)
    counts[day] = (counts[day] as number) + (people[bin] as number)
    usual[day] = (usual[day] as number) + (expected[bin] as number)
  }
  const ratios: number[] = []
  for (let d = 0; d < days; d++) {
    if ((usual[d] as number) >= 10) ratios.push((counts[d] as number) / (usual[d] as number))
  }
  const spread = ratios.length > 4 ? MAD_TO_SD * median(ratios.map((x) => Math.abs(x - 1))) : 0.15
  const deviation = (u: number): number => Math.sqrt(u + 1 + (spread * u) ** 2)
  const isHot = (day: number): boolean => {
    const u = usual[day] as number
    const x = counts[day] as number
    return x > TIMES * u && x - u > Math.max(LEAST, DEVIATIONS * deviation(u))
  }
  const found: Episode[] = []
  for (let day = 0; day < days; day++) {
    if (!isHot(day)) continue
    let end = day
    while (end + 1 < days && isHot(end + 1)) end++
    found.push(episodeOf(range, people, expected, spread, day * perDay, (end + 1) * perDay, binS))
    day = end
  }
  return found
}

/** The part of the hot days in which it was: the stretch of bins that a raised rate explains best (Kadane). */
function episodeOf(
  range: WideRange,
  people: Float64Array,
  expected: Float64Array,
  spread: number,
  begin: number,
  end: number,
  binS: number,
): Episode {
  const last = Math.min(people.length, end)
  const total = (from: number, to: number, of: Float64Array): number => {
    let sum = 0
    for (let bin = from; bin < to; bin++) sum += of[bin] as number
    return sum
  }
  const all = total(begin, last, people) / Math.max(1, total(begin, last, expected))
  const times = Math.min(8, Math.max(1.3, all / 2))
  let llr = 0
  let first = begin
  let best = { llr: 0, from: begin, to: last - 1 }
  for (let bin = begin; bin < last; bin++) {
    llr += (people[bin] as number) * Math.log(times) - (times - 1) * (expected[bin] as number)
    if (llr <= 0) {
      llr = 0
      first = bin + 1
    } else if (llr > best.llr) best = { llr, from: first, to: bin }
  }
  const sessions = total(best.from, best.to + 1, people)
  const usual = total(best.from, best.to + 1, expected)
  return {
    ...range,
    ...{ from: best.from * binS, to: (best.to + 1) * binS - 1, sessions, usual, llr: best.llr },
    ...{
      verified: 0,
      known: 0,
      failed: 0,
      expected: 0,
      added: 0,
      addedMoney: 0,
      probability: 0,
      kind: 'attack',
      signs: [],
    },
    excess: Math.max(0, sessions - usual),
    error: Math.sqrt(usual + (spread * usual) ** 2),
  }
}
