import { DAY_S } from './season.js'
import { activeAt, activeSpan, type Stretch, type Traffic } from './traffic.js'

/** Units of time that a log is cut into to see how often a block is asked: days, or shorter in a short log. */
const UNITS = 30
/** A block can bring so many times the mean of its siblings, as the engine's density cap has it. */
const TIMES_DENSITY = 20
/** Siblings that the mean block of the whole log is worth. */
const PRIOR_BLOCKS = 30
/** Blocks that a country has at least, five million numbers, whatever few of them the log shows. */
const LEAST_BLOCKS = 500

/**
 * Part of a country's people that any block of it is owed. Where users are, an even one. Elsewhere whoever opens a country
 * has people from all over it, and whoever pumps it rents some blocks: the fewer are seen, the less is each owed.
 */
export function evenPart(blocks: number, inBase: boolean): number {
  const all = Math.max(LEAST_BLOCKS, blocks)
  return inBase ? 1 / all : Math.min(1, blocks / LEAST_BLOCKS) / all
}

export const unitOf = (t: Traffic): number =>
  Math.min(DAY_S, Math.max(900, Math.floor(activeSpan(t) / UNITS)))

/**
 * Sessions a unit of recorded time that each block usually brings, not moved by a burst: -ln(1 - share of units in which it was asked),
 * the rate of a Poisson process with such a share; of a block asked in most units the median.
 */
export function blockRates(t: Traffic, unit: number): Float32Array {
  const units = Math.max(1, Math.ceil(activeSpan(t) / unit))
  const counts = new Uint32Array(units)
  const rates = new Float32Array(t.start.length - 1)
  for (let block = 0; block < rates.length; block++) {
    const from = t.start[block] as number
    const to = t.start[block + 1] as number
    let active = 0
    let before = -1
    for (let i = from; i < to; i++) {
      const at = Math.floor(activeAt(t, t.second[i] as number) / unit)
      if (at !== before) active++
      before = at
    }
    if (active <= units / 2) {
      rates[block] = -Math.log(1 - active / units)
      continue
    }
    counts.fill(0)
    for (let i = from; i < to; i++) {
      const at = Math.floor(activeAt(t, t.second[i] as number) / unit)
      counts[at] = (counts[at] as number) + 1
    }
    counts.sort()
    rates[block] = counts[units >> 1] as number
  }
  return rates
}

/** What takes more of a log than this is usual in it: as with medians, an attack has to be the lesser part. */
const LESSER = 0.5

/**
 * {@link blockRates} of one block without a time in which it was perhaps attacked, so that an attack of many visits does
 * not pass for its own habit; `null` where that time is most of the log.
 * @param from s since the epoch of the traffic, as `to`, both inclusive
 */
export function rateWithout(
  t: Traffic,
  block: number,
  unit: number,
  from: number,
  to: number,
): number | null {
  const first = Math.floor(activeAt(t, from) / unit)
  const last = Math.floor(activeAt(t, to) / unit)
  const units = Math.max(1, Math.ceil(activeSpan(t) / unit))
  const left = units - (last - first + 1)
  if (left < LESSER * units) return null
  let active = 0
  let before = -1
  for (let i = t.start[block] as number; i < (t.start[block + 1] as number); i++) {
    const at = Math.floor(activeAt(t, t.second[i] as number) / unit)
    if (at !== before && (at < first || at > last)) active++
    before = at
  }
  return -Math.log(1 - active / (left + 1))
}

/** Most of a block's sessions came in the lesser part of the log: the middle half of them in a half of that. */
export function isGathered(t: Traffic, block: number): boolean {
  const { start, second } = t
  const active = (i: number): number => activeAt(t, second[i] as number)
  const from = start[block] as number
  const last = (start[block + 1] as number) - 1
  const quarter = (last - from) >> 2
  const middle = active(last - quarter) - active(from + quarter)
  return middle < (LESSER / 2) * activeSpan(t)
}

/** Mean rate of the blocks from one to another, shrunk to `above`. */
export function meanRate(rates: Float32Array, blocks: Stretch, above: number | null): number {
  let sum = 0
  for (let block = blocks.from; block < blocks.to; block++) sum += rates[block] as number
  const count = blocks.to - blocks.from
  if (above === null) return sum / Math.max(1, count)
  return (sum + PRIOR_BLOCKS * above) / (count + PRIOR_BLOCKS)
}

/**
 * Share of its country's people that a block is usually asked for: by how often it is asked, at most twenty times its
 * siblings, at least its part.
 * @param part of {@link evenPart}
 */
export function usualShare(
  own: number,
  mean: number,
  units: number,
  people: number,
  part: number,
): number {
  const sessions = Math.min(own, TIMES_DENSITY * mean) * units
  return Math.min(1, Math.max(sessions / Math.max(1, people), part))
}
