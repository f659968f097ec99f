import { blockName } from '../analyse/places.js'
import { FOUND, type Judged } from '../defences/judged.js'
import type { Survey } from '../defences/survey.js'

/** A range that is attacked and of no use to people. */
export interface AttackedRange {
  /** E.164 prefix with a plus */
  prefix: string
  country: string
  messages: number
  /** of that, found to be pumped */
  found: number
  /** micro of the log's currency */
  foundMicro: number
  /** Unix ms of the last message that was found */
  lastAt: number
}

/** Pumped messages from which a range is worth an entry. */
const LISTED_FROM = 10
/** Messages of people there, of all: an entry refuses them too. */
const PEOPLE_SHARE = 0.02
const SUB_BLOCK_NUMBERS = 1_000

interface Sums {
  messages: number
  people: number
  found: number
  foundMicro: number
  lastAt: number
  /** any row of it */
  row: number
}

const newSums = (row: number): Sums => ({
  messages: 0,
  people: 0,
  found: 0,
  foundMicro: 0,
  lastAt: Number.NEGATIVE_INFINITY,
  row,
})

const isAttacked = ({ messages, people, found }: Sums): boolean =>
  found >= LISTED_FROM && people <= PEOPLE_SHARE * messages

/**
 * Ranges for a deny list, most money first: blocks of 10,000 numbers that hardly anybody but the attacker asks for, and
 * where people live in an attacked block those of its thousands in which they do not. Never wider than a block.
 */
export function attackedRanges(
  { log, places, prices }: Survey,
  { certainty, probability }: Judged,
): AttackedRange[] {
  const { number, masked, at } = log.columns
  const { blockOf, read, countryOf, countries } = places
  const found = new Uint32Array(read.blockKey.length)
  for (let row = 0; row < log.size; row++) {
    if ((certainty[row] as number) < FOUND) continue
    const block = blockOf[row] as number
    found[block] = (found[block] as number) + 1
  }
  const blocks = new Map<number, Sums>()
  const thousands = new Map<number, Sums>()
  const add = (of: Map<number, Sums>, key: number, row: number): void => {
    let sums = of.get(key)
    if (sums === undefined) {
      sums = newSums(row)
      of.set(key, sums)
    }
    sums.messages++
    sums.people += 1 - (probability[row] as number)
    if ((certainty[row] as number) < FOUND) return
    sums.found++
    sums.foundMicro += prices.billed(row)
    sums.lastAt = Math.max(sums.lastAt, at[row] as number)
  }
  for (let row = 0; row < log.size; row++) {
    const block = blockOf[row] as number
    // a prefix of masked digits is wider than a block
    if ((found[block] as number) < LISTED_FROM || (read.blockHidden[block] as number) > 0) continue
    add(blocks, block, row)
    if ((masked[row] as number) <= 3)
      add(thousands, Math.floor((number[row] as number) / SUB_BLOCK_NUMBERS), row)
  }
  const rangeOf = (prefix: string, block: number, sums: Sums): AttackedRange => ({
    prefix,
    country: countries[countryOf[block] as number] ?? '',
    messages: sums.messages,
    found: sums.found,
    foundMicro: sums.foundMicro,
    lastAt: sums.lastAt,
  })
  const ranges: AttackedRange[] = []
  for (const [block, sums] of blocks)
    if (isAttacked(sums)) ranges.push(rangeOf(blockName(read, block), block, sums))
  for (const [thousand, sums] of thousands) {
    const block = blockOf[sums.row] as number
    const whole = blocks.get(block)
    if (isAttacked(sums) && whole !== undefined && !isAttacked(whole))
      ranges.push(rangeOf(`+${thousand}`, block, sums))
  }
  return ranges.sort((a, b) => b.foundMicro - a.foundMicro || (a.prefix < b.prefix ? -1 : 1))
}
