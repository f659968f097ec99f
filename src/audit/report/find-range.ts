import { blockName } from '../analyse/places.js'
import type { RangeFinding } from '../audit-result.js'
import type { Places } from '../defences/places.js'
import type { MessageLog } from '../message-log.js'

const SUB_BLOCK_NUMBERS = 1_000
const LEVELS = ['subBlock', 'block', 'operator', 'country'] as const

/**
 * Tells of a row of the log in which of these ranges its number lies: the narrowest, -1 for none. The same tables of
 * places as those that found the ranges, so that both mean the same numbers.
 */
export function rangeFinder(
  { columns }: MessageLog,
  places: Places,
  ranges: readonly Pick<RangeFinding, 'level' | 'key'>[],
): (row: number) => number {
  const named = new Map(ranges.map(({ level, key }, i) => [`${level} ${key}`, i]))
  const wanted = new Set(ranges.map(({ level }) => level))
  const { read, blockOf, operatorOf, countryOf, operators, countries } = places
  const { number } = columns
  const ofBlock = new Int32Array(read.blockKey.length).fill(-1)
  for (let block = 0; block < ofBlock.length; block++) {
    const keys = {
      subBlock: '',
      block: wanted.has('block') ? blockName(read, block) : '',
      operator: operators[operatorOf[block] as number] ?? '',
      country: countries[countryOf[block] as number] ?? '',
    }
    for (const level of LEVELS) {
      const found = named.get(`${level} ${keys[level]}`)
      if (found === undefined) continue
      ofBlock[block] = found
      break
    }
  }
  const thousands = new Map(
    ranges.flatMap(({ level, key }, i) => (level === 'subBlock' ? [[Number(key), i]] : [])) as [
      number,
      number,
    ][],
  )
  return (row) => {
    const found =
      thousands.size === 0
        ? undefined
        : thousands.get(Math.floor((number[row] as number) / SUB_BLOCK_NUMBERS))
    return found ?? (ofBlock[blockOf[row] as number] as number)
  }
}
