import type { Random } from '../random.js'
import { BLOCK_DIGITS, type NumberRange, type RangeHolder } from './ranges.js'

/** Draws numbers of a country as its subscribers hold them. */
export interface Subscribers {
  number(random: Random): string
  blocks(n: number, random: Random): string[]
}

/**
 * Blocks of one range in use at most. Plans with several lengths reserve far more than anybody was given: Indonesia's
 * would hold 89 billion numbers for 350 million subscriptions.
 */
const BLOCKS_IN_USE = 1_000
/** Operators by size: shares fall with the rank (Zipf), as mobile markets do: about 45, 23, 15 % of three to five. */
const OPERATOR_SKEW = 1
/** Where leading digits stand for operators (area codes), shares fall more slowly. */
const AREA_SKEW = 0.5
/** Blocks of a range fill up from the lower end: the first half of them has 59 % of the people. */
const FILL_SKEW = 1.3

const inUse = (range: NumberRange): number =>
  Math.min(BLOCKS_IN_USE, 10 ** (range.open - BLOCK_DIGITS))

const padded = (value: number, digits: number): string => String(value).padStart(digits, '0')

const blockOf = ({ prefix, open }: NumberRange, index: number): string =>
  open === BLOCK_DIGITS ? prefix : prefix + padded(index, open - BLOCK_DIGITS)

/** The `nth` number of a block, or any. */
export function numberIn(block: string, random: Random, nth?: number): string {
  const size = 10 ** BLOCK_DIGITS
  return block + padded(nth === undefined ? random.below(size) : nth % size, BLOCK_DIGITS)
}

/** Running totals of weights, to draw by. */
export const totals = (weights: readonly number[]): Float64Array => {
  let sum = 0
  return Float64Array.from(weights, (weight) => {
    sum += weight
    return sum
  })
}

/** Index drawn in proportion to the weights behind `sums`. */
export function draw(sums: Float64Array, random: Random): number {
  const at = random.next() * (sums[sums.length - 1] ?? 0)
  let from = 0
  let to = sums.length - 1
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sums[middle] ?? 0) <= at) from = middle + 1
    else to = middle
  }
  return from
}

/** @param holders who holds ranges of the country, most blocks first; at least one */
export function createSubscribers(holders: readonly RangeHolder[]): Subscribers {
  const sizes = holders.map(({ ranges }) => ranges.reduce((sum, range) => sum + inUse(range), 0))
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const isNamed = ({ name }: RangeHolder): boolean => !/^\d+$/.test(name)
  const named = holders.reduce((sum, h, i) => sum + (isNamed(h) ? (sizes[i] ?? 0) : 0), 0)
  const byOperator = named > all / 2
  const skew = byOperator ? OPERATOR_SKEW : AREA_SKEW
  // Ranges that nobody is named for, in a country of named operators, are mostly for machines: they come last.
  const order = holders
    .map((holder, i) => ({ holder, size: sizes[i] ?? 0, last: byOperator && !isNamed(holder) }))
    .sort((a, b) => Number(a.last) - Number(b.last) || b.size - a.size)
  const sums = totals(order.map((_, rank) => (rank + 1) ** -skew))
  const held = order.map(({ holder: { ranges } }) => ({ ranges, sums: totals(ranges.map(inUse)) }))

  const blockIn = (i: number, random: Random): string => {
    const operator = held[i]
    const range = operator?.ranges[draw(operator.sums, random)]
    if (range === undefined) throw new RangeError('an operator without ranges')
    return blockOf(range, Math.floor(inUse(range) * random.next() ** FILL_SKEW))
  }

  return {
    number: (random) => numberIn(blockIn(draw(sums, random), random), random),
    blocks(n, random) {
      if (n > all / 2)
        throw new RangeError(`${n} blocks were asked for and the country has ${all} in use`)
      // One operator holds them, where it has enough: who shares in the fees is one company.
      const able = order.flatMap(({ size }, i) => (size >= 2 * n ? [i] : []))
      const one = able.length === 0 ? null : random.pick(able)
      const found = new Set<string>()
      while (found.size < n) found.add(blockIn(one ?? draw(sums, random), random))
      return [...found]
    },
  }
}
